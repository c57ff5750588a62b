import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { createDiskCache } from '../../../../src/siibra/retrieval/cache/disk-cache.ts'
import { withWriteBehind } from '../../../../src/siibra/retrieval/wrappers/with-write-behind.ts'
import { untilTrue } from '../../../until.ts'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'siibra-api-write-behind-'))
})
afterEach(() => rmSync(folder, { recursive: true }))

const openDisk = () => createDiskCache({ folder, maxBytes: 1e9 })
const bytes = Uint8Array.from([1, 2, 3, 4, 5])

test('what was written can be read at once, and is on disk a little later', async () => {
  const disk = openDisk()
  const patient = withWriteBehind(disk, { quietMs: 600_000, maxWaitMs: 600_000 })
  await patient.write('b', bytes)
  expect(await disk.read('b')).toBeUndefined()
  expect((await patient.read('b'))?.bytes).toEqual(bytes)
  await patient.settle()
  const cache = withWriteBehind(disk, { quietMs: 20 })
  await cache.write('a', bytes)
  expect((await cache.read('a'))?.bytes).toEqual(bytes)
  expect((await cache.readRange('a', { offset: 1, length: 2 }))?.bytes).toEqual(bytes.subarray(1, 3))
  await expect(cache.read('a', 4)).rejects.toMatchObject({ code: 'BAD_DATA' })
  await untilTrue(async () => (await disk.read('a')) !== undefined)
  expect((await disk.read('a'))?.bytes).toEqual(bytes)
  expect((await cache.read('a'))?.bytes).toEqual(bytes)
})

test('the last of several writes of a key counts, and what is deleted is gone', async () => {
  const disk = openDisk()
  const cache = withWriteBehind(disk)
  await cache.write('a', new Uint8Array([9]))
  await cache.write('a', bytes)
  await cache.write('b', bytes)
  await cache.delete('b')
  await cache.settle()
  expect((await disk.read('a'))?.bytes).toEqual(bytes)
  expect(await cache.read('b')).toBeUndefined()
})

test('writes that never pause are written all the same', async () => {
  const disk = openDisk()
  const cache = withWriteBehind(disk, { quietMs: 600_000, maxWaitMs: 30 })
  for (let i = 0; i < 10_000 && (await disk.read('0')) === undefined; i++) {
    await cache.write(String(i), bytes)
    await delay(5)
  }
  expect((await disk.read('0'))?.bytes).toEqual(bytes)
  await cache.settle()
})

test('with too much waiting, whoever writes waits', async () => {
  const disk = openDisk()
  const cache = withWriteBehind(disk, { maxWaitingBytes: 12 })
  await cache.write('a', bytes)
  await cache.write('b', bytes)
  expect(await disk.read('a')).toBeUndefined()
  await cache.write('c', bytes)
  expect((await disk.read('a'))?.bytes).toEqual(bytes)
})
