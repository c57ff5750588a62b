import { createHash } from 'node:crypto'
import { readdirSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { collectAnswer, MAX_ANSWER_BYTES, tooLarge } from '../../../src/tasks/answer/large-answers.ts'
import { temporaryFolder } from '../../temporary-folder.ts'

const chunks = (...texts: string[]) => texts.map((text) => Buffer.from(text))
const etagOf = (text: string) => `"${createHash('sha1').update(text).digest('base64url')}"`

describe('in memory', () => {
  test('an answer of one piece is that piece, of several all of them', async () => {
    const [one] = chunks('abc') as [Buffer]
    expect((await collectAnswer([one])).body).toBe(one)
    const { body, etag, file } = await collectAnswer(chunks('abc', 'd', 'ef'))
    expect([Buffer.from(body).toString(), etag, file]).toEqual(['abcdef', etagOf('abcdef'), undefined])
  })

  test('it has so many bytes, and no more', async () => {
    expect(MAX_ANSWER_BYTES).toBe(268_435_456)
    expect((await collectAnswer(chunks('abc', 'd'), { maxBytes: 4 })).body).toHaveLength(4)
    await expect(collectAnswer(chunks('abc', 'd'), { maxBytes: 3 })).rejects.toEqual(tooLarge(3))
  })
})

describe('in a folder', () => {
  test('what is small stays in memory', async () => {
    const folder = temporaryFolder()
    expect((await collectAnswer(chunks('abc'), { folder })).file).toBeUndefined()
    const { file, body } = await collectAnswer(chunks('abc', 'd'), { folder, spillBytes: 4 })
    expect([file, body.byteLength, readdirSync(folder)]).toEqual([undefined, 4, []])
  })

  test('what is larger is a file, made with its folder', async () => {
    const folder = join(temporaryFolder(), 'not', 'there')
    const { file, body, etag } = await collectAnswer(chunks('abc', 'de', 'f'), { folder, spillBytes: 4, maxBytes: 1 })
    expect([body.byteLength, file?.bytes, etag]).toEqual([0, 6, etagOf('abcdef')])
    expect(readdirSync(folder)).toEqual([file?.name])
    expect(readFileSync(join(folder, file?.name ?? ''), 'utf8')).toBe('abcdef')
  })

  test('what is too large leaves nothing, whoever has removed its file meanwhile', async () => {
    const folder = temporaryFolder()
    const options = { folder, spillBytes: 1, maxFileBytes: 4 }
    expect((await collectAnswer(chunks('ab', 'cd'), options)).file?.bytes).toBe(4)
    await expect(collectAnswer(chunks('ab', 'cd', 'e'), options)).rejects.toEqual(tooLarge(4))
    expect(readdirSync(folder)).toHaveLength(1)
    function* emptied() {
      yield* chunks('ab', 'cd')
      for (const name of readdirSync(folder)) rmSync(join(folder, name))
      yield* chunks('e')
    }
    await expect(collectAnswer(emptied(), options)).rejects.toEqual(tooLarge(4))
  })

  test('where there is no room, it is not begun', async () => {
    const folder = temporaryFolder()
    const asked = collectAnswer(chunks('ab'), { folder, spillBytes: 1, maxFolderBytes: 0 })
    await expect(asked).rejects.toMatchObject({ code: 'UNAVAILABLE', details: { retryAfterS: 60 } })
    expect(readdirSync(folder)).toEqual([])
  })
})
