/** A configuration that is edited while it is served: until the signal, all threads of a generation hold what the first of them has read. */
import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { createGenerations, type ReloadableThreads } from '../../../src/dispatch/threads/generations.ts'
import type { CoreSettings } from '../../../src/dispatch/threads/thread-messages.ts'
import { createThreadsDispatcher } from '../../../src/dispatch/threads/threads.ts'
import { mapQueues } from '../../../src/tasks/queues.ts'
import { bundleEntry } from '../../bundle-entry.ts'
import { createTask, textOf } from '../conformance.ts'

const { folder, entry } = bundleEntry(join(import.meta.dirname, 'core-thread-entry.ts'))

const atlas = join(folder, 'atlas')

function edit(edition: string): void {
  const files = {
    parcellations: {
      '@id': 'p',
      '@type': 'siibra/parcellation/v0.0.1',
      name: edition,
      species: 'Homo sapiens',
      regions: [],
    },
    features: { '@type': 'siibra/feature/regionalvalues/v0.1', name: `values of ${edition}` },
  }
  for (const [kind, spec] of Object.entries(files)) {
    mkdirSync(join(atlas, kind), { recursive: true })
    writeFileSync(join(atlas, kind, 'one.json'), JSON.stringify(spec))
  }
}

let threads: ReloadableThreads
beforeEach(async () => {
  edit('first')
  const core: CoreSettings = {
    configuration: atlas,
    localSnapshotDir: undefined,
    mirror: undefined,
    isOffline: true,
    cacheDir: folder,
    diskCacheBytes: 2 ** 20,
    volumeCacheBytes: 2 ** 20,
    maxDecodedBytes: 2 ** 20,
    remapProviders: [],
  }
  const create = () =>
    createThreadsDispatcher({
      entry: pathToFileURL(entry),
      threads: mapQueues(() => 1),
      maxWaiting: 100,
      sharedDir: folder,
      core: () => core,
    })
  threads = createGenerations({ create })
  await threads.start()
})
afterEach(() => threads.close(0))

const namesIn = async (queue: 'core' | 'features' | 'volumes', isHeavy = false) =>
  JSON.parse(
    textOf(await threads.run(createTask('names', { queue, isHeavy, now: performance.now() }, { queue, isHeavy }))),
  )

const FIRST = ['first', 'values of first']
const SECOND = ['second', 'values of second']

test('threads that start after an edit hold what the others hold, those in place of dead ones, too', async () => {
  expect(await namesIn('core')).toEqual(FIRST)
  edit('second')
  // these have not been there before
  expect(await namesIn('features')).toEqual(FIRST)
  expect(await namesIn('volumes', true)).toEqual(FIRST)
  // nor this one
  expect(await threads.run(createTask('crash'))).toMatchObject({ ok: false })
  expect(await namesIn('core')).toEqual(FIRST)
})

test('also where the configuration has been taken away', async () => {
  rmSync(atlas, { recursive: true })
  expect(await threads.run(createTask('crash'))).toMatchObject({ ok: false })
  expect(await namesIn('core')).toEqual(FIRST)
  expect(await namesIn('features')).toEqual(FIRST)
  await expect(threads.reload()).rejects.toThrow('neither a folder nor an archive')
  expect(await namesIn('volumes')).toEqual(FIRST)
})

test('a reload brings the edit to all of them, whether they are there or not', async () => {
  edit('second')
  expect(await namesIn('features')).toEqual(FIRST)
  expect(await threads.reload()).toBe(true)
  edit('third')
  for (const queue of ['core', 'features', 'volumes'] as const) expect(await namesIn(queue)).toEqual(SECOND)
  expect(await threads.run(createTask('crash'))).toMatchObject({ ok: false })
  expect(await namesIn('core')).toEqual(SECOND)
})
