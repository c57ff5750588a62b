import { MEASURE_COLUMNS, type RegionColumn, RegionTableParams, TREE_COLUMNS } from '../../models/region-tables.ts'
import { columnsOf, regionsTable } from '../../serialization/tables/region-table.ts'
import { type MapType, measureRegions, type Region, regionRows, SiibraError } from '../../siibra/index.ts'
import type { DataHandler } from '../../tasks/task.ts'
import { lookUpRequestedRegion } from '../look-up-region.ts'
import { matchHeaders } from '../match-header.ts'
import { provenanceOf } from '../provenance.ts'
import { requireMap } from './find-map.ts'

const isMeasure = (column: RegionColumn) => (MEASURE_COLUMNS as readonly RegionColumn[]).includes(column)

/** All regions of a parcellation with what is known of them: in the tree, in a map, in the voxels of a space. */
export const regionTable: DataHandler<RegionTableParams> = {
  name: 'region_table',
  queue: 'volumes',
  params: RegionTableParams,
  async run({ parcellation_id, space_id, map_type, within, level, leaf, columns }, context) {
    const core = await context.core()
    const parcellation = core.parcellations.lookUp(parcellation_id)
    const mapType = map_type.toUpperCase() as MapType
    const found = space_id === undefined ? undefined : requireMap(core, { parcellation_id, space_id }, mapType)
    const map = found?.map
    const shown = columns ?? columnsOf(map !== undefined, MEASURE_COLUMNS)
    if (map === undefined) refuseMeasures(shown)
    const region = within === undefined ? undefined : lookUpWithin(parcellation.object, within)
    const root: Region = region?.object ?? parcellation.object
    const rows = regionRows(root, { map, depth: level, leaf: leaf === undefined ? undefined : leaf === 'true' })
    const measures =
      map?.mapType === 'LABELLED' && shown.some(isMeasure)
        ? await measureRegions(core, parcellation.object, map.space, { signal: context.signal })
        : undefined
    return {
      table: async () => ({
        ...regionsTable(
          rows.map((row) => {
            const drawn = parcellation.object.regions[row.order + 1]
            return { row, measures: drawn && measures?.get(drawn) }
          }),
          shown,
        ),
        provenance: await provenanceOf(core, { parcellation: parcellation.object, map }),
      }),
      headers: { ...found?.headers, ...matchHeaders({ parcellation, region }) },
    }
  },
}

function refuseMeasures(columns: readonly RegionColumn[]): void {
  const measures = columns.filter(isMeasure)
  if (measures.length === 0) return
  throw new SiibraError('INVALID_PARAMETER', `Without space_id there are no columns ${measures.join(', ')}`, {
    parameter: 'columns',
    allowed: TREE_COLUMNS,
  })
}

function lookUpWithin(...[parcellation, spec]: Parameters<typeof lookUpRequestedRegion>) {
  try {
    return lookUpRequestedRegion(parcellation, spec)
  } catch (thrown) {
    if (!(thrown instanceof SiibraError)) throw thrown
    throw new SiibraError(thrown.code, thrown.message, { ...thrown.details, parameter: 'within' })
  }
}
