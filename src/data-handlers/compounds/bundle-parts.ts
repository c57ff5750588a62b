/** What a bundle may hold. A part gives its members one after the other; each may fail without the others. */
import { basename } from 'node:path/posix'
import {
  type AtlasCore,
  type Extent,
  fetchLabelledMapFile,
  fetchMeshFile,
  fetchStatisticalMap,
  fetchSurfaceLabelFile,
  fetchTemplateCutout,
  findMap,
  findMapIndex,
  findRegionMask,
  type Gaps,
  gzipNifti,
  lookUpRegion,
  maskImageInSlices,
  type Parcellation,
  parseBox,
  type Region,
  SiibraError,
  type Space,
  surfaceLabelFiles,
} from '../../siibra/index.ts'
import { conceptInfo, mapInfo } from './bundle-texts.ts'

export interface Member {
  /** Name in the archive; where it fails, `<path>.error.txt` (or the name given for that) says why. */
  path: string
  errorPath?: string
  /** For people who watch the progress. */
  doing: string
  /** Undefined where there is no such thing, which is no failure. `gaps` hears of what is missing of a text, or stands in for a file. */
  load(signal: AbortSignal, gaps: Gaps): Promise<Uint8Array | string | undefined>
}

/** The statistical map of a region in a space, what is known about it, and the mask of the region, where there is one. */
export function regionMembers(
  core: AtlasCore,
  ids: { space: string; parcellation: string; region: string; extent: Extent | undefined },
): Member[] {
  const found = attempt(() => {
    const space = core.spaces.get(ids.space)
    const region = lookUpRegion(core.parcellations.get(ids.parcellation), ids.region).object
    return { space, region }
  })
  if ('error' in found) return failing('UNKNOWN_REGION', ids.region, found.error)
  const { space, region } = found.value
  const path = `${region.key}.nii.gz`
  return [
    {
      path,
      doing: `the statistical map of ${region.name}`,
      load: async (signal) =>
        gzipNifti(await fetchStatisticalMap(core, statisticalMapOf(core, region, space), region.name, signal), signal),
    },
    {
      path: `${path}.info.md`,
      doing: `the description of ${region.name}`,
      load: async (_signal, gaps) => {
        const map = statisticalMapOf(core, region, space)
        const volume = map.volumes[findMapIndex(map, region.name).volume]
        return mapInfo(core, `Statistical map of ${region.name} in ${space.name}`, volume?.datasets ?? [], gaps)
      },
    },
    {
      path: `${region.key}.mask.nii.gz`,
      doing: `the mask of ${region.name}`,
      load: async (signal) => {
        const mask = await findRegionMask(core, region, space, { extent: ids.extent, signal })
        return mask && gzipNifti(await maskImageInSlices(mask, signal), signal)
      },
    },
  ]
}

function statisticalMapOf(core: AtlasCore, region: Region, space: Space) {
  const map = findMap(core, { parcellation: region.parcellation, space: space.id, mapType: 'STATISTICAL' })
  if (map) return map
  const message = `'${region.parcellation.name}' has no statistical map in the space '${space.name}'`
  throw new SiibraError('INVALID_COMBINATION', message)
}

/** The labelled map of a parcellation in a space: voxels, and the files of labels of vertices where it is drawn on surfaces. */
export function parcellationMembers(core: AtlasCore, ids: { space: string; parcellation: string }): Member[] {
  const found = attempt(() => core.parcellations.get(ids.parcellation))
  if ('error' in found) return failing('UNKNOWN_PARCELLATION', ids.parcellation, found.error)
  const parcellation: Parcellation = found.value
  const path = `${parcellation.key}.label.nii.gz`
  return [
    {
      path,
      doing: `the labelled map of ${parcellation.name}`,
      load: async (signal) => {
        const space = core.spaces.get(ids.space)
        const map = findMap(core, { parcellation, space: space.id, mapType: 'LABELLED' })
        if (map) return fetchLabelledMapFile(core, map, { signal })
        const message = `'${parcellation.name}' has no labelled map in the space '${space.name}'`
        throw new SiibraError('INVALID_COMBINATION', message)
      },
    },
    ...surfaceLabelMembers(core, parcellation, ids.space),
    {
      path: `${path}.info.md`,
      doing: `the description of ${parcellation.name}`,
      load: (_signal, gaps) => conceptInfo(core, parcellation, gaps),
    },
  ]
}

/** Labels of vertices as the map provides them, by hemisphere; a space that there is not is told by the map itself. */
function surfaceLabelMembers(core: AtlasCore, parcellation: Parcellation, spaceId: string): Member[] {
  const space = attempt(() => core.spaces.get(spaceId))
  const map = 'value' in space && findMap(core, { parcellation, space: space.value.id, mapType: 'LABELLED' })
  if (!map) return []
  return map.volumes.flatMap(surfaceLabelFiles).map((file) => ({
    path: [`${parcellation.key}.label`, file.fragment, file.name].filter(Boolean).join('/'),
    doing: `the labels of ${[parcellation.name, file.fragment].filter(Boolean).join(', ')}`,
    load: (signal) => fetchSurfaceLabelFile(core.retrieval, file, signal),
  }))
}

/** The template of a space: voxels (within a box, where one is given) or the files of its surfaces. */
export function spaceMembers(core: AtlasCore, ids: { space: string; bbox: string | undefined }): Member[] {
  const found = attempt(() => core.spaces.get(ids.space))
  if ('error' in found) return failing('UNKNOWN_SPACE', ids.space, found.error)
  const space: Space = found.value
  const isSurface = space.volumes.length > 0 && space.volumes.every(({ providers }) => providers['gii-mesh'])
  const path = isSurface ? space.key : `${space.key}.nii.gz`
  const template: Member = {
    path,
    doing: `the template of ${space.name}`,
    load: async (signal, gaps) => {
      const boxMm = ids.bbox === undefined ? undefined : parseBox(ids.bbox, space)
      const box = boxMm && { minMm: [...boxMm.minMm] as Corner, maxMm: [...boxMm.maxMm] as Corner }
      const onStandIn = () => {
        gaps.areRetryable = true
      }
      return gzipNifti(await fetchTemplateCutout(core, space, { boxMm: box, signal, onStandIn }), signal)
    },
  }
  return [
    ...(isSurface ? surfaceMembers(core, space) : [template]),
    {
      path: `${path}.info.md`,
      doing: `the description of ${space.name}`,
      load: (_signal, gaps) => conceptInfo(core, space, gaps),
    },
  ]
}

type Corner = [number, number, number]

/** The mesh files of a space as they are, by variant and hemisphere. */
function surfaceMembers(core: AtlasCore, space: Space): Member[] {
  return space.volumes.flatMap((volume, i) => {
    const root = `${space.key}/${volume.variant ?? `unknown-variant-${i}`}`
    const source = volume.providers['gii-mesh'] ?? {}
    const files = typeof source === 'string' ? [['', source] as const] : Object.entries(source)
    return files.map(([fragment, url]) => ({
      path: [root, fragment, basename(new URL(url).pathname)].filter(Boolean).join('/'),
      doing: `the surface ${[volume.variant, fragment].filter(Boolean).join(', ')} of ${space.name}`,
      load: (signal: AbortSignal) => fetchMeshFile(core.retrieval, url, signal),
    }))
  })
}

/** A feature with its data, as its own download gives it. */
export function featureMembers(featureId: string, archive: (gaps: Gaps) => Promise<Uint8Array>): Member[] {
  const name = featureId.replace(/[\\/]/g, '_')
  const [path, errorPath] = [`export-${name}.zip`, `${name}.error.txt`]
  return [{ path, errorPath, doing: `the feature ${featureId}`, load: (_signal, gaps) => archive(gaps) }]
}

/** One member that says what could not be found. */
function failing(name: string, id: string, error: unknown): Member[] {
  return [{ path: name, doing: id, load: () => Promise.reject(error) }]
}

function attempt<T>(find: () => T): { value: T } | { error: unknown } {
  try {
    return { value: find() }
  } catch (error) {
    return { error }
  }
}
