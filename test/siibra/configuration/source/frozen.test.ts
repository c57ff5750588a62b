import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { fingerprintOf } from '../../../../src/siibra/configuration/fingerprint.ts'
import { type ConfigurationFiles, configurationFolder } from '../../../../src/siibra/configuration/source/files.ts'
import { freezeFiles, thawFiles } from '../../../../src/siibra/configuration/source/frozen.ts'

let folder: string
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'siibra-api-frozen-'))
  mkdirSync(join(folder, 'maps'))
  mkdirSync(join(folder, 'volumes/labels.zarr'), { recursive: true })
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

function write(text: string): void {
  for (const path of ['maps/a.json', 'volumes/small.nii', 'volumes/labels.zarr/.zarray']) {
    writeFileSync(join(folder, path), text)
  }
  writeFileSync(join(folder, 'volumes/large.nii'), text.repeat(1000))
}

const textOf = (bytes: Uint8Array | undefined) => bytes && new TextDecoder().decode(bytes)
const data = async (files: ConfigurationFiles, path: string) => textOf(await files.data?.get(path))

test('what was frozen stays as it was; what is too large is read where it lies', async () => {
  write('before')
  const files = configurationFolder(folder)
  const print = await fingerprintOf([files])
  // as a thread gets it
  const frozen = thawFiles(structuredClone(await freezeFiles(files, 'before'.length)))
  expect(frozen.folder).toBe(folder)
  expect(await fingerprintOf([frozen])).toBe(print)
  write('after')
  writeFileSync(join(folder, 'maps/b.json'), 'new')
  expect(await frozen.list()).toEqual(['maps/a.json'])
  expect(textOf(await frozen.read('maps/a.json'))).toBe('before')
  expect(() => frozen.read('maps/b.json')).toThrow('maps/b.json')
  expect(await data(frozen, 'maps/a.json')).toBe('before')
  expect(await data(frozen, 'volumes/small.nii')).toBe('before')
  expect(textOf(await frozen.data?.getRange?.('volumes/small.nii', { offset: 1, length: 2 }))).toBe('ef')
  expect(await frozen.data?.stat?.('volumes/small.nii')).toEqual({ sizeBytes: 6 })
  expect(await data(frozen, 'volumes/large.nii')).toMatch(/^afterafter/)
  expect(await data(frozen, 'volumes/labels.zarr/.zarray')).toBe('after')
  expect(await data(frozen, 'volumes')).toBeUndefined()
  expect(await data(frozen, '../x')).toBeUndefined()
  expect(await fingerprintOf([configurationFolder(folder)])).not.toBe(print)
})

test('bytes are copies in memory that is not shared', async () => {
  write('before')
  const all = await freezeFiles(configurationFolder(folder))
  expect([all.data.length, all.outside]).toEqual([2, []])
  const frozen = thawFiles(all)
  const bytes = await frozen.read('maps/a.json')
  expect(bytes.buffer).toBeInstanceOf(ArrayBuffer)
  bytes.fill(0)
  expect(textOf(await frozen.read('maps/a.json'))).toBe('before')
})

test('files lie whole in blocks of shared memory, however large they are', async () => {
  const texts: Record<string, string> = { 'a.json': 'a'.repeat(700_000), 'b.json': 'b'.repeat(700_000), 'c.json': 'c' }
  texts['d.json'] = 'd'.repeat(3_000_000)
  texts['e.json'] = ''
  const list = async () => Object.keys(texts)
  const read = (path: string) => new TextEncoder().encode(texts[path])
  const frozen = await freezeFiles({ source: 'memory', commit: null, list, read })
  expect(frozen.blocks.map(({ byteLength }) => byteLength)).toEqual([1024 ** 2, 1024 ** 2, 3_000_000])
  const thawed = thawFiles(structuredClone(frozen))
  expect(thawed).not.toHaveProperty('folder')
  for (const [path, text] of Object.entries(texts)) expect(textOf(await thawed.read(path))).toBe(text)
})
