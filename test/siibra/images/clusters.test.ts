import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { findClusters } from '../../../src/siibra/images/clusters.ts'
import { identityAffine } from '../../../src/siibra/volumes/affine.ts'
import type { Image, VoxelType } from '../../../src/siibra/volumes/image.ts'
import { createVoxels } from '../../../src/siibra/volumes/typed-bytes.ts'

interface Reference {
  images: Record<string, { dtype: VoxelType; shape: number[]; affine: number[]; data: (number | string)[] }>
  tables: {
    image: string
    options: { stat_threshold: number; cluster_threshold?: number; two_sided?: boolean; min_distance?: number }
    rows: [id: string, x: number, y: number, z: number, value: number, sizeMm3: number | null][]
  }[]
}

const reference: Reference = JSON.parse(
  readFileSync(new URL('../../fixtures/images/clusters.json', import.meta.url), 'utf8'),
)

function imageOf(name: string): Image {
  const { dtype, shape, affine, data } = reference.images[name]!
  const voxels = createVoxels(dtype, data.length)
  data.forEach((value, at) => {
    voxels[at] = value === 'inf' ? Infinity : Number(value)
  })
  return { data: voxels, dtype, shape, voxelToWorldMm: Float64Array.from(affine) }
}

describe('clusters of a statistical image, as nilearn gives them', () => {
  for (const { image, options, rows } of reference.tables) {
    it(`${image} ${JSON.stringify(options)}`, async () => {
      const clusters = await findClusters(imageOf(image), {
        statThreshold: options.stat_threshold,
        clusterExtentVox: options.cluster_threshold ?? 0,
        minDistanceMm: options.min_distance ?? 8,
        isTwoSided: options.two_sided ?? false,
      })
      const found = clusters.flatMap(({ sizeMm3, peaks }) =>
        peaks.map(({ id, pointMm, value }, which) => [id, ...pointMm, value, which === 0 ? sizeMm3 : null]),
      )
      expect(found.map(([id, , , , , size]) => [id, size])).toEqual(rows.map(([id, , , , , size]) => [id, size]))
      for (const [at, row] of rows.entries())
        row.slice(1, 5).forEach((value, column) => {
          expect(found[at]![column + 1]).toBeCloseTo(value as number, 9)
        })
    })
  }

  it('are sets of voxels that are connected by faces', async () => {
    const clusters = await findClusters(imageOf('binary'), { statThreshold: 0.5 })
    expect(clusters.map(({ voxels }) => voxels.length)).toEqual([10, 16, 2])
  })

  const row = (data: number[], dtype: VoxelType = 'float64'): Image => {
    const voxels = createVoxels(dtype, data.length)
    voxels.set(data)
    return { data: voxels, dtype, shape: [data.length, 1, 1], voxelToWorldMm: identityAffine() }
  }
  const sizes = async (image: Image, statThreshold: number, clusterExtentVox?: number) =>
    (await findClusters(image, { statThreshold, ...(clusterExtentVox !== undefined && { clusterExtentVox }) })).map(
      ({ voxels }) => voxels.length,
    )

  it('of one side, from above 0 on, where nothing else is asked for', async () => {
    expect(await sizes(row([2, 0, -2, -2, 1, 1]), 0)).toEqual([1, 2])
    expect(await sizes(row([2, 0, -2, -2, 1, 1]), -1)).toEqual([2])
  })

  it('compare with the threshold in the precision of the image', async () => {
    expect(await sizes(row([0.1], 'float32'), 0.1)).toEqual([])
    expect(await sizes(row([0.1000000005]), 0.1)).toEqual([1])
  })

  it('that are too small are left out: voxels at the threshold count to the size, those of 0 do not', async () => {
    expect(await sizes(row([2, 2, 1, 0]), 1, 3)).toEqual([2])
    expect(await sizes(row([2, 2, 1, 0]), 1, 4)).toEqual([])
    expect(await sizes(row([2, 0, 0, 0]), 0, 2)).toEqual([])
  })

  it('are searched in slices: who leaves ends it', async () => {
    const shape = [160, 160, 160]
    const data = new Float32Array(160 ** 3).map((_, at) => (at % 7) - 1)
    const leave = new AbortController()
    setImmediate(() => leave.abort())
    const image: Image = { data, dtype: 'float32', shape, voxelToWorldMm: identityAffine() }
    const searching = findClusters(image, { statThreshold: 0.5, signal: leave.signal })
    await expect(searching).rejects.toMatchObject({ code: 'ABORTED' })
  })
})
