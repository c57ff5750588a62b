import { describe, expect, test } from 'vitest'
import {
  CommonCoordinateSpaceModel,
  ParcellationEntityVersionModel,
  SiibraAtlasModel,
  SiibraParcellationModel,
} from '../../../src/models/core.ts'
import { MapModel } from '../../../src/models/volumes.ts'
import { regionModelId } from '../../../src/siibra/index.ts'
import type { NamedConfiguration } from '../../configurations.ts'
import { expectModel, runHandler } from './run-handler.ts'

/** All that a configuration holds is answered by its id, and named by what it belongs to. */
export function reachesEverything({ name, load }: NamedConfiguration): void {
  describe(`everything in ${name} is reachable`, { timeout: 180_000 }, async () => {
    const atlas = await load()

    test('nothing is left out', async () => {
      await atlas.featureSpecs()
      const { problems } = atlas.configuration
      const counts = [atlas.atlases, atlas.spaces, atlas.parcellations, atlas.maps].map(({ all }) => all.length)
      if (name === 'demo') {
        expect(problems).toEqual([])
        expect(Math.min(...counts)).toBeGreaterThan(0)
      } else {
        // The human atlas names a parcellation whose file is not there.
        expect(problems).toMatchObject([{ file: 'atlases/human.json', property: 'parcellations' }])
        expect(counts).toEqual([5, 10, 29, 63])
      }
    })

    test('atlases, with all their spaces and parcellations', async () => {
      for (const { id, spaceIds, parcellationIds } of atlas.atlases.all) {
        const { json, headers } = await runHandler(atlas, 'single_atlas', { atlas_id: id })
        expectModel(SiibraAtlasModel, json)
        expect([json['@id'], headers]).toEqual([id, {}])
        expect(json.spaces.map((space: Record<string, string>) => space['@id']).sort()).toEqual([...spaceIds].sort())
        // The human atlas names one that the configuration does not have any more.
        const known = parcellationIds.filter((one) => atlas.parcellations.byId(one))
        expect(json.parcellations).toHaveLength(known.length)
      }
    })

    test('spaces', async () => {
      for (const { id } of atlas.spaces.all) {
        const { json, headers } = await runHandler(atlas, 'single_space', { space_id: id })
        expectModel(CommonCoordinateSpaceModel, json)
        expect([json['@id'], headers]).toEqual([id, {}])
      }
    })

    test('parcellations', async () => {
      for (const { id } of atlas.parcellations.all) {
        const { json, headers } = await runHandler(atlas, 'single_parcellation', { parcellation_id: id })
        expectModel(SiibraParcellationModel, json)
        expect([json['@id'], headers]).toEqual([id, {}])
      }
    })

    test('maps, by id and among those of their parcellation, space and type', async () => {
      for (const { id, parcellation, space, mapType } of atlas.maps.all) {
        const { json } = await runHandler(atlas, 'single_map', { map_id: id })
        expectModel(MapModel, json)
        expect(json['@id']).toBe(id)
        const params = { parcellation_id: parcellation.id, space_id: space.id, map_type: mapType }
        const listing = await runHandler(atlas, 'filtered_maps', params)
        expect(listing.json.items.map((map: Record<string, string>) => map['@id'])).toContain(id)
      }
    })

    test.runIf(name === 'head')('the labelled map of Julich-Brain 3.1 in MNI 152', async () => {
      const { json } = await runHandler(atlas, 'get_map', {
        parcellation_id: 'minds/core/parcellationatlas/v1.0.0/94c1125b-b87e-45e4-901c-00daee7f2579-310',
        space_id: 'minds/core/referencespace/v1.0.0/dafcffc5-4826-4bf1-8ff6-46b8a31ff8e2',
        map_type: 'LABELLED',
      })
      expect(Object.keys(json.indices).length).toBeGreaterThan(400)
    })

    test.each(atlas.parcellations.all.map(({ id }) => id))('regions of %s, by name and by @id', async (id) => {
      for (const region of atlas.parcellations.get(id).regions.slice(1)) {
        const byName = await runHandler(atlas, 'single_region', { parcellation_id: id, region_id: region.name })
        expectModel(ParcellationEntityVersionModel, byName.json)
        expect([byName.json.name, byName.headers]).toEqual([region.name, {}])
        const { json } = await runHandler(atlas, 'single_region', {
          parcellation_id: id,
          region_id: regionModelId(region),
        })
        expect(json['@id']).toBe(regionModelId(region))
      }
    })
  })
}
