/** Without a clone: `npx` runs the packed program in a fresh folder. It takes a registry (SIIBRA_TEST_NPM=1, .ci/run). */
import { spawnSync } from 'node:child_process'
import { cpSync, existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { afterAll, expect, test, vi } from 'vitest'
import { pack } from './package.ts'

vi.setConfig({ testTimeout: 300_000 })

const FOLDER = mkdtempSync(join(tmpdir(), 'siibra-api-npx-'))
afterAll(() => rmSync(FOLDER, { recursive: true, force: true, maxRetries: 3 }))

test.runIf(process.env.SIIBRA_TEST_NPM === '1')('npx imports an atlas and finds nothing wrong with it', () => {
  const tarball = pack(FOLDER)
  cpSync(join(import.meta.dirname, '../fixtures/import/regional-values/source'), join(FOLDER, 'files'), {
    recursive: true,
  })
  const npx = (...args: string[]) => {
    const { status, stdout, stderr } = spawnSync(
      'npx',
      ['--yes', '--prefer-offline', `./${basename(tarball)}`, ...args],
      {
        cwd: FOLDER,
        env: { ...process.env, SIIBRA_USE_CONFIGURATION: 'my-atlas', SIIBRA_CACHEDIR: join(FOLDER, 'cache') },
        encoding: 'utf8',
      },
    )
    expect(status, stderr).toBe(0)
    return stdout + stderr
  }
  expect(npx('import', 'files', '--out', 'my-atlas', '--yes')).toMatch(/6 regions of 6 labels/)
  expect(existsSync(join(FOLDER, 'my-atlas/IMPORT.md'))).toBe(true)
  npx('validate', 'my-atlas', '--fetch')
  expect(npx('get', '/atlases', '--json')).toMatch(/"total":1\b/)
})
