import { describe, expect, test } from 'vitest'
import { runSteps } from '../../../src/siibra/index.ts'
import { readJsonLists } from '../../../src/tasks/answer/json-lists.ts'

/** What is read of a text, with the list `list` put together again, and the sizes of its parts. */
function read(text: string | Uint8Array) {
  let list: unknown[] | undefined
  const parts: number[] = []
  const bytes = typeof text === 'string' ? Buffer.from(text) : text
  const members = runSteps(
    readJsonLists(bytes, {
      list(items, first) {
        if (first === 0) list = []
        expect(list).toHaveLength(first)
        list?.push(...items)
        parts.push(items.length)
      },
    }),
  )
  if (list !== undefined && typeof members.list === 'number') members.list = list
  return { members, parts }
}

describe('an object whose lists are read in parts', () => {
  test.each([
    '{}',
    ' { "list" : [ ] ,\t"a": null } \n',
    '{"list":[[1,2,[3,{"x":"]}"}]],"\\"],[",{"y":[1,2]}, 7],"b":{"list":[1]},"c":"\\\\"}',
    '{"a":1,"li\\u0073t":[1],"list":[2,3]}',
    '{"list":{"no":"list"},"é":"ü€"}',
    '{"list":7}',
  ])('is what JSON.parse makes of it: %s', (text) => {
    expect(read(text).members).toEqual(JSON.parse(text))
  })

  test('comes in many parts where a list is long', () => {
    const value = { list: Array.from({ length: 12_000 }, (_, n) => [n, (n + 1) / -7, `ü${n}`]), ids: [1] }
    for (const text of [JSON.stringify(value), JSON.stringify(value, null, 2)]) {
      const { members, parts } = read(`\ufeff${text}`)
      expect(members).toEqual(value)
      expect(parts.length).toBeGreaterThan(10)
    }
  })

  test('goes on in parts of 32 KiB, with a pause after each', () => {
    const pauses = (text: string) => [...readJsonLists(Buffer.from(text), { list() {} })].length
    const list = (length: number) => JSON.stringify({ list: Array(length).fill(10) })
    expect(read(list(3)).parts).toEqual([3])
    // the comma behind the 10,923rd number is byte 32,768
    expect(read(list(10_922)).parts).toEqual([10_922])
    expect(read(list(10_923)).parts).toEqual([10_923])
    expect(read(list(20_000)).parts).toEqual([10_923, 9_077])
    expect([pauses(list(3)), pauses('{"other":[[1],[2]]}')]).toEqual([0, 0])
    const other = (bytes: number) => `{"other":[${' '.repeat(bytes - 2)}]}`
    expect([32_767, 32_768, 65_535, 65_536].map((bytes) => pauses(other(bytes)))).toEqual([0, 1, 1, 2])
  })

  const END = 'The body is not JSON: it ends too early'
  const from = (position: number) => `The body is not JSON from position ${position} on`
  const NO_OBJECT = 'The body is not JSON with an object: `{"points": [[x, y, z], ...]}`'
  test.each([
    ['', NO_OBJECT],
    ['[1]', NO_OBJECT],
    ['x', NO_OBJECT],
    // they begin with a byte or two of the mark
    ['\uf000{}', NO_OBJECT],
    ['\uf03f{}', NO_OBJECT],
    ['\ufec0{}', NO_OBJECT],
    ['{', END],
    ['{ ', END],
    ['{"list', END],
    ['{"list"', END],
    ['{"list":', END],
    ['{"list":[1,2', END],
    ['{"list":[1,2}', from(12)],
    ['{"list":[1,2}]}', from(12)],
    ['{"list":[1,2]', END],
    ['{"list":[1,,2]}', from(9)],
    ['{"list":[1,]}', from(9)],
    ['{"list":[,1]}', from(9)],
    ['{"list":[1 2]}', from(9)],
    ['{"list":[NaN]}', from(9)],
    ['{"list":["a]}', END],
    ['{"list":["\\', END],
    ['{"list":[1]]}', from(11)],
    ['{"list":[1],}', from(12)],
    ['{"a":tru}', from(5)],
    ['{"a":1', END],
    ['{"a":1,', END],
    ['{"a":}', from(5)],
    ['{"a" 1}', from(5)],
    ['{"a\\x":1}', from(1)],
    ['{,}', from(1)],
    ['{"list":[1]} x', from(13)],
    ['{"a":1 "list":[1]}', from(5)],
    ["{'list':[1]}", from(1)],
    [`{"list":[1,${' '.repeat(40_000)},2]}`, from(9)],
    [`{"list":[1${' '.repeat(40_000)},]}`, from(40_011)],
  ])('is refused where it is no JSON: %s', (text, message) => {
    expect(() => JSON.parse(text) && read(text)).toThrow()
    expect(() => read(text)).toThrow(message)
  })

  test('is refused where it is no UTF-8', () => {
    expect(() => read(Buffer.from([...Buffer.from('{"list":["'), 0xff, ...Buffer.from('"]}')]))).toThrow(/not UTF-8/)
  })
})
