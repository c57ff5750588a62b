import { expect, test } from 'vitest'
import { measureTree } from '../../../../src/siibra/maps/measures/tree-measures.ts'
import { createSlices } from '../../../../src/siibra/slices.ts'
import { fakeParcellation, type Tree } from '../fake-atlas.ts'

/** Runs of one voxel (where no length is given) of regions, by the index of the first voxel; a voxel is 1 mm wide (2 mm along k), the first one at 0. */
async function measure(tree: Tree, shape: number[], runs: [region: string, startVox: number, lengthVox?: number][]) {
  const { regions } = fakeParcellation(tree).parcellation
  const placeOf = new Map(regions.map(({ name }, place) => [name, place]))
  const owned = {
    startVox: Int32Array.from(runs, ([, start]) => start),
    lengthVox: Int32Array.from(runs, ([, , length = 1]) => length),
    owner: Int32Array.from(runs, ([region]) => placeOf.get(region)!),
  }
  const voxelToWorldMm = Float64Array.of(1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 2, 0, 0, 0, 0, 1)
  const found = await measureTree(regions, owned, { shape, voxelToWorldMm }, createSlices())
  return Object.fromEntries([...found].map(([{ name }, measures]) => [name, measures]))
}

const SHAPE = [4, 3, 3]
const at = (i: number, j: number, k: number) => (k * 3 + j) * 4 + i
const PARTS: Tree = { a: { a1: {}, a2: {} }, b: {}, c: { c1: {} } }

test('parts that stand side by side in a row are one component of the whole', async () => {
  const found = await measure(PARTS, SHAPE, [
    ['a1', at(0, 0, 0), 2],
    ['a2', at(2, 0, 0)],
    ['b', at(3, 0, 0)],
    ['b', at(1, 2, 1), 3],
  ])
  expect(found).toMatchObject({
    parcellation: {
      voxels: 7,
      volumeMm3: 14,
      components: 2,
      centroidMm: [1.5, 0, 0],
      lowVox: [0, 0, 0],
      highVox: [3, 2, 1],
    },
    a: { voxels: 3, volumeMm3: 6, components: 1, centroidMm: [1, 0, 0], lowVox: [0, 0, 0], highVox: [2, 0, 0] },
    a1: { voxels: 2, components: 1, centroidMm: [0.5, 0, 0] },
    a2: { voxels: 1, components: 1, centroidMm: [2, 0, 0] },
    b: { voxels: 4, components: 2, centroidMm: [2, 2, 2], lowVox: [1, 0, 0], highVox: [3, 2, 1] },
  })
  expect(Object.keys(found)).toEqual(['parcellation', 'a', 'a1', 'a2', 'b'])
})

test('the end of a row does not touch the begin of the next one, nor does a gap close', async () => {
  const [end, gap] = [at(3, 0, 0), at(2, 2, 2)]
  const found = await measure(PARTS, SHAPE, [
    ['a1', end],
    ['a2', end + 1],
    ['b', gap - 2],
    ['c', gap],
  ])
  expect([found.a?.components, found.parcellation?.components]).toEqual([2, 4])
})

test('what a region has of its own touches its parts, also at the end of the tree', async () => {
  const found = await measure(PARTS, SHAPE, [
    ['c', at(0, 0, 0)],
    ['b', at(2, 0, 0)],
    ['c1', at(0, 1, 0)],
    ['b', at(3, 1, 0)],
    ['a', at(0, 0, 2)],
    ['a1', at(1, 1, 2)],
  ])
  expect(found).toMatchObject({
    parcellation: { voxels: 6, components: 3, centroidMm: [0, 0.5, 0] },
    a: { voxels: 2, components: 1, centroidMm: [0.5, 0.5, 4] },
    b: { voxels: 2, components: 1 },
    c: { voxels: 2, components: 1, centroidMm: [0, 0.5, 0] },
    c1: { voxels: 1, components: 1, centroidMm: [0, 1, 0] },
  })
})

test.each<{ first: [number, number, number]; other: [number, number, number] }>([
  { first: [0, 0, 2], other: [0, 2, 0] },
  { first: [0, 0, 0], other: [0, 2, 0] },
  { first: [0, 2, 0], other: [1, 0, 0] },
  { first: [0, 0, 0], other: [0, 0, 2] },
  { first: [1, 0, 2], other: [3, 0, 0] },
])(
  'of components of one size, the centre is that of $first, not of $other: along i, then j, then k',
  async ({ first, other }) => {
    const [low, high] = [at(...first), at(...other)].sort((x, y) => x - y) as [number, number]
    // others come before them
    const beside = [at(3, 2, 0), at(3, 0, 1), at(3, 2, 1)]
    const runs = [low, high, ...beside].sort((x, y) => x - y)
    const found = await measure(
      PARTS,
      SHAPE,
      runs.map((start) => [start === low || start === high ? 'a1' : 'b', start]),
    )
    expect(found.a1).toMatchObject({ components: 2, centroidMm: [first[0], first[1], 2 * first[2]] })
  },
)

test('many pieces that touch across regions', async () => {
  const pairs = 2 ** 14 + 1
  const runs = Array.from({ length: pairs }, (_, n): ['a1' | 'a2', number][] => [
    ['a1', 3 * n],
    ['a2', 3 * n + 1],
  ]).flat()
  const found = await measure(PARTS, [3 * pairs, 1, 1], runs)
  expect(found).toMatchObject({
    a: { voxels: 2 * pairs, components: pairs, centroidMm: [0.5, 0, 0], highVox: [3 * pairs - 2, 0, 0] },
    a1: { voxels: pairs, components: pairs },
    a2: { voxels: pairs, components: pairs },
  })
})
