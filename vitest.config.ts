import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    testTimeout: 20_000,
    hookTimeout: 60_000,
    maxWorkers: 2,
    // Faults of processes and brokers are timed; a busy CI machine gets a second try, people do not.
    retry: process.env.CI ? 2 : 0,
    reporters: ['default', ['json', { outputFile: '.cache/vitest.json' }]],
  },
})
