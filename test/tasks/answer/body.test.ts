import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import Type from 'typebox'
import { beforeEach, describe, expect, test } from 'vitest'
import {
  type BodyPlace,
  bodyOf,
  MAX_INLINE_BYTES,
  parseJsonBody,
  readBody,
  streamBody,
  streamOf,
  textOf,
} from '../../../src/tasks/answer/body.ts'
import { temporaryFolder } from '../../temporary-folder.ts'

const body = (bytes: string | Uint8Array) => ({ mediaType: 'application/json', bytes: Buffer.from(bytes) })
const at = (place: BodyPlace) => ({ mediaType: 'text/csv', sha256: '', bytes: 3, place })
const NAME = 'siibra-api-body-1'

describe('where the bytes of a body come from', () => {
  let folder: string
  beforeEach(() => {
    folder = temporaryFolder()
    for (const name of [NAME, 'somebody-elses']) writeFileSync(join(folder, name), 'x,y')
  })
  const streamed = (place: BodyPlace) => text(streamBody(at(place), folder).chunks())

  test.each([
    ['the task', { kind: 'inline', base64: 'eCx5' }],
    ['a file', { kind: 'file', name: NAME }],
  ] as [string, BodyPlace][])('%s, whole and piece by piece', async (_, place) => {
    expect(await readBody(at(place), folder)).toEqual({ mediaType: 'text/csv', bytes: Buffer.from('x,y') })
    expect(await streamed(place)).toBe('x,y')
  })

  test.each([
    { kind: 'file', name: 'siibra-api-body-2' },
    { kind: 'file', name: 'somebody-elses' },
    { kind: 'file', name: `../${NAME}` },
    { kind: 'object', name: NAME },
  ] as BodyPlace[])('%j is none: the request may be sent again', async (place) => {
    const gone = { code: 'UNAVAILABLE', details: { retryAfterS: 1 } }
    await expect(readBody(at(place), folder)).rejects.toMatchObject(gone)
    await expect(streamed(place)).rejects.toMatchObject(gone)
  })

  test('a handler without one is a fault of this service', async () => {
    await expect(bodyOf({})).rejects.toThrow('has no body')
    expect(() => streamOf({})).toThrow('has no body')
    const stream = streamBody({ ...at({ kind: 'inline', base64: '' }), boundary: 'b' }, folder)
    expect(streamOf({ bodyStream: () => stream })).toMatchObject({ mediaType: 'text/csv', boundary: 'b', bytes: 3 })
    expect(await bodyOf({ body: async () => body('{}') })).toEqual(body('{}'))
  })
})

test('a quarter of a MiB travels with its task', () => expect(MAX_INLINE_BYTES).toBe(262_144))

describe('text', () => {
  const Named = Type.Object({ name: Type.Optional(Type.String()) })

  test('of a whole body loses its mark, that of a part keeps it', () => {
    expect(parseJsonBody(body('\ufeff{"name":"é"}'), Named)).toEqual({ name: 'é' })
    expect(textOf(Buffer.from('\ufeffx'))).toBe('\ufeffx')
  })

  test('that is no UTF-8 is refused', () => {
    expect(() => parseJsonBody(body(Buffer.of(0x22, 0xff, 0x22)), Named)).toThrow('The body is not UTF-8')
    expect(() => textOf(Buffer.of(0xc3))).toThrow('The body is not UTF-8')
  })

  test.each([
    ['', 'The body is not JSON: it ends too early'],
    ['{"name":', 'The body is not JSON: it ends too early'],
    ['[1, 2', 'The body is not JSON: it ends too early'],
    ['{"name" 1}', 'The body is not JSON from position 8 on'],
    ['{"name":1}', 'The body is not as it should be: member name must be string'],
    ['[]', 'The body is not as it should be: the value must be object'],
  ])('%s: %s', (given, message) => {
    expect(() => parseJsonBody(body(given), Named)).toThrow(
      expect.objectContaining({ code: 'INVALID_PARAMETER', message }),
    )
  })
})
