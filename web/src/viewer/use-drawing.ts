import { type ReadonlySignal, type Signal, useComputed, useSignal, useSignalEffect } from '@preact/signals'
import { useRef } from 'preact/hooks'
import { getBytes, id } from '../api/client.ts'
import { imageScale, type Scale } from '../colour.ts'
import { address } from '../state/address.ts'
import { hasStatisticsOfRegion, hasVoxels, labelledMap, space } from '../state/atlas.ts'
import { report, withProgress } from '../state/problems.ts'
import { drawn, ownImage, regionValues } from '../state/shown.ts'
import { colourOf, coloursOf } from './colours.ts'
import { loadSurface, loadVolume } from './load-map.ts'
import type { Scene } from './scene.ts'
import { largestValue, type PointMm, readVolume, valueAt } from './volume.ts'

type SceneSignal = ReadonlySignal<Scene | undefined>

/** What is drawn over the template, for the legend and for reading values. */
export interface DrawnImage {
  title: string
  isProbability: boolean
  scale: Scale
  valueAt: ((pointMm: PointMm) => number | undefined) | undefined
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
        : await getBytes('/map/statistical_map.nii.gz', query, { signal: ended }).then(readVolume)
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
  const hasMesh = useSignal(false)
  useLoading(() => {
    // values of all regions would be hidden by one of them
    const name = regionValues.value ? undefined : address.region.value
    const [viewer, chosenSpace] = [scene.value, space.value]
    if (!viewer || !isReady.value || !chosenSpace || !hasVoxels(chosenSpace)) return undefined
    const query = { ...chosenMap(), region_id: name, smooth: 10, decimate: 0.6 }
    if (!name && !hasMesh.peek()) return undefined
    return async (signal) => {
      const file = name ? await getBytes('/map/mesh.gii', query, { signal }).catch(() => undefined) : undefined
      if (signal.aborted) return
      await viewer.setRegionMesh(file, colourOf(name ?? '', 0))
      hasMesh.value = file !== undefined
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
