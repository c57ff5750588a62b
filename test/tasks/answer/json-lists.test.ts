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
    ' { "list" : [ ] , "a": null } \n',
    '{"list":[[1,2,[3,{"x":"]}"}]],"\\"],[",{"y":[1,2]}, 7],"b":{"list":[1]},"c":"\\\\"}',
    '{"a":1,"li\\u0073t":[1],"list":[2,3]}',
    '{"list":{"no":"list"},"é":"ü€"}',
    '{"list":7}',
  ])('is what JSON.parse makes of it: %s', (text) => {
    expect(read(text).members).toEqual(JSON.parse(text))
  })

  test('comes in many parts where a list is long', () => {
    const value = { list: Array.from({ length: 30_000 }, (_, n) => [n, (n + 1) / -7, `ü${n}`]), ids: [1] }
    for (const text of [JSON.stringify(value), JSON.stringify(value, null, 2)]) {
      const { members, parts } = read(`\ufeff${text}`)
      expect(members).toEqual(value)
      expect(parts.length).toBeGreaterThan(10)
    }
  })

  test.each([
    '',
    '[1]',
    'x',
    '{',
    '{"list"',
    '{"list":',
    '{"list":[1,2',
    '{"list":[1,2}',
    '{"list":[1,2}]}',
    '{"list":[1,2]',
    '{"list":[1,,2]}',
    '{"list":[1,]}',
    '{"list":[,1]}',
    '{"list":[1 2]}',
    '{"list":[NaN]}',
    '{"list":["a]}',
    '{"list":[1]]}',
    '{"list":[1],}',
    '{,}',
    '{"list":[1]} x',
    '{"a":1 "list":[1]}',
    "{'list':[1]}",
    `{"list":[1,${' '.repeat(40_000)},2]}`,
    `{"list":[1${' '.repeat(40_000)},]}`,
  ])('is refused where it is no JSON: %s', (text) => {
    expect(() => JSON.parse(text) && read(text)).toThrow()
    expect(() => read(text)).toThrow(/not JSON/)
  })

  test('is refused where it is no UTF-8', () => {
    expect(() => read(Buffer.from([...Buffer.from('{"list":["'), 0xff, ...Buffer.from('"]}')]))).toThrow(/not UTF-8/)
  })
})
