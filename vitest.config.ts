import { join } from 'node:path'
import { defineConfig } from 'vitest/config'
import { bundledPackages } from './test/bundled-packages.ts'

/** Folders whose files share their processes: a module is evaluated once in each, which halves the CPU time of small files. */
const FOLDERS = 'data-handlers|downloads|import|mirror|platform|server|siibra|tables|tasks|validate'
/** Of these folders, what needs a process of its own, because of what it changes there or finds there. */
const ALONE = [
  // modules are replaced
  'test/server/cache/redis.test.ts',
  'test/siibra/retrieval/cache/disk-cache-pieces.test.ts',
  'test/siibra/retrieval/wrappers/with-retry.test.ts',
  'test/siibra/volumes/stream/byte-reader-documented.test.ts',
  // time is replaced
  'test/data-handlers/features-include.test.ts',
  'test/server/cache/memory.test.ts',
  'test/siibra/maps/sparse/load-sparse-index.test.ts',
  'test/siibra/retrieval/cache/disk-cache.test.ts',
  'test/siibra/retrieval/wrappers/with-circuit-breaker.test.ts',
  'test/siibra/retrieval/wrappers/with-disk-cache-ages.test.ts',
  'test/siibra/retrieval/wrappers/with-timeout.test.ts',
  'test/siibra/retrieval/wrappers/with-write-behind-times.test.ts',
  // modules are looked at as they are before anybody has used them
  'test/platform/disclosure.test.ts',
  'test/siibra/features/data/plain-matrix.test.ts',
  // whole atlases are held
  'test/data-handlers/volumes/every-map.test.ts',
  'test/siibra/features/walk.test.ts',
]
/** Whole real atlases, pages in a browser, and the packed program in all its forms: `npm run test:long`, part of `.ci/run`. `npm test` leaves them out. */
const LONG = 'test/**/*.long.test.ts'
const HAS_PACKAGE = ['test/built/installed-folder.ts']

export default defineConfig({
  // the sources of the client, as the page is built with them; packages in few files
  resolve: {
    alias: [
      { find: '@siibra-api/client', replacement: join(import.meta.dirname, 'clients/typescript/src/index.ts') },
      ...bundledPackages(),
    ],
  },
  test: {
    // Watchdogs, for tests that can never succeed: how long one takes is up to the machine.
    testTimeout: 180_000,
    hookTimeout: 180_000,
    // twice the cores of the smallest machine: those of queues and processes wait for most of their time
    maxWorkers: 4,
    // what a file was turned into is read by each process itself, also by those of the next run, which takes a fifth less CPU time
    experimental: { fsModuleCache: true },
    // what is waited for has mostly come in a few milliseconds
    expect: { poll: { interval: 5 } },
    reporters: ['default', ['json', { outputFile: '.cache/vitest.json' }]],
    // they begin in this order, which is that of their names: what takes long comes first, and many short files fill the end
    projects: [
      {
        extends: true,
        test: {
          name: 'alone',
          include: ['test/*.test.ts', `test/!(${FOLDERS})/**/*.test.ts`, ...ALONE],
          exclude: [LONG],
          globalSetup: HAS_PACKAGE,
        },
      },
      {
        extends: true,
        test: {
          name: 'together',
          include: [`test/@(${FOLDERS})/**/*.test.ts`],
          exclude: [...ALONE, LONG],
          isolate: false,
        },
      },
      { extends: true, test: { name: 'long', include: [LONG], globalSetup: HAS_PACKAGE } },
    ],
  },
})
