import { type ReadonlySignal, type Signal, useComputed, useSignal, useSignalEffect } from '@preact/signals'
import { useRef } from 'preact/hooks'
import { getBytes, id, type Options, type Query } from '../api/client.ts'
import { colourOn, imageScale, parseColour, type Scale } from '../colour.ts'
import { namesWithin, pathTo } from '../regions/tree.ts'
import { tree } from '../regions/tree-view.tsx'
import { address } from '../state/address.ts'
import { hasStatisticsOfRegion, hasVoxels, labelledMap, space, wholeMap } from '../state/atlas.ts'
import { report, withProgress } from '../state/problems.ts'
import { drawn, ownImage, regionValues } from '../state/shown.ts'
import type { RegionColour } from './colour-table.ts'
import { readVertexLabels } from './gifti-labels.ts'
import { numberRegions, numberVertices } from './labels.ts'
import { largestValue, readNifti, valueAt } from './nifti.ts'
import type { Scene } from './scene.ts'

type SceneSignal = ReadonlySignal<Scene | undefined>

/** How strongly regions cover the template, where none is chosen. */
const OPACITY = 0.72
/** Regions beside the one that is chosen. */
const DIMMED = 0.14
/** Regions below a map of probabilities. */
const BELOW_IMAGE = 0.1

/** What is drawn over the template, for the legend and for reading values. */
export interface DrawnImage {
  title: string
  isProbability: boolean
  scale: Scale
  valueAt: ((pointMm: readonly number[]) => number | undefined) | undefined
}

/** Loads and draws what is chosen, whenever that changes. What is under way for an earlier choice is ended. */
export function useDrawing(scene: SceneSignal, ready: Promise<Scene>) {
  const image = useSignal<DrawnImage | undefined>(undefined)
  const isReady = useSignal(false)
  const isProbabilityWanted = useComputed(
    () => hasStatisticsOfRegion.value && address.layer.value !== 'labels' && !regionValues.value,
  )
  const scheduleDraw = useScheduledDraw(ready)
  useMap(ready, isReady, scheduleDraw)
  useColours(scene, image, scheduleDraw)
  useImage(scene, image, isProbabilityWanted, scheduleDraw)
  useMeshes(scene, isReady, scheduleDraw)
  return { image, isReady }
}

/** Draws soon; the promise is kept when it is drawn. */
type Draw = () => Promise<void>

/** Drawing anew takes as long as ten frames: what changes together is drawn together. */
function useScheduledDraw(ready: Promise<Scene>): Draw {
  const waiting = useRef<Promise<void>>(undefined)
  return () => {
    waiting.current ??= ready.then(async (viewer) => {
      await new Promise((resolve) => setTimeout(resolve))
      waiting.current = undefined
      viewer.draw()
    })
    return waiting.current
  }
}

/** Runs `load` with a signal that aborts when what it depends on changes. */
function useLoading(load: () => ((signal: AbortSignal) => Promise<void>) | undefined) {
  useSignalEffect(() => {
    const run = load()
    if (!run) return
    const ended = new AbortController()
    run(ended.signal).catch(report)
    return () => ended.abort()
  })
}

const chosenMap = () => ({
  parcellation_id: labelledMap.value?.parcellation['@id'],
  space_id: labelledMap.value?.space['@id'],
})

/** Template and regions of the chosen map; of spaces without voxels, the surface and the regions of its vertices. */
function useMap(ready: Promise<Scene>, isReady: Signal<boolean>, draw: Draw) {
  useLoading(() => {
    const [chosen, chosenSpace] = [labelledMap.value, space.value]
    if (!chosen || !chosenSpace) return undefined
    const query = chosenMap()
    drawn.value = undefined
    isReady.value = false
    return (ended) =>
      withProgress(`Loading ${chosenSpace.fullName}`, async (signal, onProgress) => {
        const both = { signal: AbortSignal.any([signal, ended]), onProgress }
        const show = hasVoxels(chosenSpace)
          ? await loadVolume(chosen['@id'], query, both)
          : await loadSurface(query, both)
        const viewer = await ready
        both.signal.throwIfAborted()
        await show(viewer)
        await draw()
        both.signal.throwIfAborted()
        isReady.value = true
      })
  })
}

/** Files come while the code of the viewer does: what is loaded is shown by the function that comes back. */
type Show = (viewer: Scene) => Promise<void>

async function loadVolume(mapId: string, query: Query, options: Options): Promise<Show> {
  const [map, template, labels] = await Promise.all([
    wholeMap(mapId),
    getBytes('/map/resampled_template', query, options).then(readNifti),
    getBytes('/map/labelled_map.nii.gz', query, options).then(readNifti),
  ])
  const regions = numberRegions(map, labels)
  return async (viewer) => {
    await Promise.all([
      viewer.setTemplate(template.bytes),
      viewer.setRegions(regions, coloursOf(regions.names, false)),
      viewer.setSurface(undefined, []),
    ])
    drawn.value = { ...regions, voxels: regions.numbers.length }
  }
}

async function loadSurface(query: Query & { space_id?: string | undefined }, options: Options): Promise<Show> {
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

/** What is chosen stands out; values by region take the place of its colours. */
function useColours(scene: SceneSignal, image: ReadonlySignal<DrawnImage | undefined>, draw: Draw) {
  useSignalEffect(() => {
    const names = drawn.value?.names
    if (!scene.value || !names) return
    scene.value.colour(coloursOf(names, image.value !== undefined))
    draw()
  })
}

/** An image of one's own, else the statistical map of the chosen region. */
function useImage(
  scene: SceneSignal,
  image: Signal<DrawnImage | undefined>,
  isProbabilityWanted: ReadonlySignal<boolean>,
  draw: Draw,
) {
  useLoading(() => {
    const [viewer, own] = [scene.value, ownImage.value]
    if (!viewer || !drawn.value) return undefined
    const name = !own && isProbabilityWanted.value ? address.region.value : undefined
    const query = { ...chosenMap(), region_id: name }
    return async (ended) => {
      if (!own && !name) {
        if (!image.peek()) return
        await viewer.setImage(undefined)
        image.value = undefined
        return draw()
      }
      const volume = own
        ? undefined
        : await getBytes('/map/statistical_map.nii.gz', query, { signal: ended }).then(readNifti)
      const range = await viewer.setImage(own ? own.file : volume?.bytes, volume && [0, largestValue(volume)])
      if (ended.aborted || !range) return
      image.value = {
        title: own?.name ?? name ?? '',
        isProbability: !own,
        scale: imageScale(...range),
        valueAt: volume && ((pointMm) => valueAt(volume, pointMm)),
      }
      draw()
    }
  })
}

/** The chosen region as a mesh, as the service makes it. A region that is not drawn has none: the planes show what there is. */
function useMeshes(scene: SceneSignal, isReady: ReadonlySignal<boolean>, draw: Draw) {
  useLoading(() => {
    const [viewer, name, chosenSpace] = [scene.value, address.region.value, space.value]
    if (!viewer || !isReady.value || !chosenSpace || !hasVoxels(chosenSpace)) return undefined
    const query = { ...chosenMap(), region_id: name, smooth: 10, decimate: 0.6 }
    return async (signal) => {
      const file = name ? await getBytes('/map/mesh.gii', query, { signal }).catch(() => undefined) : undefined
      if (signal.aborted) return
      await viewer.setRegionMesh(file, colourOf(name ?? '', 0))
      draw()
    }
  })
  useGlass(scene, isReady, draw)
}

/** Triangles of the brain around it: more cannot be seen, and take long to draw. */
const GLASS_TRIANGLES = 60_000

/** The brain as if of glass, with the first region that is chosen in its space. Large templates take the service seconds, once. */
function useGlass(scene: SceneSignal, isReady: ReadonlySignal<boolean>, draw: Draw) {
  const shownFor = useSignal('')
  const isWanted = useComputed(() => address.region.value !== undefined && address.region.value !== '')
  useLoading(() => {
    const [viewer, chosenSpace] = [scene.value, space.value]
    if (!viewer || !isReady.value || !isWanted.value || !chosenSpace || !hasVoxels(chosenSpace)) return undefined
    const path = `/spaces/${id(chosenSpace['@id'])}/mesh.gii`
    if (shownFor.peek() === path) return undefined
    // a surface within n voxels has about 16 n^(2/3) triangles, with folds
    const voxels = drawn.peek()?.voxels ?? 0
    const decimate = Math.min(1, Math.ceil((100 * GLASS_TRIANGLES) / (16 * voxels ** (2 / 3) + 1)) / 100)
    return async (signal) => {
      const file = await getBytes(path, { smooth: 10, decimate }, { signal }).catch(() => undefined)
      if (signal.aborted) return
      await viewer.setGlass(file)
      shownFor.value = path
      draw()
    }
  })
}

/** The colour of a region in its parcellation; one by its number where it has none. */
export const colourOf = (name: string, number: number) => parseColour(tree.value.byName.get(name)?.colour, number)

/** Colours of the regions as the configuration has them, or of their values; where one is chosen the others step back. */
function coloursOf(names: readonly string[], isBelowImage: boolean): RegionColour[] {
  const chosen = address.region.value ? tree.value.byName.get(address.region.value) : undefined
  const within = chosen && namesWithin(chosen)
  const valued = regionValues.value
  return names.map((name, at) => {
    const opacity = isBelowImage ? BELOW_IMAGE : !within ? OPACITY : within.has(name) ? 0.95 : DIMMED
    if (!valued) return { rgb: colourOf(name, at), opacity }
    const node = tree.value.byName.get(name)
    const value = (node ? pathTo(node).map(({ region }) => region.name) : [name])
      .map((one) => valued.values.get(one))
      .findLast((one) => one !== undefined)
    return value === undefined
      ? { rgb: [128, 128, 128], opacity: 0.08 }
      : { rgb: colourOn(valued.scale, value), opacity: within && !within.has(name) ? 0.35 : 0.95 }
  })
}
