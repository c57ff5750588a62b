import { describe, expect, it } from 'vitest'
import type { AtlasMap, MapIndex } from '../../web/src/api/types.ts'
import { paint } from '../../web/src/viewer/colour-table.ts'
import { fragmentsOf, numberRegions, numberVertices } from '../../web/src/viewer/labels.ts'
import { colourFile, type NiftiVolume, readVolume, valueAt } from '../../web/src/viewer/volume.ts'
import { startTestApp } from '../app.ts'

const index = (label: number, fragment: string | null, volume = 0): MapIndex => ({ volume, label, fragment })
const mapOf = (indices: Record<string, MapIndex[]>) => ({ indices }) as unknown as AtlasMap

/** A volume of 3 x 1 x 1 voxels of 2 mm, the middle one at x = 0. */
const volumeOf = (voxels: number[]): NiftiVolume => ({
  bytes: new ArrayBuffer(352),
  voxels: Uint8Array.from(voxels),
  shape: [3, 1, 1],
  affine: [2, 0, 0, -2, 0, 2, 0, 0, 0, 0, 2, 0],
})

describe('regions by voxels', () => {
  it('tells sides that share a label by their files, wherever the voxels lie', () => {
    const map = mapOf({ left: [index(1, 'left hemisphere')], right: [index(1, 'right hemisphere')] })
    expect(fragmentsOf(map)).toEqual(['left hemisphere', 'right hemisphere'])
    const regions = numberRegions(map, [
      { fragment: 'left hemisphere', volume: volumeOf([1, 1, 0]) },
      { fragment: 'right hemisphere', volume: volumeOf([0, 0, 1]) },
    ])
    expect([-2, 0, 2, 5].map((x) => regions.at([x, 0, 0]))).toEqual(['left', 'left', 'right', undefined])
  })

  it('takes regions of several volumes in their order, and labels of one as they are', () => {
    const several = mapOf({ a: [index(1, null, 0)], b: [index(1, null, 1)] })
    expect(fragmentsOf(several)).toEqual([undefined])
    const one = numberRegions(several, [{ fragment: undefined, volume: volumeOf([1, 2, 0]) }])
    expect([...one.numbers]).toEqual([1, 2, 0])
    const labels = mapOf({ a: [index(7, null)], b: [index(200, null)] })
    const other = numberRegions(labels, [{ fragment: undefined, volume: volumeOf([200, 7, 9]) }])
    expect([...other.numbers]).toEqual([2, 1, 0])
  })

  it('numbers vertices by the names of their labels', () => {
    const names = new Map([
      [0, '???'],
      [5, 'a'],
      [9, 'b'],
    ])
    const surface = numberVertices({ labels: Int32Array.of(9, 0, 5), names })
    expect(surface.names).toEqual(['a', 'b'])
    expect([...surface.numbers]).toEqual([2, 0, 1])
  })

  it('paints voxels as red, green, blue and opacity, in a file with the place of the volume', () => {
    const { file, pixels } = colourFile(volumeOf([0, 1, 0]))
    paint(pixels, Uint16Array.of(0, 1, 0), [{ rgb: [10, 20, 30], opacity: 0.5 }])
    expect([...new Uint8Array(file, 352)]).toEqual([0, 0, 0, 0, 10, 20, 30, 128, 0, 0, 0, 0])
    expect(new DataView(file).getInt16(70, true)).toBe(2304)
  })

  it('reads what the service writes: probabilities where siibra finds them', async () => {
    const app = await startTestApp()
    try {
      const place = 'parcellation_id=siibra-api/demo/parcellation/harbour-2&space_id=siibra-api/demo/space/harbour-mean'
      const file = await app.get(`/v3_0/map/statistical_map.nii.gz?${place}&region_id=Area B1 (Bow) left`)
      const volume = await readVolume(new Uint8Array(file.bytes).buffer)
      const table = await app.get(`/v3_0/map/assign?${place}&point=-15mm,51mm,-3mm&assignment_type=statistical`)
      const { columns, data } = JSON.parse(Buffer.from(table.bytes).toString())
      const row = data.find((one: unknown[]) => one[columns.indexOf('region')] === 'Area B1 (Bow) left')
      expect(valueAt(volume, [-15, 51, -3])).toBeCloseTo(row[columns.indexOf('map_value')], 6)
    } finally {
      await app.close()
    }
  })
})
