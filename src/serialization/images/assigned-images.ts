import { type AssignedComponent, type Region, regionModelId } from '../../siibra/index.ts'
import type { Column, ColumnType, Table } from '../../tables/table.ts'

/** Regions of the components of an image: a row for each. */
export function assignedImageTable(
  rows: readonly AssignedComponent[],
  regions: ReadonlyMap<string, Region>,
  isLabelled: boolean,
): Table {
  const column = (name: string, type: ColumnType, of: (row: AssignedComponent) => unknown): Column => ({
    name,
    type,
    values: rows.map(of),
  })
  const idOf = (name: string | null) => {
    const region = name === null ? undefined : regions.get(name)
    return region ? regionModelId(region) : null
  }
  return {
    name: 'assignments_of_image',
    rows: rows.length,
    columns: [
      column('input_structure', 'integer', ({ component }) => component),
      column('centroid', 'point', ({ facts }) => facts.centroidMm),
      column('region', 'text', ({ region }) => region),
      column('region_id', 'text', ({ region }) => idOf(region)),
      column('map_value', isLabelled ? 'integer' : 'number', ({ scores }) => scores.mapValue),
      column('correlation', 'number', ({ scores }) => scores.correlation),
      column('intersection_over_union', 'number', ({ scores }) => scores.intersectionOverUnion),
      // Sic: in labelled maps siibra compares the input with the map, so that its columns of the two change places
      column('map_containedness', 'number', ({ scores }) => scores.intersectionOverFirst),
      column('input_containedness', 'number', ({ scores }) => scores.intersectionOverSecond),
      column('map_weighted_mean', 'number', ({ scores }) => scores.weightedMeanOfFirst),
      column('input_weighted_mean', 'number', ({ scores }) => scores.weightedMeanOfSecond),
      column('component_voxels', 'integer', ({ facts }) => facts.voxels),
      column('component_volume_mm3', 'number', ({ facts, voxelMm3 }) => facts.voxels * voxelMm3),
      column('peak_x_mm', 'number', ({ facts }) => facts.peakMm[0]),
      column('peak_y_mm', 'number', ({ facts }) => facts.peakMm[1]),
      column('peak_z_mm', 'number', ({ facts }) => facts.peakMm[2]),
      column('peak_value', 'number', ({ facts }) => facts.peakValue),
    ],
  }
}
