import { type ReadonlySignal, type Signal, useComputed, useSignal, useSignalEffect } from '@preact/signals'
import { getBytes } from '../api/client.ts'
import { colourOn, imageScale, parseColour, type Scale } from '../colour.ts'
import { namesWithin, pathTo } from '../regions/tree.ts'
import { tree } from '../regions/tree-view.tsx'
import { address } from '../state/address.ts'
import { hasStatisticsOfRegion, hasVoxels, map, space } from '../state/atlas.ts'
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
export function useDrawing(scene: SceneSignal) {
  const image = useSignal<DrawnImage | undefined>(undefined)
  const isReady = useSignal(false)
  const isProbabilityWanted = useComputed(
    () => hasStatisticsOfRegion.value && address.layer.value !== 'labels' && !regionValues.value,
  )
  const scheduleDraw = useScheduledDraw(scene)
  useMap(scene, isReady, scheduleDraw)
  useColours(scene, image, scheduleDraw)
  useImage(scene, image, isProbabilityWanted, scheduleDraw)
  useMeshes(scene, isReady, scheduleDraw)
  return { image, isReady }
}

/** Drawing anew takes as long as ten frames: what changes together is drawn together. */
function useScheduledDraw(scene: SceneSignal) {
  const waits = useSignal(false)
  return () => {
    if (waits.peek()) return
    waits.value = true
    setTimeout(() => {
      waits.value = false
      scene.peek()?.draw()
    })
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

const chosenMap = () => ({ parcellation_id: map.value?.parcellation['@id'], space_id: map.value?.space['@id'] })

/** Template and regions of the chosen map; of spaces without voxels, the surface and the regions of its vertices. */
function useMap(scene: SceneSignal, isReady: Signal<boolean>, draw: () => void) {
  useLoading(() => {
    const [chosen, chosenSpace, viewer] = [map.value, space.value, scene.value]
    if (!viewer || !chosen || !chosenSpace || chosen.space['@id'] !== chosenSpace['@id']) return undefined
    const query = chosenMap()
    drawn.value = undefined
    isReady.value = false
    return (ended) =>
      withProgress(`Loading ${chosenSpace.fullName}`, async (signal, onProgress) => {
        const both = { signal: AbortSignal.any([signal, ended]), onProgress }
        if (hasVoxels(chosenSpace)) {
          const [template, labels] = await Promise.all([
            getBytes('/map/resampled_template', query, both).then(readNifti),
            getBytes('/map/labelled_map.nii.gz', query, both).then(readNifti),
          ])
          const regions = numberRegions(chosen, labels)
          both.signal.throwIfAborted()
          await Promise.all([
            viewer.setTemplate(template.bytes),
            viewer.setRegions(regions, coloursOf(regions.names, false)),
            viewer.setSurface(undefined, []),
          ])
          drawn.value = regions
        } else {
          const [mesh, labels] = await Promise.all([
            getBytes(`/spaces/${encodeURIComponent(chosenSpace['@id'])}/mesh.gii`, {}, both),
            getBytes('/map/labelled_surface.label.gii', query, both).then(readVertexLabels),
          ])
          const { names, numbers } = numberVertices(labels)
          both.signal.throwIfAborted()
          await Promise.all([
            viewer.setTemplate(undefined),
            viewer.setRegions(undefined, []),
            viewer.setRegionMesh(undefined, [0, 0, 0]),
          ])
          ownImage.value = undefined
          await viewer.setSurface({ mesh, numbers }, coloursOf(names, false))
          drawn.value = { names, at: (pointMm) => names[viewer.numberNear(pointMm) - 1] }
        }
        isReady.value = true
        draw()
      })
  })
}

/** What is chosen stands out; values by region take the place of its colours. */
function useColours(scene: SceneSignal, image: ReadonlySignal<DrawnImage | undefined>, draw: () => void) {
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
  draw: () => void,
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

/** The chosen region as a mesh within the brain as if of glass, both as the service makes them. */
function useMeshes(scene: SceneSignal, isReady: ReadonlySignal<boolean>, draw: () => void) {
  const glassOf = useSignal('')
  useLoading(() => {
    const [viewer, name, chosenSpace] = [scene.value, address.region.value, space.value]
    if (!viewer || !isReady.value || !chosenSpace || !hasVoxels(chosenSpace)) return undefined
    const query = { ...chosenMap(), region_id: name, smooth: 10, decimate: 0.6 }
    const rgb = colourOf(name ?? '', 0)
    return async (signal) => {
      if (!name || !drawn.peek()) {
        await viewer.setRegionMesh(undefined, rgb)
        return draw()
      }
      const spacePath = `/spaces/${encodeURIComponent(chosenSpace['@id'])}/mesh.gii`
      // a region that is not drawn, or a template without a surface, has none: the planes show what there is
      const [region, glass] = await Promise.allSettled([
        getBytes('/map/mesh.gii', query, { signal }),
        glassOf.peek() === spacePath ? undefined : getBytes(spacePath, { smooth: 10, decimate: 0.5 }, { signal }),
      ])
      if (signal.aborted) return
      if (glass.status === 'fulfilled' && glass.value) {
        await viewer.setGlass(glass.value)
        glassOf.value = spacePath
      }
      await viewer.setRegionMesh(region.status === 'fulfilled' ? region.value : undefined, rgb)
      draw()
    }
  })
}

/** The colour of a region in its parcellation, or that of the next one above it that has one. */
export function colourOf(name: string, number: number) {
  const node = tree.value.byName.get(name)
  const coloured = node && pathTo(node).findLast(({ region }) => region.hasAnnotation?.displayColor)
  return parseColour(coloured?.region.hasAnnotation?.displayColor, number)
}

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
