import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { startTestApp, type TestApp } from '../app.ts'
import { temporaryFolder } from '../temporary-folder.ts'
import { runCommand } from './run-command.ts'

let app: TestApp
let url: string
beforeAll(async () => {
  app = await startTestApp()
  url = await app.listen()
})
afterAll(() => app.close())

describe.each([
  ['in process', () => [] as string[]],
  ['from a service', () => ['--url', `${url}/v3_0/`]],
])('%s', (_, where) => {
  test('a listing, laid out for people and in one line for programs', async () => {
    const { code, out } = await runCommand(['get', 'atlases', ...where()])
    expect(code).toBeUndefined()
    expect(JSON.parse(out)).toMatchObject({ total: 2 })
    expect(out).toMatch(/^{\n {2}"items"/)
    expect((await runCommand(['get', '/v3_0/atlases', '--json', ...where()])).out).toMatch(/^{"items".*}\n$/)
  })

  test('parameters are encoded, forms chosen', async () => {
    const args = ['-p', 'parcellation_id=Harbour v2', '-p', 'find=bow lobe', '-f', 'csv', ...where()]
    const { out } = await runCommand(['get', '/regions?leaf=false', ...args])
    expect(out.split('\n')[1]).toMatch(/bow lobe/)
  })

  test('a file is written, and told on standard error', async () => {
    const file = join(temporaryFolder(), 'map.nii.gz')
    const args = ['-p', 'parcellation_id=Harbour v2', '-p', 'space_id=Demo mean', '-o', file, ...where()]
    const { out, err } = await runCommand(['get', '/map/labelled_map.nii.gz', ...args])
    expect(out).toBe('')
    expect(err).toMatch(/map\.nii\.gz: \d+ bytes \(application\/octet-stream\)\n$/)
    expect(gunzipSync(readFileSync(file)).readInt32LE(0)).toBe(348)
  })

  test('a body is sent', async () => {
    const file = join(temporaryFolder(), 'points.json')
    writeFileSync(file, JSON.stringify({ points: [[-20, 44, -5]] }))
    const args = ['-p', 'target_space_id=Demo mean', '--data', file, ...where()]
    expect(JSON.parse((await runCommand(['get', '/spaces/Demo mean/warp', ...args])).out)).toMatchObject({
      points: [[-20, 44, -5]],
    })
  })

  test.each([
    [['get', '/atlases/none'], 3, 'NOT_FOUND'],
    [['get', '/atlases', '-p', 'size=1000'], 2, 'INVALID_PARAMETER'],
    [['get', '/atlases', '-p', 'size'], 2, 'INVALID_PARAMETER'],
    [['get', '/atlases', '--data', '/nowhere/at/all'], 2, 'INVALID_PARAMETER'],
  ])('%j exits with %i', async (args, exitCode, kind) => {
    const { code, out, err } = await runCommand([...args, '--json', ...where()])
    expect({ code, out }).toEqual({ code: exitCode, out: '' })
    expect(JSON.parse(err)).toMatchObject({ error: true, code: kind, exit_code: exitCode })
  })
})

test('on a terminal a bar is drawn and taken away, without colours', async () => {
  const args = [
    '-p',
    'parcellation_id=Harbour v2',
    '-p',
    'other_parcellation_id=Harbour v1',
    '-p',
    'space_id=Demo mean',
  ]
  const { code, out, err } = await runCommand(['get', '/map/overlap', ...args], { isTerminal: true })
  expect(code, err).toBeUndefined()
  expect(JSON.parse(out)).toHaveProperty('columns')
  expect(err.replaceAll(/\r[^\r]*/g, '')).toBe('')
  expect(err).not.toContain('\u001b')
})

test('a service that is not there is worth another attempt: 4', async () => {
  const { code, err } = await runCommand(['get', '/atlases', '--url', 'http://127.0.0.1:1'])
  expect(code).toBe(4)
  expect(err).toMatch(/^http:\/\/127\.0\.0\.1:1 does not answer: .+\n$/)
  expect((await runCommand(['get', '/atlases', '--url', 'here'])).code).toBe(2)
})
