import Type from 'typebox'
import { describe, expect, test } from 'vitest'
import {
  lastOf,
  type ParameterSchema,
  type ParameterSpec,
  parameterSpecs,
  parseParams,
  parseQuery,
} from '../../../../src/server/http/parameters/params.ts'
import { routeOf, TABLE } from '../../route-of.ts'

const specOf = (schema: ParameterSchema, more: Partial<ParameterSpec> = {}): ParameterSpec => ({
  name: 'p',
  in: 'query',
  isRequired: false,
  schema,
  ...more,
})
const parse = (specs: ParameterSpec[], query: string) => parseParams(specs, ({ name }) => parseQuery(query).get(name))
const [string, integer, number, boolean] = (['string', 'integer', 'number', 'boolean'] as const).map((type) => ({
  type,
}))
const list = (items: ParameterSchema, maxItems?: number): ParameterSchema => ({
  type: 'array',
  items,
  ...(maxItems !== undefined && { maxItems }),
})

describe('a value', () => {
  test.each<[ParameterSchema | undefined, string, unknown]>([
    [string, ' a b', ' a b'],
    [{ type: 'string', maxLength: 3 }, 'abc', 'abc'],
    [string, 'x'.repeat(4096), 'x'.repeat(4096)],
    [{ enum: ['a', 'b'] }, 'b', 'b'],
    [integer, ' +7 ', 7],
    [integer, '-7', -7],
    [integer, '9007199254740991', 9007199254740991],
    [{ type: 'integer', isRoundable: true }, '9007199254740993', 9007199254740992],
    [{ type: 'integer', minimum: 1, maximum: 3 }, '1', 1],
    [{ type: 'integer', minimum: 1, maximum: 3 }, '3', 3],
    [number, ' -.5e1 ', -5],
    [number, '1.', 1],
    [{ type: 'number', minimum: 0 }, '0', 0],
    [boolean, ' Yes ', true],
    [boolean, 'on', true],
    [boolean, '1', true],
    [boolean, 'OFF', false],
    [boolean, '0', false],
    [list({ type: 'integer' }, 1), '5', [5]],
    [list({}), 'a', ['a']],
  ])('by %j: "%s"', (schema = {}, text, value) => {
    expect(parse([specOf(schema)], `p=${encodeURIComponent(text)}`)).toEqual({ ok: true, params: { p: value } })
  })

  const atMost = (limit: number) => [`ensure this value has at most ${limit} bytes`, 'value_error.any_str.max_length']
  const INTEGER = ['value is not a valid integer', 'type_error.integer']
  const FLOAT = ['value is not a valid float', 'type_error.float']
  test.each<[ParameterSchema | undefined, string, string[], Record<string, unknown>?]>([
    [{ type: 'string', maxLength: 3 }, 'abcd', atMost(3), { limit_value: 3 }],
    [{ type: 'string', maxLength: 3 }, 'éé', atMost(3), { limit_value: 3 }],
    [string, 'x'.repeat(4097), atMost(4096), { limit_value: 4096 }],
    [
      { enum: ['a', 'b'] },
      'c',
      ["value is not a valid enumeration member; permitted: 'a', 'b'", 'type_error.enum'],
      { enum_values: ['a', 'b'] },
    ],
    [integer, '1.5', INTEGER],
    [integer, '', INTEGER],
    [integer, '9007199254740993', INTEGER],
    [
      { type: 'integer', minimum: 1 },
      '0',
      ['ensure this value is greater than or equal to 1', 'value_error.number.not_ge'],
      { limit_value: 1 },
    ],
    [
      { type: 'number', maximum: 3 },
      '3.1',
      ['ensure this value is less than or equal to 3', 'value_error.number.not_le'],
      { limit_value: 3 },
    ],
    [number, '0x10', FLOAT],
    [number, '1e999', FLOAT],
    [boolean, 'maybe', ['value could not be parsed to a boolean', 'type_error.bool']],
    [list({ type: 'integer' }), 'x', INTEGER],
  ])('by %j, "%s" is none', (schema = {}, text, [msg, type], ctx) => {
    const problems = [{ loc: ['query', 'p'], msg, type, ...(ctx && { ctx }) }]
    expect(parse([specOf(schema)], `p=${encodeURIComponent(text)}`)).toEqual({ ok: false, status: 422, problems })
  })

  test('of a parameter that is repeated is the last, of a list all', () => {
    expect(lastOf(undefined)).toBeUndefined()
    expect(parse([specOf(integer ?? {})], 'p=1&p=2')).toEqual({ ok: true, params: { p: 2 } })
    expect(parse([specOf(list({ type: 'integer' }, 2))], 'p=1&p=2')).toEqual({ ok: true, params: { p: [1, 2] } })
    expect(parse([specOf(list({ type: 'integer' }, 1))], 'p=1&p=2')).toMatchObject({
      problems: [
        { msg: 'ensure this value has at most 1 items', type: 'value_error.list.max_items', ctx: { limit_value: 1 } },
      ],
    })
  })
})

describe('what is missing', () => {
  const needed = (name: string) => ({ loc: ['query', name], msg: 'field required', type: 'value_error.missing' })

  test('is a problem where it has to be there, else the default, else nothing', () => {
    expect(parse([specOf({}), specOf({ default: 7 }, { name: 'q' })], '')).toEqual({ ok: true, params: { q: 7 } })
    expect(parse([specOf({}, { isRequired: true })], '')).toEqual({ ok: false, status: 422, problems: [needed('p')] })
  })

  test('may be the one where another is there', () => {
    const specs = [specOf({ requiredWithout: 'q' }), specOf({}, { name: 'q' })]
    expect(parse(specs, 'q=1')).toEqual({ ok: true, params: { q: '1' } })
    expect(parse(specs, 'p=1')).toEqual({ ok: true, params: { p: '1' } })
    for (const query of ['', 'q=']) expect(parse(specs, query)).toMatchObject({ problems: [needed('p')] })
    expect(parse(specs.slice(0, 1), '')).toMatchObject({ problems: [needed('p')] })
  })
})

test('all problems are told; an id in a path that is too long is a URL that is too long', () => {
  const long = specOf({ maxLength: 1 }, { in: 'path' })
  expect(parse([long], 'p=ab')).toMatchObject({ ok: false, status: 414 })
  expect(parse([{ ...long, in: 'query' }], 'p=ab')).toMatchObject({ ok: false, status: 422 })
  expect(parse([specOf(integer ?? {}, { in: 'path' })], 'p=ab')).toMatchObject({ ok: false, status: 422 })
  const both = parse([specOf(integer ?? {}), specOf(number ?? {}, { name: 'q' })], 'p=x&q=y')
  expect(!both.ok && both.problems.map(({ loc }) => loc[1])).toEqual(['p', 'q'])
})

test('the parameters of a route are those of its path, its own and those of its forms', () => {
  const params = { id: Type.String(), size: Type.Integer({ default: 7 }), find: Type.Optional(Type.String()) }
  const summary = (route: Parameters<typeof parameterSpecs>[0]) =>
    parameterSpecs(route).map(({ name, in: place, isRequired }) => `${place} ${name}${isRequired ? ', required' : ''}`)
  const own = ['path id, required', 'query size', 'query find']
  expect(summary(routeOf({ path: '/things/{id}', params }))).toEqual([...own, 'query fields'])
  expect(summary(routeOf({ path: '/things/{id}', params, response: TABLE }))).toEqual([
    ...own,
    'query format',
    'query provenance',
  ])
})
