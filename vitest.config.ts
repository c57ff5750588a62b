import { join } from 'node:path'
import { defineConfig } from 'vitest/config'

export default defineConfig({
  // the sources of the client, as the page is built with them
  resolve: {
    alias: { '@siibra-api/client': join(import.meta.dirname, 'clients/typescript/src/index.ts') },
  },
  test: {
    globalSetup: ['test/built/installed-folder.ts'],
    include: ['test/**/*.test.ts'],
    // Watchdogs, for tests that can never succeed: how long one takes is up to the machine.
    testTimeout: 180_000,
    hookTimeout: 180_000,
    // one more than the cores of the smallest machine: many tests wait for processes of theirs
    maxWorkers: 3,
    reporters: ['default', ['json', { outputFile: '.cache/vitest.json' }]],
  },
})
