import { expect, it } from 'vitest'
import { createFolderStore } from '../../../../src/siibra/retrieval/stores/folder-store.ts'

const store = createFolderStore(import.meta.dirname)

it.each(['../retrieval/stores.test.ts', '/etc/passwd', 'a/../../retrieval/stores.test.ts', 'a\0b', '..'])(
  'names nothing outside of its folder: %j',
  async (key) => {
    expect(await store.get(key)).toBeUndefined()
    expect(await store.stat!(key)).toBeUndefined()
  },
)

it('has nothing at names that are too long', async () => {
  expect(await store.get('x'.repeat(300))).toBeUndefined()
  expect(await store.get('x/'.repeat(5000))).toBeUndefined()
})
