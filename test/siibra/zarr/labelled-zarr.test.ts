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

/** Gives the value at x, y, z of a level, from the chunk that holds it. */
function createVoxelReader(zarr: ReturnType<typeof open>, level: number) {
  const chunks = new Map<string, Buffer>()
  return ([x, y, z]: readonly number[]) => {
    const key = `${level}/${[z!, y!, x!].map((at) => Math.floor(at / 64)).join('/')}`
    const bytes = chunks.get(key) ?? gunzipSync(zarr.file(key)!)
    chunks.set(key, bytes)
    return bytes.readUInt16LE(2 * (((z! % 64) * 64 + (y! % 64)) * 64 + (x! % 64)))
  }
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
    const voxelOf = createVoxelReader(zarr, level)
    for (let n = 0; n < 60; n++) {
      const zyx = levelShape.map((size: number, axis: number) => (n * [31, 17, 7][axis]!) % size) as number[]
      const [z, y, x] = zyx.map((at, axis) => at * scale[axis] + translation[axis]) as [number, number, number]
      const [i, j, k] = applyAffine(toVoxel, [x, y, z]).map(Math.round) as [number, number, number]
      expect(voxelOf(zyx.toReversed())).toBe(data[(k * 40 + j) * 150 + i])
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

  /** Two axes turned by so much of their length, 2 mm and 0.1 mm. */
  it.each([
    [2e-4, 1e-5, true],
    [2.1e-4, 1e-5, false],
    [2e-4, 1.1e-5, false],
    [-2e-4, -1e-5, true],
    [-2.1e-4, 0, false],
  ])('turned by %d and %d it is read: %j', (first, second, isRead) => {
    const turned = () => open(Float64Array.of(2, first, 0, 0, second, 0.1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1))
    if (isRead) expect(turned).not.toThrow()
    else expect(turned).toThrow(expect.objectContaining({ code: 'UNSUPPORTED' }))
  })

  it('is refused where two axes lead the same way', () => {
    expect(() => open(Float64Array.of(1, 0, 0, 0, 2, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1))).toThrow(/obliquely/)
  })
})

describe('small maps as OME-Zarr', () => {
  const upright = Float64Array.of(1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1)
  const openOf = (values: ArrayLike<number>, sizes: number[] = [values.length, 1, 1], affine: Affine = upright) => {
    const image = { data: Float64Array.from(values), dtype: 'float64' as const, shape: sizes, voxelToWorldMm: affine }
    const runs = labelRunsOf(image)
    return createLabelledZarr({ shape: sizes, voxelToWorldMm: affine, runs }, { name: 'map', labels: [] })
  }
  const levelsOf = (zarr: ReturnType<typeof open>) => document(zarr, '.zattrs').multiscales[0].datasets.length

  it.each([
    [[1, 255], '|u1'],
    [[1, 256], '<u2'],
    [[65535], '<u2'],
    [[65536], '<u4'],
    [[2 ** 32 - 1], '<u4'],
    [[0, 0], '|u1'],
  ])('labels %j are of type %s', (labels, dtype) => {
    const zarr = openOf(labels)
    expect(document(zarr, '0/.zarray')).toMatchObject({ dtype, shape: [1, 1, labels.length], chunks: [64, 64, 64] })
    const bytes = gunzipSync(zarr.file('0/0/0/0')!)
    const itemBytes = Number(dtype.slice(2))
    expect(bytes.length).toBe(itemBytes * 64 ** 3)
    labels.forEach((label, at) => {
      expect(bytes.readUIntLE(at * itemBytes, itemBytes)).toBe(label)
    })
  })

  it.each([
    [[1, -1], 'Labels from -1 to 1 cannot'],
    [[2 ** 32], 'Labels from 0 to 4294967296 cannot'],
  ])('labels %j are refused', (labels, message) => {
    expect(() => openOf(labels)).toThrow(
      expect.objectContaining({ code: 'UNSUPPORTED', message: expect.stringContaining(message) }),
    )
  })

  it('have a level more for each time that their longest side is beyond 128', () => {
    expect([1, 128, 129, 256, 257].map((length) => levelsOf(openOf(new Uint8Array(length))))).toEqual([1, 1, 2, 2, 3])
    expect(levelsOf(openOf(new Uint8Array(129), [1, 1, 129]))).toBe(2)
  })

  it('have chunks as far as they go', () => {
    const zarr = openOf(new Uint8Array(129))
    const keys = ['0/0/0', '0/0/1', '0/0/2', '0/0/3', '0/1/0', '1/0/0']
    expect(keys.map((key) => zarr.file(`0/${key}`) !== undefined)).toEqual([true, true, true, false, false, false])
    expect(zarr.file('1/0/0/1')).toBeDefined()
    expect(zarr.file('1/0/0/2')).toBeUndefined()
    expect(openOf(new Uint8Array(128)).file('0/0/0/2')).toBeUndefined()
    expect(document(zarr, '1/.zattrs')).toEqual({})
  })

  /** Runs beside each other, apart, at both ends, and rows of nothing: read forwards and backwards along each axis. */
  it.each([
    [1, 1, 1],
    [-1, 1, 1],
    [1, -1, 1],
    [-1, -1, -1],
  ])('have each voxel at its place, and nothing beyond: axes turned by %i, %i, %i', (...signs) => {
    const [nx, ny, nz] = [70, 3, 2]
    const values = Array.from({ length: nx * ny * nz }, (_, at) => [1, 1, 2, 0, 0, 3, 4, 0, 5][Math.floor(at / 5) % 9]!)
    values.fill(0, 200, 300)
    const affine = Float64Array.of(signs[0]!, 0, 0, 0, 0, signs[1]!, 0, 0, 0, 0, signs[2]!, 0, 0, 0, 0, 1)
    const zarr = openOf(values, [nx, ny, nz], affine)
    const chunks = [0, 1].map((x) => gunzipSync(zarr.file(`0/0/0/${x}`)!))
    const turned = (at: number, size: number, axis: number) => (signs[axis]! < 0 ? size - 1 - at : at)
    const drawn = (all: Iterable<number>) => Array.from(all).filter((value) => value > 0).length
    expect(drawn(chunks[0]!) + drawn(chunks[1]!)).toBe(drawn(values))
    for (let at = 0; at < 128 * 4 * 3; at++) {
      const [x, y, z] = [at % 128, (at >> 7) & 3, at >> 9] as [number, number, number]
      const isThere = x < nx && y < ny && z < nz
      const [i, j, k] = [turned(x, nx, 0), turned(y, ny, 1), turned(z, nz, 2)] as [number, number, number]
      const expected = isThere ? values[(k * ny + j) * nx + i] : 0
      const found = chunks[x >> 6]![(z * 64 + y) * 64 + (x & 63)]
      if (found !== expected) expect([x, y, z, found]).toEqual([x, y, z, expected])
    }
  })
})
