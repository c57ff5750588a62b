import { gunzipSync } from 'node:zlib'
import { beforeAll, describe, expect, test } from 'vitest'
import { singleRegion } from '../../../src/data-handlers/core/regions.ts'
import { assignPoint } from '../../../src/data-handlers/volumes/assign-point.ts'
import { labelledMap, resampledTemplate } from '../../../src/data-handlers/volumes/labelled-map.ts'
import { statisticalMap, statisticalMapInfo } from '../../../src/data-handlers/volumes/statistical-map.ts'
import { providesImage } from '../../../src/siibra/core/volume.ts'
import type { AtlasCore, ParcellationMap } from '../../../src/siibra/index.ts'
import { decodeNifti } from '../../../src/siibra/volumes/nifti/decode.ts'
import type { AnyHandler } from '../../../src/tasks/task.ts'
import type { NamedConfiguration } from '../../configurations.ts'

/** Every map of a configuration answers: whole, one region, one statistical map, the template, one point. */
export function answersForEveryMap({ name, load }: NamedConfiguration): void {
  describe(`every map of ${name}`, { timeout: 600_000 }, () => {
    let core: AtlasCore
    let drawn: ParcellationMap[]
    beforeAll(async () => {
      core = await load()
      drawn = core.maps.all.filter(({ volumes }) => volumes.some(providesImage))
    })

    async function run(handler: AnyHandler, params: Record<string, unknown>) {
      return handler.run(params, {
        core: async () => core,
        signal: new AbortController().signal,
        sharedDir: '',
        progress() {},
      })
    }
    async function runForImage(handler: AnyHandler, params: Record<string, unknown>) {
      const answer = await run(handler, params)
      if (!('bytes' in answer)) throw new Error('no file')
      const image = decodeNifti(gunzipSync(answer.bytes))
      return { ...image, values: Array.from(image.data) }
    }
    // biome-ignore lint/suspicious/noExplicitAny: whatever the handler answers is held against expectations
    async function runForJson(handler: AnyHandler, params: Record<string, unknown>): Promise<any> {
      const answer = await run(handler, params)
      if (!('json' in answer)) throw new Error('no JSON')
      // tables make it when it is asked for
      return typeof answer.json === 'function' ? answer.json() : answer.json
    }
    const idsOf = ({ parcellation, space }: ParcellationMap) => ({
      parcellation_id: parcellation.id,
      space_id: space.id,
    })
    const someRegion = ({ indices }: ParcellationMap) => [...indices.keys()][indices.size >> 1]!
    const named = ({ mapType, parcellation, space }: ParcellationMap) =>
      `${mapType} ${parcellation.name} in ${space.name}`

    test('there are maps of both kinds', () => {
      expect(new Set(drawn.map(({ mapType }) => mapType))).toEqual(new Set(['LABELLED', 'STATISTICAL']))
    })

    test('labelled maps, templates in their voxels', async () => {
      for (const map of drawn.filter(({ mapType }) => mapType === 'LABELLED')) {
        const whole = await runForImage(labelledMap, idsOf(map))
        expect(
          whole.values.some((value) => value > 0),
          named(map),
        ).toBe(true)
        const template = await runForImage(resampledTemplate, idsOf(map))
        expect(template.shape, named(map)).toEqual(whole.shape)
        expect(
          template.values.some((value) => value !== 0),
          named(map),
        ).toBe(true)
      }
    })

    test('masks of regions, their centroids, and what is drawn there', async () => {
      for (const map of drawn.filter(({ mapType }) => mapType === 'LABELLED')) {
        const region = { ...idsOf(map), region_id: someRegion(map) }
        const mask = await runForImage(labelledMap, region)
        expect(new Set(mask.values), `${named(map)}: ${region.region_id}`).toEqual(new Set([0, 1]))
        const { hasAnnotation } = await runForJson(singleRegion, region)
        const point = hasAnnotation.bestViewPoint.coordinates.map(({ value }: { value: number }) => value).join(',')
        const table = await runForJson(assignPoint, { ...idsOf(map), point, assignment_type: 'labelled', sigma_mm: 0 })
        expect(table.columns).toContain('map_value')
      }
    })

    test('statistical maps, their ranges, and points in them', async () => {
      for (const map of drawn.filter(({ mapType }) => mapType === 'STATISTICAL')) {
        const region = { ...idsOf(map), region_id: someRegion(map), name: map.name }
        const image = await runForImage(statisticalMap, region)
        const { min, max } = await runForJson(statisticalMapInfo, region)
        expect(min, named(map)).toBeGreaterThanOrEqual(0)
        expect(max, named(map)).toBeGreaterThan(0)
        const at = image.values.indexOf(image.values.reduce((a, b) => Math.max(a, b)))
        const [nx, ny] = [image.shape[0]!, image.shape[1]!]
        const m = image.voxelToWorldMm
        const [i, j, k] = [at % nx, Math.floor(at / nx) % ny, Math.floor(at / (nx * ny))]
        const point = [0, 4, 8].map((row) => m[row]! * i + m[row + 1]! * j + m[row + 2]! * k + m[row + 3]!).join(', ')
        const table = await runForJson(assignPoint, {
          ...idsOf(map),
          point,
          assignment_type: 'statistical',
          sigma_mm: 0,
        })
        expect(table.data.length, `${named(map)} at ${point}`).toBeGreaterThan(0)
      }
    })
  })
}
