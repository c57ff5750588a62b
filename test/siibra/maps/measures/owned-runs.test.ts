import { expect, test } from 'vitest'
import { findOwnedRuns } from '../../../../src/siibra/maps/measures/owned-runs.ts'
import type { Image } from '../../../../src/siibra/volumes/image.ts'
import { createFakeAtlas, fakeMap, fakeParcellation, fakeSpace, fakeVolume, type Tree } from '../fake-atlas.ts'

const VOXELS = 8
const image = (labels: number[], shape = [4, 2, 1]): Image => ({
  data: Uint8Array.from({ length: VOXELS }, (_, at) => labels[at] ?? 0),
  dtype: 'uint8',
  shape,
  voxelToWorldMm: Float64Array.of(2, 0, 0, -1, 0, 2, 0, 0, 0, 0, 2, 0, 0, 0, 0, 1),
})

/** The runs of a tree whose regions are drawn (region: image and label) in some images. */
async function ownedRuns(tree: Tree, drawn: Record<string, [volume: number, label: number]>, images: Image[]) {
  const parcellation = fakeParcellation(tree)
  const indices = Object.fromEntries(
    Object.entries(drawn).map(([name, [volume, label]]) => [name, [{ volume, label, fragment: null }]]),
  )
  const map = fakeMap({ parcellation, volumes: images.map((_, n) => fakeVolume(`image ${n}`)), indices })
  const atlas = createFakeAtlas(Object.fromEntries(images.map((one, n) => [`image ${n}`, one])), [map])
  const { signal } = new AbortController()
  const found = await findOwnedRuns(atlas, parcellation as never, fakeSpace, { extent: 'parts', signal })
  if (!found) return undefined
  const { startVox, lengthVox, owner } = found.runs
  return {
    runs: [...owner].map((place, run) => [
      parcellation.parcellation.regions[place]?.name,
      startVox[run],
      lengthVox[run],
    ]),
    measured: [...found.measured].map(({ name }) => name),
    shape: found.grid.shape,
  }
}

test('each run belongs to the innermost region that holds its label; labels of no region are left out', async () => {
  const drawn = { a: [0, 1], a1: [0, 2], a2: [0, 3], b: [0, 4] } as const
  expect(
    await ownedRuns({ a: { a1: {}, a2: {} }, b: {} }, { ...drawn } as never, [image([1, 2, 2, 3, 9, 4, 4, 9])]),
  ).toEqual({
    runs: [
      ['a', 0, 1],
      ['a1', 1, 2],
      ['a2', 3, 1],
      ['b', 5, 2],
    ],
    measured: ['parcellation', 'a', 'a1', 'a2', 'b'],
    shape: [4, 2, 1],
  })
})

test.each([
  {
    name: 'the first ends first',
    first: [1, 0, 0, 1],
    second: [0, 2, 2, 0, 0, 2],
    runs: ['a 0 1', 'b 1 2', 'a 3 1', 'b 5 1'],
  },
  {
    name: 'the second ends first',
    first: [0, 0, 1, 1, 0, 1],
    second: [2, 0, 0, 0, 2],
    runs: ['b 0 1', 'a 2 2', 'b 4 1', 'a 5 1'],
  },
  { name: 'one lies behind the other', first: [1, 1], second: [0, 0, 2, 2], runs: ['a 0 2', 'b 2 2'] },
  { name: 'one has no voxel', first: [], second: [2, 2], runs: ['b 0 2'] },
  { name: 'they share a voxel at which both begin', first: [1, 1], second: [2], runs: undefined },
  { name: 'they share a last voxel', first: [1, 1, 1], second: [0, 0, 2, 2], runs: undefined },
])('two images come together in file order: $name', async ({ first, second, runs }) => {
  const found = await ownedRuns({ a: {}, b: {} }, { a: [0, 1], b: [1, 2] }, [image(first), image(second)])
  expect(found?.runs.map((run) => run.join(' '))).toEqual(runs)
})

test.each<{ name: string; tree: Tree; drawn: Record<string, [number, number]>; images: Image[] }>([
  {
    name: 'images have different grids',
    tree: { a: {}, b: {} },
    drawn: { a: [0, 1], b: [1, 1] },
    images: [image([1]), image([0, 1], [2, 4, 1])],
  },
  { name: 'two regions share a label', tree: { a: {}, b: {} }, drawn: { a: [0, 1], b: [0, 1] }, images: [image([1])] },
  { name: 'nothing is drawn', tree: { a: {} }, drawn: {}, images: [] },
])('there are none where $name', async ({ tree, drawn, images }) => {
  expect(await ownedRuns(tree, drawn, images)).toBeUndefined()
})

test('a whole of which a part is drawn nowhere is not measured, the other part is', async () => {
  const found = await ownedRuns({ whole: { a: {}, b: {} } }, { a: [0, 1] }, [image([0, 1, 1])])
  expect(found).toMatchObject({ measured: ['a'], runs: [['a', 1, 2]] })
})
