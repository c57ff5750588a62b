import { expect, test } from 'vitest'
import { createMemoryStore } from '../../../../src/siibra/retrieval/stores/memory-store.ts'
import type { Store } from '../../../../src/siibra/retrieval/stores/store.ts'
import {
  createLimiter,
  withConcurrencyLimit,
} from '../../../../src/siibra/retrieval/wrappers/with-concurrency-limit.ts'
import { withMaxBytes } from '../../../../src/siibra/retrieval/wrappers/with-max-bytes.ts'
import { withSingleFlight } from '../../../../src/siibra/retrieval/wrappers/with-single-flight.ts'
import { withTimeLimit } from '../../../../src/siibra/retrieval/wrappers/with-time-limit.ts'

const BYTES = Uint8Array.from([1, 2, 3])

test.each<[string, (store: Store) => Store]>([
  ['withConcurrencyLimit', (store) => withConcurrencyLimit(store, createLimiter(1))],
  ['withMaxBytes', (store) => withMaxBytes(store, 10)],
  ['withSingleFlight', withSingleFlight],
  ['withTimeLimit', (store) => withTimeLimit(store, 60_000)],
])('%s asks a store what it can be asked, and nothing else', async (_, wrap) => {
  const whole = createMemoryStore(new Map([['a', BYTES]]))
  const simple = wrap({ get: whole.get })
  expect(await simple.get('a')).toEqual(BYTES)
  expect([simple.getRange, simple.stat]).toEqual([undefined, undefined])
  const able = wrap(whole)
  expect(await able.getRange?.('a', { offset: 1, length: 2 })).toEqual(BYTES.subarray(1))
  expect(await able.stat?.('a')).toEqual({ sizeBytes: 3 })
})
