import { describe, expect, test } from 'vitest'
import { createReader } from '../../../src/siibra/configuration/specification.ts'
import {
  type BoxLocation,
  boxCentre,
  boxesOverlap,
  boxSizes,
  formatLocation,
  parseLocation,
} from '../../../src/siibra/features/location.ts'
import type { Space } from '../../../src/siibra/index.ts'

const space = { id: 's-1', name: 'Space one' } as Space
const spaces = { byId: (id: string) => (id === 's-1' ? space : undefined) }
const parse = (location: unknown) => parseLocation(createReader('a.json'), { location }, 'location', spaces)
const of = (type: string, more: object) => ({
  '@type': `siibra/location/${type}/v0.1`,
  space: { '@id': 's-1' },
  ...more,
})
const box = (minMm: [number, number, number], maxMm: [number, number, number]): BoxLocation => ({
  kind: 'box',
  space,
  minMm,
  maxMm,
})

describe('a location of a specification', () => {
  test('is a point, points, or a box whose corners may stand in any order', () => {
    expect(parse(of('point', { coordinate: [1, 2, 3, 9] }))).toEqual({ kind: 'point', space, pointMm: [1, 2, 3] })
    const coordinates = [
      [1, -2, 3],
      [0, 5, 4],
    ]
    expect(parse(of('pointcloud', { coordinates }))).toEqual({ kind: 'pointcloud', space, pointsMm: coordinates })
    expect(parse(of('pointcloud', { coordinates: [] }))).toMatchObject({ pointsMm: [] })
    expect(parse(of('boundingbox', { coordinates }))).toEqual(box([0, -2, 3], [1, 5, 4]))
  })

  test.each([undefined, null])('is none where it is %s', (location) => {
    expect(parse(location)).toBeNull()
  })

  const POINT = [1, 2, 3]
  test.each<[string, unknown, string, string]>([
    ['a text', 'here', 'location', 'is not an object'],
    ['without space', { ...of('point', { coordinate: POINT }), space: undefined }, 'location.space', 'is undefined'],
    ['in a space that is a text', { ...of('point', {}), space: 's-1' }, 'location.space', 'does not have'],
    ['in an unknown space', { ...of('point', {}), space: { '@id': 's-2' } }, 'location.space', 'is "s-2"'],
    ['a point of two numbers', of('point', { coordinate: [1, 2] }), 'location.coordinate', 'three numbers'],
    ['a point of texts', of('point', { coordinate: ['1', 2, 3] }), 'location.coordinate', 'three numbers'],
    ['a point that is null', of('point', { coordinate: null }), 'location.coordinate', 'three numbers'],
    ['points that are none', of('pointcloud', { coordinates: 7 }), 'location.coordinates', 'three numbers'],
    ['points, one of them broken', of('pointcloud', { coordinates: [POINT, [1]] }), 'location.coordinates', 'three'],
    ['a box of one corner', of('boundingbox', { coordinates: [POINT] }), 'location.@type', 'is not known'],
    ['a box of no corner', of('boundingbox', { coordinates: [] }), 'location.@type', 'is not known'],
    ['a box of three', of('boundingbox', { coordinates: [POINT, POINT, POINT] }), 'location.@type', 'is not known'],
    ['a sphere', of('sphere', { coordinates: [POINT, POINT] }), 'location.@type', '/sphere/v0.1" is not known'],
  ])('is refused as %s', (_, location, property, message) => {
    expect(() => parse(location)).toThrow(
      expect.objectContaining({
        code: 'BAD_CONFIGURATION',
        details: expect.objectContaining({ property, reason: expect.stringContaining(message) }),
      }),
    )
  })
})

test('locations are written as siibra writes them', () => {
  expect(formatLocation({ kind: 'point', space, pointMm: [1, 2.5, -0] })).toBe('Point in Space one [1.0,2.5,-0.0]')
  expect(
    formatLocation({
      kind: 'pointcloud',
      space,
      pointsMm: [
        [1, 2, 3],
        [4, 5, 6],
      ],
    }),
  ).toBe('Set of points Space one: (1.0,2.0,3.0), (4.0,5.0,6.0)')
  expect(formatLocation(box([0, 1.005, 2], [3, 4, 5.125]))).toBe(
    'Bounding box from (0.00,1.00,2.00) mm to (3.00,4.00,5.12)mm in Space one space',
  )
})

test('boxes have a centre and sizes, and overlap where they share a volume', () => {
  const one = box([0, 2, -4], [1, 6, 4])
  expect(boxCentre(one)).toEqual([0.5, 4, 0])
  expect(boxSizes(one)).toEqual([1, 4, 8])
  expect(boxesOverlap(one, box([0.5, 5, 3], [9, 9, 9]))).toBe(true)
  expect(boxesOverlap(one, box([1, 5, 3], [9, 9, 9]))).toBe(false)
  expect(boxesOverlap(one, box([0.5, 6, 3], [9, 9, 9]))).toBe(false)
  expect(boxesOverlap(one, box([0, 2, 5], [1, 6, 6]))).toBe(false)
})
