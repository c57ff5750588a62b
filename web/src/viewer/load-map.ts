import { getBytes, id, type Options, type Query } from '../api/client.ts'
import { wholeMap } from '../state/atlas.ts'
import { drawn, ownImage } from '../state/shown.ts'
import { coloursOf } from './colours.ts'
import { readVertexLabels } from './gifti-labels.ts'
import { fragmentsOf, type LabelFile, numberRegions, numberVertices } from './labels.ts'
import type { Scene } from './scene.ts'
import { readVolume } from './volume.ts'

/** Files come while the code of the viewer does: what is loaded is shown by the function that comes back. */
type Show = (viewer: Scene) => Promise<void>
type Place = Query & { space_id?: string | undefined }

/** Template and regions of a map of voxels. */
export async function loadVolume(mapId: string, query: Place, options: Options): Promise<Show> {
  const loadLabels = async (fragment: string | undefined): Promise<LabelFile> => {
    const file = await getBytes('/map/labelled_map.nii.gz', { ...query, fragment }, options)
    return { fragment, volume: await readVolume(file) }
  }
  const [template, [map, labels]] = await Promise.all([
    getBytes('/map/resampled_template', query, options).then(readVolume),
    wholeMap(mapId).then(async (loaded) => [loaded, await Promise.all(fragmentsOf(loaded).map(loadLabels))] as const),
  ])
  const [first, ...others] = labels
  const isOneGrid = others.every(({ volume }) => volume.voxels.length === first?.volume.voxels.length)
  const regions = numberRegions(map, first && isOneGrid ? [first, ...others] : [await loadLabels(undefined)])
  return async (viewer) => {
    await Promise.all([
      viewer.setTemplate(template.bytes),
      viewer.setRegions(regions, coloursOf(regions.names, false)),
      viewer.setSurface(undefined, []),
    ])
    drawn.value = { ...regions, voxels: regions.numbers.length }
  }
}

/** A surface and the regions of its vertices. */
export async function loadSurface(query: Place, options: Options): Promise<Show> {
  const [mesh, labels] = await Promise.all([
    getBytes(`/spaces/${id(query.space_id ?? '')}/mesh.gii`, {}, options),
    getBytes('/map/labelled_surface.label.gii', query, options).then(readVertexLabels),
  ])
  const { names, numbers } = numberVertices(labels)
  return async (viewer) => {
    ownImage.value = undefined
    await Promise.all([
      viewer.setTemplate(undefined),
      viewer.setRegions(undefined, []),
      viewer.setRegionMesh(undefined, [0, 0, 0]),
    ])
    await viewer.setSurface({ mesh, numbers }, coloursOf(names, false))
    drawn.value = { names, voxels: 0, at: (pointMm) => names[viewer.numberNear(pointMm) - 1] }
  }
}
