import { expect, test } from 'vitest'
import { createMemoryStore } from '../../../../src/siibra/retrieval/stores/memory-store.ts'
import { createMounts } from '../../../../src/siibra/retrieval/stores/mounts.ts'

const bytes = Uint8Array.from([1, 2, 3])
const memory = (key: string) => createMemoryStore(new Map([[key, bytes]]))

test('stores are mounted under names of their own', () => {
  const mounts = createMounts()
  expect(['my files', 'my-files', 'my!files', '', 'files'].map((name) => mounts.mount(name, memory('x')))).toEqual([
    'configuration://my-files/',
    'configuration://my-files-2/',
    'configuration://my-files-3/',
    'configuration://files/',
    'configuration://files-2/',
  ])
})

/** All that can be asked of an address. */
async function ask(store: ReturnType<ReturnType<typeof createMounts>['before']>, address: string) {
  const range = { offset: 1, length: 2 }
  return [await store.get(address), await store.getRange?.(address, range), await store.stat?.(address)]
}

test('what has their addresses is asked of them, all else of others', async () => {
  const mounts = createMounts()
  mounts.mount('own', memory('a/b'))
  const whole = memory('/c')
  mounts.mount('whole', { get: whole.get })
  const there = [bytes, bytes.subarray(1), { sizeBytes: 3 }]
  const nothing = [undefined, undefined, undefined]
  for (const others of [memory('http://x/y'), { get: memory('http://x/y').get }]) {
    const store = mounts.before(others)
    expect(await ask(store, 'configuration://own/a/b')).toEqual(there)
    expect(await ask(store, 'configuration://own/b')).toEqual(nothing)
    expect(await ask(store, 'configuration://whole//c')).toEqual(there)
    expect(await ask(store, 'configuration://whole/d')).toEqual(nothing)
    expect(await ask(store, 'configuration://none/a/b')).toEqual(nothing)
    expect(await ask(store, 'configuration://own')).toEqual(nothing)
    expect(await ask(store, 'http://x/y')).toEqual(there)
    expect(await ask(store, 'http://x/z')).toEqual(nothing)
  }
  mounts.mount('root', memory(''))
  expect(await mounts.before(memory('x')).get('configuration://root')).toEqual(bytes)
})
