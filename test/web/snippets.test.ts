import { execFile, spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type ShownRequest, siibraCode, snippetsFor } from '../../web/src/how/snippets.ts'
import { startTestApp, type TestApp } from '../app.ts'

const run = promisify(execFile)
const hasRequests = spawnSync('python3', ['-c', 'import requests']).status === 0
const PLACE =
  'parcellation_id=siibra-api%2Fdemo%2Fparcellation%2Fharbour-2&space_id=siibra-api%2Fdemo%2Fspace%2Fharbour-mean'
const NAME = 'Area%20B1%20(Bow)%20left'

let app: TestApp
let base: string
const folder = mkdtempSync(join(tmpdir(), 'siibra-snippets-'))

beforeAll(async () => {
  app = await startTestApp()
  base = `${await app.listen()}/v3_0`
  writeFileSync(join(folder, "it's points.csv"), 'x,y,z\n-14,48,-5\n')
})
afterAll(async () => {
  await app.close()
  rmSync(folder, { recursive: true })
})

const region = (): ShownRequest => ({ what: 'a region', url: `${base}/regions/${NAME}?${PLACE}` })
const mask = (): ShownRequest => ({
  what: 'a mask',
  url: `${base}/map/labelled_map.nii.gz?${PLACE}&region_id=${NAME}`,
  file: 'mask.nii.gz',
})
const points = (): ShownRequest => ({
  what: 'points',
  url: `${base}/map/assign?${PLACE}&assignment_type=labelled`,
  sends: { file: "it's points.csv", mediaType: 'text/csv' },
})

const codeOf = (request: ShownRequest, language: string) =>
  snippetsFor(request).find((one) => one.language === language)?.code ?? ''
const shell = async (code: string) => (await run('bash', ['-c', code], { cwd: folder })).stdout
const node = async (code: string) =>
  (await run(process.execPath, ['--input-type=module', '-e', code], { cwd: folder })).stdout

describe('the code behind a view', () => {
  it('runs in a shell', async () => {
    expect(JSON.parse(await shell(codeOf(region(), 'curl'))).name).toBe('Area B1 (Bow) left')
    await shell(codeOf(mask(), 'curl'))
    expect(readFileSync(join(folder, 'mask.nii.gz'))[0]).toBe(0x1f)
    expect(await shell(codeOf(points(), 'curl'))).toContain('Area B1 (Bow) left')
  })

  it('runs in JavaScript', async () => {
    expect(await node(codeOf(region(), 'JavaScript'))).toContain('Area B1 (Bow) left')
    expect(await node(codeOf(points(), 'JavaScript'))).toContain('Area B1 (Bow) left')
  })

  it.skipIf(!hasRequests)('runs in Python', async () => {
    const python = async (code: string) => (await run('python3', ['-c', code], { cwd: folder })).stdout
    expect(await python(codeOf(region(), 'Python'))).toContain('Area B1 (Bow) left')
    expect(await python(codeOf(points(), 'Python'))).toContain('Area B1 (Bow) left')
  })

  it('names repeated parameters once, with all values', () => {
    const url = `${base}/map/clusters?stat_threshold=1&parcellation_ids=a&parcellation_ids=b`
    expect(codeOf({ what: '', url }, 'Python')).toContain('"parcellation_ids": ["a", "b"]')
    expect(codeOf({ what: '', url }, 'R')).toContain('parcellation_ids = c("a", "b"),\n  .multi = "explode"')
  })

  it('has siibra-python where the service can write it', async () => {
    expect(await siibraCode(region())).toContain('siibra.get_region(')
    expect(await siibraCode(points())).toBeUndefined()
  })
})
