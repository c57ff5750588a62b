import { createHash } from 'node:crypto'
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { openStoredFile } from '../../src/dispatch/queue/long-tasks/files.ts'
import type { ObjectStorage } from '../../src/downloads/object-storage.ts'
import { MAX_ANSWER_BYTES } from '../../src/tasks/answer/large-answers.ts'
import type { TaskResult } from '../../src/tasks/task.ts'
import { deliverAnswer, discardAnswer } from '../../src/worker/deliver-answer.ts'
import { deliverFile } from '../../src/worker/deliver-file.ts'
import { fetchBody, forgetBody } from '../../src/worker/fetch-body.ts'
import { FakeRedis } from '../dispatch/fake-redis.ts'

const scope = { version: '1.2.3', namespace: 'test' }
const NAME = 'siibra-api-answer-1'
const BODY = 'siibra-api-body-1'
let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'siibra-api-deliveries-'))
})
afterEach(() => rm(folder, { recursive: true }))

const answer = (bytes = 4): TaskResult => ({
  ok: true,
  status: 200,
  contentType: 'text/csv',
  headers: {},
  etag: '"x"',
  body: new Uint8Array(),
  file: { name: NAME, bytes },
})

/** An object storage in memory: of it only what is used here. */
function createStorage(objects: Record<string, string> = {}): ObjectStorage & { objects: Record<string, string> } {
  return {
    objects,
    put: async (name: string, path: string) => {
      objects[name] = `${await readFile(path)}`
    },
    bytesOf: async (name: string) => objects[name]?.length,
    read: async (name: string, from: number, to: number) =>
      Readable.from([Buffer.from(objects[name] ?? '').subarray(from, to + 1)]),
    remove: async (name: string) => void delete objects[name],
  } as unknown as ObjectStorage & { objects: Record<string, string> }
}

describe('an answer that is a file', () => {
  test('goes to the storage where there is one, and from here', async () => {
    await writeFile(join(folder, NAME), 'rows')
    const storage = createStorage()
    expect(await deliverAnswer(answer(), { folder, folderMarker: 'm', storage })).toEqual(answer())
    expect([storage.objects, await readdir(folder)]).toEqual([{ [NAME]: 'rows' }, []])
  })

  test('stays where its server sees the folder', async () => {
    await writeFile(join(folder, NAME), 'rows')
    await writeFile(join(folder, 'marker'), '')
    expect(await deliverAnswer(answer(), { folder, folderMarker: 'marker' })).toEqual(answer())
    expect((await readdir(folder)).length).toBe(2)
  })

  test.each([undefined, 'of another folder'])('else it takes its bytes with it (marker: %s)', async (folderMarker) => {
    await writeFile(join(folder, NAME), 'rows')
    const delivered = await deliverAnswer(answer(), { folder, folderMarker })
    expect(delivered.ok && `${delivered.body}`).toBe('rows')
    expect(delivered).not.toHaveProperty('file')
    expect(await readdir(folder)).toEqual([])
  })

  test('unless it is larger than a result may be', async () => {
    await writeFile(join(folder, NAME), 'rows')
    expect(await deliverAnswer(answer(MAX_ANSWER_BYTES), { folder, folderMarker: undefined })).toMatchObject({
      ok: true,
    })
    await writeFile(join(folder, NAME), 'rows')
    const refused = await deliverAnswer(answer(MAX_ANSWER_BYTES + 1), { folder, folderMarker: undefined })
    expect(refused).toMatchObject({
      ok: false,
      code: 'INVALID_PARAMETER',
      message: expect.stringContaining('SIIBRA_API_SHARED_DIR'),
    })
    expect(await readdir(folder)).toEqual([])
  })

  test('that cannot be brought away is a failure, and goes; one that has gone by itself is none', async () => {
    await writeFile(join(folder, NAME), 'rows')
    const storage = { ...createStorage(), put: () => Promise.reject(new Error('full')) }
    expect(await deliverAnswer(answer(), { folder, folderMarker: undefined, storage })).toMatchObject({ ok: false })
    expect(await readdir(folder)).toEqual([])
    const moving = { ...createStorage(), put: async (_: string, path: string) => rm(path) }
    await writeFile(join(folder, NAME), 'rows')
    expect(await deliverAnswer(answer(), { folder, folderMarker: undefined, storage: moving })).toEqual(answer())
  })

  test('that nobody waits for goes; others have nothing to go', async () => {
    await writeFile(join(folder, NAME), 'rows')
    const { file: _, ...plain } = answer() as TaskResult & { ok: true }
    await discardAnswer(plain, folder)
    expect(await deliverAnswer(plain, { folder, folderMarker: undefined })).toBe(plain)
    expect(await readdir(folder)).toEqual([NAME])
    await discardAnswer(answer(), folder)
    await discardAnswer(answer(), folder)
    expect(await readdir(folder)).toEqual([])
  })
})

describe('a bundle', () => {
  const bundle = 'atlas-download-1.zip'
  const result = (file: unknown = bundle, more: object = {}) =>
    ({
      ...answer(),
      file: undefined,
      contentType: 'application/json',
      body: Buffer.from(JSON.stringify({ file })),
      ...more,
    }) as TaskResult
  const deliver = (folderMarker?: string, storage?: ObjectStorage, of = result()) => {
    const results = new FakeRedis()
    return deliverFile(results.redis, scope, { id: 'core-1', folderMarker, folder, result: of }, { storage }).then(
      async () => (await openStoredFile(results.redis, scope, 'core-1'))?.bytes,
    )
  }
  beforeEach(() => writeFile(join(folder, bundle), 'zipped'))

  test('goes to the storage, stays in a shared folder, or goes to the result backend', async () => {
    await writeFile(join(folder, 'marker'), '')
    expect([await deliver('marker'), await readdir(folder)]).toEqual([undefined, [bundle, 'marker']])
    const storage = createStorage()
    expect(await deliver('marker', storage)).toBeUndefined()
    expect([storage.objects, await readdir(folder)]).toEqual([{ [bundle]: 'zipped' }, ['marker']])
    for (const marker of [undefined, 'of another folder']) {
      await writeFile(join(folder, bundle), 'zipped')
      expect([await deliver(marker), await readdir(folder)]).toEqual([6, ['marker']])
    }
  })

  test.each([
    ['another file', result('../etc/passwd')],
    ['no file', result(7)],
    ['no JSON', result(bundle, { contentType: 'text/plain' })],
    ['null', result(bundle, { body: Buffer.from('null') })],
    ['a failure', { ok: false, code: 'INTERNAL', message: '' } as TaskResult],
  ])('is not what is named by %s', async (_, of) => {
    expect(await deliver(undefined, undefined, of)).toBeUndefined()
    expect(await readdir(folder)).toEqual([bundle])
  })
})

describe('a body', () => {
  const sha256 = createHash('sha256').update('sent').digest('hex')
  const bodyAt = (place: object, bytes = 4) =>
    ({ mediaType: 'a/b', sha256, bytes, place }) as Parameters<typeof fetchBody>[0]
  const sources = (storage?: ObjectStorage) =>
    ({ results: new FakeRedis().redis, scope, queue: 'core', folder, storage }) as const
  const object = bodyAt({ kind: 'object', name: BODY })

  test('in the storage is brought here, and goes in both places when its task has ended', async () => {
    const storage = createStorage({ [BODY]: 'sent' })
    const { body, remove } = await fetchBody(object, sources(storage))
    const name = body.place.kind === 'file' ? body.place.name : ''
    expect(`${await readFile(join(folder, name))}`).toBe('sent')
    await remove(false)
    expect([await readdir(folder), storage.objects]).toEqual([[], { [BODY]: 'sent' }])
    // also where somebody else has removed the copy
    await remove(true)
    expect(storage.objects).toEqual({})
  })

  test('in the storage that is gone, another, or of a worker without one is told', async () => {
    await expect(fetchBody(object, sources())).rejects.toThrow('SIIBRA_API_S3_URL')
    await expect(fetchBody(object, sources(createStorage()))).rejects.toThrow('is gone')
    for (const text of ['send', 'sen'])
      await expect(fetchBody(object, sources(createStorage({ [BODY]: text })))).rejects.toThrow('is another')
    expect(await readdir(folder)).toEqual([])
  })

  test('in the folder is left to who reads it, is compared by its size, and goes in the end', async () => {
    const body = bodyAt({ kind: 'file', name: BODY })
    const missing = await fetchBody(body, sources())
    expect(missing.body).toBe(body)
    await writeFile(join(folder, BODY), 'send')
    const { remove } = await fetchBody(body, sources())
    await remove(false)
    expect(await readdir(folder)).toEqual([BODY])
    await remove(true)
    expect(await readdir(folder)).toEqual([])
    await writeFile(join(folder, BODY), 'longer')
    await expect(fetchBody(body, sources())).rejects.toThrow('is another')
  })

  test('is forgotten only where bodies are', async () => {
    await writeFile(join(folder, 'other'), '')
    await forgetBody(bodyAt({ kind: 'file', name: 'other' }), sources())
    const inline = bodyAt({ kind: 'inline', base64: '', name: 'other' })
    await forgetBody(inline, sources())
    await forgetBody(object, sources())
    expect(await readdir(folder)).toEqual(['other'])
    expect((await fetchBody(inline, sources())).body).toBe(inline)
  })
})
