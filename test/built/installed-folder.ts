/** Before and after all tests: the folder in which the packed program is installed by the first test file that needs it. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TestProject } from 'vitest/node'

declare module 'vitest' {
  interface ProvidedContext {
    installedFolder: string
  }
}

/** It lies outside of the clone: packages that are there for development only must not be found from it. */
export default function makeInstalledFolder(project: TestProject) {
  const folder = mkdtempSync(join(tmpdir(), 'siibra-api-installed-'))
  project.provide('installedFolder', folder)
  return () => rmSync(folder, { recursive: true, force: true, maxRetries: 3 })
}
