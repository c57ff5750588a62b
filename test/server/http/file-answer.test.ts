import { existsSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { expect, test } from 'vitest'
import type { ObjectStorage } from '../../../src/downloads/object-storage.ts'
import { createFileAnswers } from '../../../src/server/http/file-answer.ts'
import { temporaryFolder } from '../../temporary-folder.ts'
import { errorOf } from '../fake-app.ts'

const resultOf = (name: string, bytes: number) => ({
  ok: true as const,
  status: 200,
  contentType: 'text/csv',
  headers: { 'x-siibra-note': 'n' },
  body: new Uint8Array(),
  file: { name, bytes },
  etag: '"e"',
})

test('a file is sent to all who asked for it, and goes; who comes later is told so', async () => {
  const folder = temporaryFolder()
  const name = 'siibra-api-answer-1'
  writeFileSync(join(folder, name), Buffer.alloc(2 ** 20, 'abc'))
  const files = createFileAnswers(folder, undefined, 20)
  const answers = await Promise.all([1, 2].map(() => files.send(resultOf(name, 2 ** 20))))
  await expect.poll(() => existsSync(join(folder, name))).toBe(false)
  for (const { status, headers, body } of answers) {
    expect([status, headers.includes('x-siibra-note'), headers.includes(String(2 ** 20))]).toEqual([200, true, true])
    const read = Buffer.concat(await (body as Readable).toArray())
    expect(read.equals(Buffer.alloc(2 ** 20, 'abc'))).toBe(true)
  }
  const late = await files.send(resultOf(name, 2 ** 20))
  expect([late.status, errorOf(String(late.body)).code]).toEqual([503, 'UNAVAILABLE'])
})

test('nothing but an answer is ever sent', async () => {
  const folder = temporaryFolder()
  writeFileSync(join(folder, 'secret'), 'x')
  const { status } = await createFileAnswers(folder).send(resultOf('secret', 1))
  expect([status, existsSync(join(folder, 'secret'))]).toEqual([503, true])
})

test('what lies in no folder is read from the storage, all of it, where it is there', async () => {
  const name = 'siibra-api-answer-1'
  const reads: unknown[][] = []
  const storageWith = (bytes: number | undefined) => {
    const read = async (...asked: unknown[]) => {
      reads.push(asked)
      return Readable.from(['abc'])
    }
    // all of a storage that is asked
    return { bytesOf: async () => bytes, read } as Partial<ObjectStorage> as ObjectStorage
  }
  const send = (bytes: number | undefined) =>
    createFileAnswers(temporaryFolder(), storageWith(bytes)).send(resultOf(name, 3))
  const { status, body } = await send(3)
  expect([status, String((await (body as Readable).toArray()).join(''))]).toEqual([200, 'abc'])
  expect((await send(undefined)).status).toBe(503)
  expect(reads).toEqual([[name, 0, 2]])
})
