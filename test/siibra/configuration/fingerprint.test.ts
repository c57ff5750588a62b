import { expect, test } from 'vitest'
import { fingerprintOf } from '../../../src/siibra/configuration/fingerprint.ts'
import type { ConfigurationFiles } from '../../../src/siibra/configuration/source/files.ts'

const filesOf = (contents: Record<string, string>): ConfigurationFiles => ({
  source: 'test',
  commit: null,
  list: async () => Object.keys(contents),
  read: (path) => new TextEncoder().encode(contents[path]),
})
const of = (contents: Record<string, string>) => fingerprintOf([filesOf(contents)])

test('depends on paths and contents, not on the order in which files are listed', async () => {
  const print = await of({ 'a.json': '1', 'b.json': '23' })
  expect(print).toMatch(/^[0-9a-f]{16}$/)
  expect(await of({ 'b.json': '23', 'a.json': '1' })).toBe(print)
  const others: Record<string, string>[] = [
    { 'a.json': '1', 'b.json': '24' },
    { 'a.json': '1', 'c.json': '23' },
    { 'a.json': '12', 'b.json': '3' },
    { 'a.json': '1' },
  ]
  for (const other of others) expect(await of(other)).not.toBe(print)
})

test('pauses between files', async () => {
  let pauses = 0
  await fingerprintOf([filesOf({ 'a.json': '1', 'b.json': '2' })], async () => void pauses++)
  expect(pauses).toBe(2)
})

test('depends on the data beside the configuration', async () => {
  const withVolume = (voxels: string): ConfigurationFiles => ({
    ...filesOf({ 'a.json': '1' }),
    listData: async () => ['volumes/a.nii'],
    data: { get: async () => new TextEncoder().encode(voxels) },
  })
  expect(await fingerprintOf([withVolume('1')])).not.toBe(await fingerprintOf([withVolume('2')]))
})
