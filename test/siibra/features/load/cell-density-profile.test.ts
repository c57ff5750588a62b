import { describe, expect, test } from 'vitest'
import type { CellDensityProfileFeature } from '../../../../src/siibra/features/feature.ts'
import {
  boundaryDepths,
  type CellPatch,
  densityProfile,
} from '../../../../src/siibra/features/load/cell-density-profile.ts'
import { loadBoundaryDepths, loadDensityProfile } from '../../../../src/siibra/features/load/load-cell-densities.ts'
import { createRetrieval, type Retrieval } from '../../../../src/siibra/index.ts'
import { createMemoryStore } from '../../../../src/siibra/retrieval/stores/memory-store.ts'
import { fixtures } from '../fixtures.ts'

const { files, boundaries, densities } = fixtures.cellDensity
const URL_OF = 'https://example.org/patch'

function retrievalOf(names: string[]): Retrieval {
  const stored = names.map((name) => [`example.org/patch/${name}`, new TextEncoder().encode(files[name]!)] as const)
  return createRetrieval({ mirror: createMemoryStore(new Map(stored)), offline: true })
}

const feature = { id: 'a', url: `${URL_OF}/segments.txt` } as CellDensityProfileFeature

test('boundaries and densities are those of siibra', async () => {
  const retrieval = retrievalOf(Object.keys(files))
  const depths = await loadBoundaryDepths(retrieval, feature)
  for (const [i, depth] of depths.entries()) expect(depth).toBeCloseTo(boundaries[i]!, 12)
  const profile = await loadDensityProfile(retrieval, feature)
  expect(profile.values.length).toBe(100)
  profile.values.forEach((value, i) => {
    if (densities[i] === null) expect(value).toBeNull()
    else expect(value).toBeCloseTo(densities[i]!, 9)
  })
})

test('a boundary that is away is UPSTREAM_UNAVAILABLE and says which', async () => {
  const retrieval = retrievalOf(Object.keys(files).filter((name) => name !== 'VI_WM.json'))
  await expect(loadBoundaryDepths(retrieval, feature)).rejects.toMatchObject({
    code: 'UPSTREAM_UNAVAILABLE',
    message: expect.stringContaining('VI_WM.json'),
  })
})

type Point = [x: number, y: number]

const WIDTH = 240
const lineOf = (name: string): Point[] => JSON.parse(files[name]!).segments
const names = ['0', 'I_II', 'II_III', 'III_IV', 'IV_V', 'V_VI', 'VI_WM'].map((name) => `${name}.json`)
const [heading, ...rows] = files['segments.txt']!.trimEnd().split('\n') as [string, ...string[]]
const CELLS = rows.map((row) => row.split(' ').slice(0, 2).map(Number) as Point)

const patchOf = (cells: readonly Point[], lines: readonly Point[][] = names.map(lineOf)): CellPatch => ({
  cellsX: cells.map(([x]) => x),
  cellsY: cells.map(([, y]) => y),
  boundaries: lines,
})

test('the points of a boundary may come in any order', () => {
  const shuffled = names.map((name) => lineOf(name).sort(([x1], [x2]) => ((x1 * 7) % 37) - ((x2 * 7) % 37)))
  expect(heading).toMatch(/^# x y /)
  expect(boundaryDepths(patchOf(CELLS, shuffled)).map((depth) => depth.toFixed(2))).toEqual(
    boundaries.map((depth) => depth.toFixed(2)),
  )
  const profile = densityProfile(patchOf(CELLS, shuffled))
  for (const [i, density] of densities.entries()) if (density !== null) expect(profile[i]).toBeCloseTo(density, 9)
})

/** A level boundary. */
const level = (y: number): Point[] => [0, 80, 160, WIDTH].map((x) => [x, y])
const LEVELS = [20, 60, 100, 150, 200, 240, 280]

test('a patch that begins below the surface has no depth of 0', () => {
  // rows from -40 to 280, of which those from 0 on are seen
  const [surface, , ...deeper] = [-40, ...LEVELS.slice(1)].map(level) as [Point[], ...Point[][]]
  const depths = boundaryDepths(patchOf(CELLS, [surface, level(3), ...deeper]))
  expect(depths.slice(1, 3).map((depth) => depth.toFixed(1))).toEqual([(43 / 320).toFixed(1), (140 / 320).toFixed(1)])
})

describe('cells are counted in squares of about 100 micron', () => {
  const profile = (cells: Point[], inner: number) => {
    const values = densityProfile(
      patchOf(
        cells,
        [0, 0.1, 0.2, 0.4, 0.6, 0.8, 1].map((depth) => level(depth * inner)),
      ),
    )
    return (depth: number) => values[Math.floor(depth * 100)] ?? Number.NaN
  }

  test('of which those at an edge belong to the lower one', () => {
    // four rows of squares, with cells at 0 and 400, and nearly all at 200
    const many = Array.from({ length: 40 }, (_, n): Point => [n, 200])
    const at = profile([[0, 0], [239, 400], ...many], 400)
    expect(at(0.62)).toBeGreaterThan(at(0.1))
    expect(at(0.62)).toBeGreaterThan(1.5 * at(0.38))
  })

  test('and lie in the middle where all are in one row', () => {
    // three rows of squares
    const at = profile(
      Array.from({ length: 40 }, (_, n) => [6 * n, 260]),
      255,
    )
    expect(at(0.5)).toBeGreaterThan(2 * at(0.1))
    expect(at(0.5)).toBeGreaterThan(2 * at(0.9))
  })
})
