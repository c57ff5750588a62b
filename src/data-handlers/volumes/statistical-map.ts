import { StatisticalMapParams } from '../../models/parameters/volumes.ts'
import {
  type AtlasCore,
  cropImage,
  fetchStatisticalMap,
  findMapIndex,
  imageRange,
  type ParcellationMap,
  SiibraError,
} from '../../siibra/index.ts'
import type { DataHandler, HandlerContext } from '../../tasks/task.ts'
import { cutoutOptions, isCutout } from './exports/cutout.ts'
import { requireMap } from './find-map.ts'
import { niftiAnswer } from './nifti-answer.ts'

async function loadMap({ region_id, name, ...query }: StatisticalMapParams, context: HandlerContext) {
  const core = await context.core()
  const { map: first, headers } = requireMap(core, query, 'STATISTICAL', name)
  if (region_id.trim() === '') {
    throw new SiibraError('INVALID_PARAMETER', 'region_id is empty', { parameter: 'region_id' })
  }
  const map = first.indices.has(region_id) ? first : (otherMapOf(core, first, region_id) ?? first)
  if (query.fragment !== undefined) requireFragment(map, region_id, query.fragment)
  return { image: await fetchStatisticalMap(core, map, region_id, context.signal), space: map.space, headers }
}

/** A statistical map lies in one volume, at most in one fragment of it. */
function requireFragment(map: ParcellationMap, region: string, fragment: string): void {
  const own = findMapIndex(map, region).fragment
  if (own?.toLowerCase().includes(fragment.toLowerCase())) return
  const which = own === null ? 'has no fragments' : `lies in ${own}`
  throw new SiibraError('INVALID_PARAMETER', `fragment: the statistical map of '${region}' ${which}`, {
    parameter: 'fragment',
    allowed: own === null ? [] : [own],
  })
}

/** Some parcellations have several statistical maps in a space; where the first lacks a region, another may draw it. */
function otherMapOf(core: AtlasCore, first: ParcellationMap, regionName: string): ParcellationMap | undefined {
  return core.maps.all.find(
    (map) =>
      map.mapType === first.mapType &&
      map.parcellation === first.parcellation &&
      map.space === first.space &&
      map.indices.has(regionName),
  )
}

/** The statistical map of one region. */
export const statisticalMap: DataHandler<StatisticalMapParams> = {
  name: 'statistical_map',
  queue: 'volumes',
  params: StatisticalMapParams,
  async run(params, context) {
    const { image: whole, space, headers } = await loadMap(params, context)
    const image = isCutout(params) ? cropImage(whole, cutoutOptions(params, space, context.signal)) : whole
    return niftiAnswer(image, 'statistical_map.nii.gz', headers, context.signal)
  },
}

/** Its smallest and largest value. */
export const statisticalMapInfo: DataHandler<StatisticalMapParams> = {
  name: 'statistical_map_info',
  queue: 'volumes',
  params: StatisticalMapParams,
  async run(params, context) {
    const { image, headers } = await loadMap(params, context)
    return { json: await imageRange(image, context.signal), headers }
  },
}
