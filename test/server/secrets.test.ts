/** Credentials in the URLs of settings work, and are told to nobody; nor are addresses and folders of the machine. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { startTestApp, type TestApp } from '../app.ts'
import { startServer } from '../siibra/retrieval/http-stand-in.ts'
import { zipFolder } from '../zip-folder.ts'

const EXAMPLE = join(import.meta.dirname, '..', '..', 'docs', 'examples', 'own-atlas')
const SECRET = 's3cr@t/word'
const MAP = '/v3_0/map/labelled_map.nii.gz?parcellation_id=Pebble%20v1&space_id=Pebble%20template'

const USER = 'pebblekeeper'

let app: TestApp
let host: Awaited<ReturnType<typeof startServer>>
let isAway = true
const cacheDir = mkdtempSync(join(tmpdir(), 'siibra-api-secrets-'))

beforeAll(async () => {
  const archive = await zipFolder(join(EXAMPLE, 'configuration'))
  const expected = `Basic ${Buffer.from(`${USER}:${SECRET}`).toString('base64')}`
  host = await startServer((request, response) => {
    const { pathname } = new URL(request.url ?? '/', 'http://host')
    if (request.headers.authorization !== expected) response.writeHead(401).end()
    else if (pathname === '/configuration.zip') response.end(archive)
    // a status that is not asked for again
    else if (isAway) response.writeHead(403).end()
    else {
      try {
        response.end(readFileSync(join(EXAMPLE, pathname)))
      } catch {
        response.writeHead(404).end()
      }
    }
  })
  const base = host.base.replace('//', `//${USER}:${encodeURIComponent(SECRET)}@`)
  app = await startTestApp({
    configuration: `${base}/configuration.zip?token=t0ken`,
    mirror: `${base}/mirror`,
    isOffline: false,
    remapProviders: [['https://', 'http://127.0.0.1:9/']],
    cacheDir,
  })
})
afterAll(async () => {
  await app.close()
  await host.close()
  rmSync(cacheDir, { recursive: true, force: true })
})

function expectNoSecrets(text: string) {
  for (const secret of [SECRET, encodeURIComponent(SECRET), 't0ken', `${USER}:`, '127.0.0.1', cacheDir, EXAMPLE])
    expect(text).not.toContain(secret)
}

test('a failing source is told without its credentials and its address', async () => {
  const answer = await app.get(MAP)
  expect(answer.status).toBe(503)
  const text = new TextDecoder().decode(answer.bytes)
  expectNoSecrets(text)
  expect(text).toContain('my-lab.example/')
})

test.each(['/about', '/readyz', '/status.json', '/', '/v3_0/openapi.json', '/metrics'])(
  '%s tells none',
  async (path) => {
    const answer = await app.get(path)
    expect(answer.status).toBe(200)
    expectNoSecrets(new TextDecoder().decode(answer.bytes))
  },
)

test('they go on working, as basic authentication', async () => {
  isAway = false
  await expect.poll(async () => (await app.get(MAP)).status, { timeout: 60_000, interval: 500 }).toBe(200)
}, 60_000)
