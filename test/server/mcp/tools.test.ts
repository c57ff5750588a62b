import Type from 'typebox'
import { describe, expect, test } from 'vitest'
import { describeTool, isPicture, pathOf, toolsOf } from '../../../src/server/mcp/tools.ts'
import { FILE, PICTURE, routeOf } from '../route-of.ts'

const params = {
  thing_id: Type.String(),
  kind: Type.Optional(Type.String({ documentedValues: ['a', 'b'], title: 'Kind' })),
  place: Type.Optional(Type.String({ description: 'Where.', requiredWithout: 'kind' })),
  size: Type.Integer({ default: 50, minimum: 1, maximum: 100, isRoundable: true }),
  format: Type.Optional(Type.String()),
}
const thing = routeOf({ tool: 'get_thing', path: '/things/{thing_id}', params })
const [tool, ...others] = toolsOf([thing, routeOf(), routeOf({ tool: 'make_thing', method: 'POST' })])
if (tool === undefined) throw new Error('no tool')

test('a tool is a GET route that names one', () => {
  expect(others).toEqual([])
  expect([tool.name, tool.route]).toEqual(['get_thing', thing])
})

test('it is listed with what it takes, and nothing that only this project understands', () => {
  expect(describeTool(tool)).toEqual({
    name: 'get_thing',
    title: 'Things',
    description: 'Things.',
    inputSchema: {
      type: 'object',
      properties: {
        thing_id: { type: 'string' },
        kind: { type: 'string', enum: ['a', 'b'] },
        place: { type: 'string', description: 'Where. Needed where kind is not given.' },
        size: { type: 'integer', default: 20, minimum: 1, maximum: 100 },
      },
      required: ['thing_id'],
      additionalProperties: false,
    },
    annotations: { readOnlyHint: true, idempotentHint: true, openWorldHint: false },
  })
})

test('another size, or another number, is no page', () => {
  const [other] = toolsOf([
    routeOf({ tool: 't', params: { size: Type.Integer({ maximum: 9 }), other: Type.Integer({ maximum: 100 }) } }),
  ])
  if (other === undefined) throw new Error('no tool')
  expect(describeTool(other).inputSchema.properties).toEqual({
    size: { type: 'integer', maximum: 9 },
    other: { type: 'integer', maximum: 100 },
  })
  expect(pathOf(other, {})).toEqual({ ok: true, path: '/v3_0/things' })
})

test.each([
  [routeOf({ description: 'All of them.' }), 'Things. All of them.', false],
  [routeOf({ response: FILE }), 'Things. Answers with a link to the file.', false],
  [routeOf({ response: PICTURE }), 'Things.', true],
])('its words say what comes', (route, description, picture) => {
  expect(describeTool({ name: 't', route, parameters: [] }).description).toBe(description)
  expect(isPicture(route)).toBe(picture)
})

describe('a call', () => {
  test.each([
    [{ thing_id: 'a/b c', kind: 'x' }, '/v3_0/things/a%2Fb%20c?size=20&kind=x'],
    [{ thing_id: 'a', size: 3, kind: ['x', 'y'], place: '' }, '/v3_0/things/a?size=3&kind=x&kind=y'],
    [{ thing_id: 'a', size: null, kind: undefined, place: 0 }, '/v3_0/things/a?place=0'],
  ])('of %j asks for %s', (given, path) => {
    expect(pathOf(tool, given)).toEqual({ ok: true, path })
  })

  test.each([
    [
      { thing_id: 'a', colour: 'red', format: 'csv' },
      'get_thing takes thing_id, kind, place, size, not colour, format',
    ],
    [{ kind: 'x' }, 'get_thing needs thing_id'],
    [{ thing_id: null }, 'get_thing needs thing_id'],
    [{ thing_id: '' }, 'get_thing needs thing_id'],
  ])('of %j is none: %s', (given, problem) => {
    expect(pathOf(tool, given)).toEqual({ ok: false, problem })
  })
})
