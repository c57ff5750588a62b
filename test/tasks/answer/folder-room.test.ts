import { readdirSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeEach, expect, it } from 'vitest'
import { makeRoom } from '../../../src/tasks/answer/folder-room.ts'
import { temporaryFolder } from '../../temporary-folder.ts'

const NOW = Date.now()
const OLD_MS = 3_600_000
let folder: string
beforeEach(() => {
  folder = temporaryFolder()
})

function leave(name: string, bytes: number, ageMs: number): void {
  const path = join(folder, name)
  writeFileSync(path, Buffer.alloc(bytes))
  utimesSync(path, (NOW - ageMs) / 1000, (NOW - ageMs) / 1000)
}

it('removes the oldest bundles, as many as it takes', async () => {
  leave('atlas-download-a.zip', 100, OLD_MS)
  leave('atlas-download-b.zip', 100, 3 * OLD_MS)
  leave('atlas-download-c.zip', 100, 2 * OLD_MS)
  await makeRoom(folder, 201, NOW)
  expect(readdirSync(folder)).toEqual(['atlas-download-a.zip', 'atlas-download-c.zip'])
})

it('leaves what is in use, and what is not ours, and says that there is no room', async () => {
  const names = ['atlas-download-x.zip', 'atlas-download-y.zip.part', 'siibra-api-answer-1', 'siibra-api-body-1']
  for (const name of names) leave(name, 100, name.includes('x.zip') ? 1000 : OLD_MS)
  leave('someone-elses.zip', 1000, OLD_MS)
  await makeRoom(folder, 401, NOW)
  await expect(makeRoom(folder, 400, NOW)).rejects.toMatchObject({ code: 'UNAVAILABLE', details: { retryAfterS: 60 } })
  expect(readdirSync(folder).length).toBe(5)
})

it('takes a bundle as fetched after ten minutes, and one that is gone as gone', async () => {
  symlinkSync(join(folder, 'nowhere'), join(folder, 'atlas-download-gone.zip'))
  leave('atlas-download-a.zip', 100, 599_999)
  await expect(makeRoom(folder, 100, NOW)).rejects.toMatchObject({ code: 'UNAVAILABLE' })
  await makeRoom(folder, 100, NOW + 1)
  expect(readdirSync(folder)).toEqual(['atlas-download-gone.zip'])
})

it('has room in a folder that is not there yet', async () => {
  await expect(makeRoom(join(folder, 'none'), 1)).resolves.toBeUndefined()
})
