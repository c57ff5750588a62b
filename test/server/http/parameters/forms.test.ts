import Type from 'typebox'
import { describe, expect, test } from 'vitest'
import { applyForm, formParameters } from '../../../../src/server/http/parameters/forms.ts'
import { ignoredHeaders } from '../../../../src/server/http/parameters/ignored.ts'
import { parameterSpecs, parseQuery } from '../../../../src/server/http/parameters/params.ts'
import { pythonSnippet } from '../../../../src/server/http/parameters/python-snippet.ts'
import { FILE, routeOf, TABLE } from '../../route-of.ts'

const params = { page: Type.Integer({ default: 1 }), size: Type.Integer({ default: 50 }) }
const listing = routeOf({ params, response: { json: Type.Object({}), forms: 'listing' } })
const citation = routeOf({ response: { json: Type.Object({}), forms: 'citation' } })
const table = routeOf({ response: TABLE })

test.each([
  [routeOf({ response: FILE }), []],
  [routeOf(), ['fields']],
  [routeOf({ method: 'DELETE' }), []],
  [routeOf({ tag: 'download' }), []],
  [routeOf({ tag: 'task' }), []],
  [listing, ['format', 'provenance', 'fields']],
  [citation, ['format', 'fields']],
  [table, ['format', 'provenance']],
])('what is asked of forms depends on the route', (route, names) => {
  expect(Object.keys(formParameters(route))).toEqual(names)
})

describe('the form of an answer', () => {
  const paged = { page: 3, size: 5 }
  const csv = { format: 'csv' }
  test.each([
    [routeOf(), { a: 1 }, undefined, { a: 1 }],
    [routeOf({ response: FILE }), { a: 1 }, 'text/csv', { a: 1 }],
    [routeOf(), { fields: ['b, a', 'b', ''] }, undefined, { fields: ['a', 'b'] }],
    [routeOf(), { fields: [' , '] }, undefined, {}],
    [table, { a: 1 }, undefined, { a: 1 }],
    [table, { a: 1 }, 'text/csv', { a: 1, ...csv }],
    [table, { format: 'json', provenance: '1' }, 'text/csv', {}],
    [table, { ...csv, provenance: '1' }, undefined, { ...csv, provenance: '1' }],
    [table, { format: 'tsv', provenance: '1' }, undefined, { format: 'tsv', provenance: '1' }],
    [table, { ...csv, provenance: '0' }, undefined, csv],
    [table, { format: 'arrow', provenance: '1' }, undefined, { format: 'arrow' }],
    [listing, { ...paged, fields: ['b', 'a'] }, undefined, { ...paged, fields: ['a', 'b'] }],
    [citation, { fields: ['a'] }, undefined, { fields: ['a'] }],
    [citation, { fields: ['a'] }, 'application/x-bibtex', { format: 'bibtex' }],
    [citation, { format: 'json' }, 'application/x-bibtex', {}],
  ])('is part of what is asked', (route, given, accept, expected) => {
    expect(applyForm(route, given, accept)).toEqual({ ok: true, params: expected, ignored: [] })
  })

  test('of a listing that is no JSON is all of it', () => {
    expect(applyForm(listing, { ...paged, fields: ['a'], ...csv }, undefined)).toEqual({
      ok: true,
      params: { page: 1, size: 50, ...csv },
      ignored: ['page', 'size', 'fields'],
    })
  })

  test('that there is none of is refused', () => {
    const allowed = [
      'application/json',
      'text/csv',
      'text/tab-separated-values',
      'application/vnd.apache.arrow.stream',
      'application/x-ndjson',
    ]
    const detail = `There is none of the forms of Accept; there are ${allowed.join(', ')}`
    expect(applyForm(table, {}, 'image/png')).toEqual({ ok: false, status: 406, detail, allowed })
  })
})

test('parameters that do not count are told', () => {
  const specs = parameterSpecs(routeOf({ path: '/things/{id}', params: { id: Type.String(), size: Type.Integer() } }))
  const of = (query: string, without?: string[]) => ignoredHeaders(specs, parseQuery(query), without)
  expect([of(''), of('size=1'), of('=1'), of('fields=a')]).toEqual([[], [], [], []])
  expect(of('size=1&a=2&id=3&=4')).toEqual(['x-siibra-ignored', 'a, id'])
  expect(of('size=1', ['size'])).toEqual(['x-siibra-ignored', 'size'])
})

describe('Python code of a request', () => {
  const python = { python: 'siibra.things()' }
  const snippet = (properties: Parameters<typeof Type.Object>[0], query = '') => {
    const route = routeOf({ params: properties, ...python })
    return pythonSnippet(route, parameterSpecs(route), ({ name }) => parseQuery(query).get(name))
  }
  const HEAD = '# Things\n# pip install siibra\nimport siibra\n\n'

  test('is that of its route, behind its parameters', () => {
    expect(pythonSnippet(routeOf(), [], () => undefined)).toBeUndefined()
    expect(snippet(params, 'size=1')).toBe(`${HEAD}siibra.things()\n`)
    const all = {
      name: Type.String(),
      none: Type.Optional(Type.String()),
      deep: Type.Integer({ default: 3 }),
      nothing: Type.Any({ default: null }),
      number: Type.Number(),
      integer: Type.Integer(),
      bad: Type.Number(),
      list: Type.Array(Type.String()),
      empty: Type.Array(Type.String()),
    }
    const query = 'name=1&number=%2B01.50&integer=-7&bad=x&list=a&list=%22'
    expect(snippet(all, query)).toBe(
      `${HEAD}name = "1"\nnone = None\ndeep = 3\nnothing = None\nnumber = 1.5\ninteger = -7\nbad = "x"\nlist = ["a", "\\""]\nempty = []\n\nsiibra.things()\n`,
    )
  })
})
