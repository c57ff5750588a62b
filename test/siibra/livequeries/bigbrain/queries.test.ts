import { describe, expect, test } from 'vitest'
import { encodeGiftiMesh } from '../../../../src/demo/encoders/gifti.ts'
import { encodeNpy } from '../../../../src/demo/encoders/npy.ts'
import type { Region } from '../../../../src/siibra/index.ts'
import {
  queryIntensityProfiles,
  queryLayerwiseIntensities,
} from '../../../../src/siibra/livequeries/bigbrain/queries.ts'
import { labelFile, labelledMap, loadSmallAtlas, parcellation, space } from '../../small-atlas.ts'

const BIGBRAIN = 'minds/core/referencespace/v1.0.0/a1655b99-82f1-420f-a3c2-fe80fd4c8588'
const MNI = 'minds/core/referencespace/v1.0.0/dafcffc5-4826-4bf1-8ff6-46b8a31ff8e2'
const VOLUME = { '@type': 'siibra/volume/v0.0.1', providers: { nii: 'https://example.org/template.nii' } }
const FOLDER = 'github.com/kwagstyl/cortical_layers_tutorial/raw/main/data'
const DEPTHS = 10

/** Voxels of 1 mm, 4 x 3 x 3: A fills the first two of each row, B the others but for the last. */
const LABELS = Array.from({ length: 36 }, (_, at) => [1, 1, 2, 0][at % 4] as number)

interface Vertex {
  mm: [number, number, number]
  /** Of the layers I to VI, in mm. */
  thickness?: number[]
}

/** Depth `d` of vertex `v` is as bright as 100 v + d. */
async function load(
  vertices: readonly Vertex[],
  change: Record<string, Uint8Array> = {},
  species?: string,
  drawnIn = BIGBRAIN,
) {
  const count = vertices.length
  const thickness = new Float32Array(7 * count)
  vertices.forEach(({ thickness: layers = [1, 1, 1, 1, 1, 1] }, v) => {
    for (let layer = 0; layer < 6; layer++) thickness[layer * count + v] = layers[layer] ?? 0
    thickness[6 * count + v] = 99
  })
  const brightness = Float32Array.from(
    { length: count * DEPTHS },
    (_, i) => 100 * Math.floor(i / DEPTHS) + (i % DEPTHS),
  )
  const core = await loadSmallAtlas(
    {
      'spaces/one.json': space(BIGBRAIN, 'Big Brain', species),
      'spaces/two.json': { ...space(MNI, 'MNI152', species), volumes: [VOLUME] },
      'parcellations/one.json': parcellation(
        'p-1',
        [{ name: 'cortex', children: [{ name: 'A' }, { name: 'B' }] }, { name: 'undrawn' }],
        species,
      ),
      'maps/one.json': labelledMap('p-1', drawnIn, { A: 1, B: 2 }),
    },
    {
      'example.org/labels.nii': labelFile([4, 3, 3], LABELS),
      [`${FOLDER}/thicknesses_left.npy`]: encodeNpy(thickness, [7, count]),
      [`${FOLDER}/profiles_left.npy`]: encodeNpy(brightness, [count, DEPTHS]),
      [`${FOLDER}/gray_left_327680.surf.gii`]: encodeGiftiMesh({
        vertices: Float32Array.from(vertices.flatMap(({ mm }) => mm)),
        faces: Uint32Array.from([0, 0, 0]),
      }),
      ...change,
    },
  )
  const region = (name: string) => core.parcellations.get('p-1').regions.find((one) => one.name === name) as Region
  return { core, region }
}

const vertices: Vertex[] = [
  { mm: [2.9, 1, 1] }, // B
  { mm: [1, 1, 1] }, // A
  { mm: [1.9, 2.9, 2.9], thickness: [1, 2, 3, 2, 1, 1] }, // A, at the far corner: coordinates are cut off
  { mm: [1, 1, 1], thickness: [0, 0, 0, 0, 0, 0] }, // without cortex
  { mm: [3, 1, 1] }, // in no region
]

describe('profiles of the BigBrain', () => {
  test('are those of the vertices in the voxels of each part, in the order of the vertices', async () => {
    const { core, region } = await load(vertices)
    const profiles = await queryIntensityProfiles(core, region('cortex'), {})
    const told = profiles.map(({ anchor, ...one }) => [
      anchor.regionSpec,
      one.kind === 'bigbrain-profile' && one.location.pointMm.map((mm) => Math.round(mm * 10) / 10),
      one.kind === 'bigbrain-profile' && one.values[0],
    ])
    expect(told).toEqual([
      ['A', [1, 1, 1], 100],
      ['A', [1.9, 2.9, 2.9], 200],
      ['B', [2.9, 1, 1], 0],
    ])
    const own = await queryIntensityProfiles(core, region('B'), {})
    expect(own.map(({ name }) => name)).toEqual(profiles.slice(2).map(({ name }) => name))
    expect(await queryIntensityProfiles(core, region('undrawn'), {})).toEqual([])
  })

  test('have depths from 0 in equal steps, a value for each, and boundaries by the share of each layer', async () => {
    const { core, region } = await load(vertices)
    const profile = (await queryIntensityProfiles(core, region('A'), {}))[1]
    if (profile?.kind !== 'bigbrain-profile') throw new Error('no profile')
    expect(profile.depths).toEqual([0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9].map((d) => expect.closeTo(d, 12)))
    expect([...profile.values]).toEqual([200, 201, 202, 203, 204, 205, 206, 207, 208, 209])
    expect(profile.boundaries).toEqual([0, 0.1, 0.3, 0.6, 0.8, 0.9, 1].map((depth) => expect.closeTo(depth, 6)))
  })

  test('are found whatever the order of the vertices, and come in it', async () => {
    const mm = (x: number, y: number, z: number) => ({ mm: [x, y, z] as [number, number, number] })
    const shuffled = [mm(1, 2, 2), mm(2, 1, 1), mm(1, 1, 1), mm(2, 2, 1), mm(1, 2, 1), mm(1, 1, 2), mm(1, 1, 1)]
    const { core, region } = await load(shuffled)
    const profiles = await queryIntensityProfiles(core, region('A'), {})
    expect(profiles.map((one) => one.kind === 'bigbrain-profile' && one.values[0])).toEqual([0, 200, 400, 500, 600])
  })

  test('are those of the vertices in the coordinates of another space, where the region is drawn only there', async () => {
    const { core, region } = await load(vertices, {}, 'Homo sapiens', MNI)
    const sent: unknown[] = []
    core.retrieval.postJson = async <T>(_: string, body: unknown) => {
      const { source_points } = body as { source_points: number[][] }
      sent.push(source_points.length)
      // what lies at A in the BigBrain lies at B in MNI
      return { target_points: source_points.map(([x = 0, y, z]) => (x < 2 ? [x + 1, y, z] : [null, null, null])) } as T
    }
    const profiles = await queryIntensityProfiles(core, region('B'), {})
    expect(profiles.map((one) => one.kind === 'bigbrain-profile' && one.values[0])).toEqual([100, 200])
    expect(profiles[0]?.anchor.location).toMatchObject({ space: { id: BIGBRAIN }, pointMm: [1, 1, 1] })
    await queryLayerwiseIntensities(core, region('A'), {})
    expect(sent).toEqual([4])
  })

  test('tell where they come from', async () => {
    const { core, region } = await load(vertices)
    const [profile] = await queryIntensityProfiles(core, region('A'), {})
    const [layers] = await queryLayerwiseIntensities(core, region('A'), {})
    for (const text of [profile?.description, layers?.description])
      expect(text).toContain(
        "computed by Konrad Wagstyl, as described in the publication 'Wagstyl, K., et al (2020). BigBrain 3D atlas of cortical layers: Cortical and laminar thickness gradients diverge in sensory and motor cortices. PLoS Biology, 18(4), e3000678. http://dx.doi.org/10.1371/journal.pbio.3000678'.The data is taken from the tutorial at https://github.com",
      )
  })

  test('leave out what lies in the first voxels of an axis, or outside, as in siibra', async () => {
    const outside: [number, number, number][] = [
      [0.9, 1, 1],
      [1, 0.9, 1],
      [1, 1, 0.9],
      [1, 3, 1],
      [1, 1, 3],
      [4, 1, 1],
      [-1, 1, 1],
      [5, 0.5, 1],
    ]
    const { core, region } = await load([...outside.map((mm) => ({ mm })), { mm: [1, 1, 2] }])
    const profiles = await queryIntensityProfiles(core, region('cortex'), {})
    expect(profiles.map((one) => one.kind === 'bigbrain-profile' && one.values[0])).toEqual([800])
  })

  test('are none where the atlas is of another species', async () => {
    const { core, region } = await load(vertices, {}, 'Rattus norvegicus')
    expect(await queryIntensityProfiles(core, region('A'), {})).toEqual([])
    expect(await queryLayerwiseIntensities(core, region('A'), {})).toEqual([])
  })

  test.each([
    ['thickness of fewer layers', 'thicknesses_left.npy', encodeNpy(new Float32Array(6 * 5), [6, 5])],
    ['thickness of fewer vertices', 'thicknesses_left.npy', encodeNpy(new Float32Array(7 * 4), [7, 4])],
    ['fewer profiles', 'profiles_left.npy', encodeNpy(new Float32Array(4 * DEPTHS), [4, DEPTHS])],
    [
      'fewer positions',
      'gray_left_327680.surf.gii',
      encodeGiftiMesh({ vertices: new Float32Array(12), faces: Uint32Array.from([0, 0, 0]) }),
    ],
  ])('are refused as bad data with a %s', async (_, name, bytes) => {
    const { core, region } = await load(vertices, { [`${FOLDER}/${name}`]: bytes })
    await expect(queryIntensityProfiles(core, region('A'), {})).rejects.toMatchObject({ code: 'BAD_DATA' })
  })
})

const closeTo = (value: number | null) => (value === null ? null : expect.closeTo(value, 4))

test('intensities of layers are means and deviations of the samples between their boundaries', async () => {
  const { core, region } = await load(vertices)
  const tables = await queryLayerwiseIntensities(core, region('cortex'), {})
  expect(tables.map(({ anchor }) => anchor.regionSpec)).toEqual(['A', 'B'])
  const [a, b] = tables.map((feature) => {
    if (feature.kind !== 'table') throw new Error('no table')
    expect(feature.table).toMatchObject({ indexName: 'layer', index: ['I', 'II', 'III', 'IV', 'V', 'VI'] })
    return Object.fromEntries(feature.table.columns.map(({ name, values }) => [name, values]))
  })
  // of equal layers, the ends are cut off to the depths 0, 1, 3, 5, 6, 8, 10; of the others, to 0, 1, 3, 6, 8, 9, 10
  expect(b).toEqual({ mean: [1.5, 3.5, 5, 6.5, 8.5, null], std: [0.5, 0.5, 0, 0.5, 0.5, null] })
  expect(a?.mean).toEqual([151.5, 163.8, 518 / 3, 421 / 3, 142, null].map(closeTo))
  expect(a?.std?.slice(0, 2)).toEqual([Math.sqrt(2500.25), Math.sqrt(2424.56)].map(closeTo))
})

test('a region without vertices has no table', async () => {
  const { core, region } = await load(vertices.slice(1))
  expect(await queryLayerwiseIntensities(core, region('B'), {})).toEqual([])
  const tables = await queryLayerwiseIntensities(core, region('cortex'), {})
  expect(tables.map(({ anchor }) => anchor.regionSpec)).toEqual(['A'])
})
