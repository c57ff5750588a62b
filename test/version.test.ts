import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { deploymentVersion, PACKAGE_VERSION, resolveApiVersion } from '../src/version.ts'
import { temporaryFolder } from './temporary-folder.ts'

function folderUnderGit(): string {
  const folder = temporaryFolder()
  mkdirSync(join(folder, '.git'))
  writeFileSync(join(folder, '.git', 'HEAD'), '0123456789abcdef0123456789abcdef01234567\n')
  return folder
}

test('answers carry what is set, else the commit of the configuration, else the version of the package', () => {
  const configuration = folderUnderGit()
  expect(resolveApiVersion({ version: '0.3.33', configuration })).toBe('0.3.33')
  expect(resolveApiVersion({ version: undefined, configuration })).toBe('c.012345')
  expect(resolveApiVersion({ version: undefined, configuration: undefined })).toBe(PACKAGE_VERSION)
})

test('queues and caches are named after the build, whatever answers say', () => {
  expect(deploymentVersion({ configuration: folderUnderGit() })).toBe('c.012345-source')
  expect(deploymentVersion({ configuration: undefined })).toBe(`${PACKAGE_VERSION}-source`)
})
