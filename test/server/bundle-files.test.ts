import { createHash } from 'node:crypto'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { expect, test } from 'vitest'
import { openBundleFile } from '../../src/server/bundle-files.ts'
import { temporaryFolder } from '../temporary-folder.ts'

const MIB = 2 ** 20
const sha256Of = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex')

function bundle(size: number) {
  const path = join(temporaryFolder(), 'bundle')
  const bytes = Buffer.alloc(size, 'abcdefg')
  writeFileSync(path, bytes)
  return { path, bytes, sha256: sha256Of(bytes) }
}

test('a small bundle is read at once, if it is what was written', async () => {
  const { path, bytes, sha256 } = bundle(MIB)
  const source = await openBundleFile(path, { bytes: MIB, sha256 })
  const part = await source?.read(1, 3)
  expect(part instanceof Uint8Array && Buffer.from(part).toString()).toBe('bcd')
  expect(sha256Of((await source?.read(0, MIB - 1)) as Uint8Array)).toBe(sha256Of(bytes))
  expect(source?.bytes).toBe(MIB)
  expect(await openBundleFile(path, { bytes: MIB, sha256: undefined })).toBeDefined()
  expect(await openBundleFile(path, { bytes: MIB, sha256: sha256Of(Buffer.from('other')) })).toBeUndefined()
  expect(await openBundleFile(path, { bytes: MIB - 1, sha256 })).toBeUndefined()
  expect(await openBundleFile(`${path}-none`, { bytes: MIB, sha256 })).toBeUndefined()
})

test('a larger one is a stream, by its size alone', async () => {
  const { path } = bundle(MIB + 1)
  const source = await openBundleFile(path, { bytes: MIB + 1, sha256: 'other' })
  const part = await source?.read(MIB - 1, MIB)
  expect(part instanceof Readable && Buffer.concat(await part.toArray())).toEqual(
    Buffer.from('abcdefg'.repeat(MIB / 7 + 1)).subarray(MIB - 1, MIB + 1),
  )
})
