import { gunzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import type { LabelImage } from '../../../src/siibra/maps/labels/label-image.ts'
import { labelRunsOf } from '../../../src/siibra/maps/labels/label-runs.ts'
import { applyAffine, invertAffine } from '../../../src/siibra/volumes/affine.ts'
import type { Affine } from '../../../src/siibra/volumes/image.ts'
import { createLabelledZarr } from '../../../src/siibra/zarr/labelled-zarr.ts'

const shape = [150, 40, 70]
const data = Uint16Array.from({ length: 150 * 40 * 70 }, (_, at) =>
  at % 13 < 6 ? (Math.floor(at / 13) * 7919) % 700 : 0,
)

function imageAt(voxelToWorldMm: Affine): LabelImage {
  return { shape, voxelToWorldMm, runs: labelRunsOf({ data, dtype: 'uint16', shape, voxelToWorldMm }) }
}

const label = { label: 7, name: 'Area "7"', rgb: [1, 2, 3] as const }
const open = (affine: Affine) => createLabelledZarr(imageAt(affine), { name: 'map', labels: [label] })
const document = (zarr: ReturnType<typeof open>, key: string) => JSON.parse(Buffer.from(zarr.file(key)!).toString())

/** The value at x, y, z of a level, from the chunk that holds it. */
function voxelOf(zarr: ReturnType<typeof open>, level: number, [x, y, z]: readonly number[]) {
  const chunk = [z!, y!, x!].map((at) => Math.floor(at / 64)).join('/')
  const bytes = gunzipSync(zarr.file(`${level}/${chunk}`)!)
  return bytes.readUInt16LE(2 * (((z! % 64) * 64 + (y! % 64)) * 64 + (x! % 64)))
}

describe.each([
  ['upright', Float64Array.of(2, 0, 0, -90, 0, 2, 0, -126, 0, 0, 2, -72, 0, 0, 0, 1)],
  ['with x and z turned round', Float64Array.of(-0.5, 0, 0, 9, 0, 0.5, 0, -3, 0, 0, -0.5, 1, 0, 0, 0, 1)],
  ['with axes in another order', Float64Array.of(0, 0, 1, 5, -2, 0, 0, 100, 0, 3, 0, -20, 0, 0, 0, 1)],
])('the labels of a map %s as OME-Zarr', (_, affine) => {
  const zarr = open(affine)
  const { multiscales } = document(zarr, '.zattrs')

  it.each([0, 1])('level %i has at each place in mm the label that the map has there', (level) => {
    const [{ scale }, { translation }] = multiscales[0].datasets[level].coordinateTransformations
    const { shape: levelShape } = document(zarr, `${level}/.zarray`)
    const toVoxel = invertAffine(affine)
    for (let n = 0; n < 60; n++) {
      const zyx = levelShape.map((size: number, axis: number) => (n * [31, 17, 7][axis]!) % size) as number[]
      const [z, y, x] = zyx.map((at, axis) => at * scale[axis] + translation[axis]) as [number, number, number]
      const [i, j, k] = applyAffine(toVoxel, [x, y, z]).map(Math.round) as [number, number, number]
      expect(voxelOf(zarr, level, zyx.toReversed())).toBe(data[(k * 40 + j) * 150 + i])
    }
  })
})

describe('what the OME-Zarr of a map tells', () => {
  const zarr = open(Float64Array.of(2, 0, 0, -90, 0, 2, 0, -126, 0, 0, 2, -72, 0, 0, 0, 1))

  it('is a group of levels down to a small one, with axes in mm', () => {
    expect(document(zarr, '.zgroup')).toEqual({ zarr_format: 2 })
    const [{ version, axes, datasets }] = document(zarr, '.zattrs').multiscales
    expect(version).toBe('0.4')
    expect(axes.map(({ name, unit }: { name: string; unit: string }) => `${name} ${unit}`)).toEqual([
      'z millimeter',
      'y millimeter',
      'x millimeter',
    ])
    expect(datasets.map(({ path }: { path: string }) => path)).toEqual(['0', '1'])
    expect(document(zarr, '1/.zarray')).toMatchObject({ shape: [35, 20, 75], dtype: '<u2', dimension_separator: '/' })
  })

  it('names and colours its labels', () => {
    expect(document(zarr, '.zattrs')['image-label']).toEqual({
      version: '0.4',
      colors: [{ 'label-value': 7, rgba: [1, 2, 3, 255] }],
      properties: [{ 'label-value': 7, name: 'Area "7"' }],
    })
  })

  it.each(['2/.zarray', '0/3/0/0', '0/0/1/0', '0/a/0/0', '00/.zarray', 'x', '', '../.zattrs', '0/0/0'])(
    'has no file %j',
    (key) => {
      expect(zarr.file(key)).toBeUndefined()
    },
  )

  it('is refused for voxels that lie obliquely', () => {
    expect(() => open(Float64Array.of(1, 0.1, 0, 0, -0.1, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1))).toThrow(/obliquely/)
  })
})
