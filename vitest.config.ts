import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    globalSetup: ['test/built/installed-folder.ts'],
    include: ['test/**/*.test.ts'],
    // Watchdogs, for tests that can never succeed: how long one takes is up to the machine.
    testTimeout: 180_000,
    hookTimeout: 180_000,
    maxWorkers: 2,
    reporters: ['default', ['json', { outputFile: '.cache/vitest.json' }]],
  },
})
