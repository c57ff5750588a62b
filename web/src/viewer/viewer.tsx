import { useSignal, useSignalEffect } from '@preact/signals'
import { useEffect, useRef } from 'preact/hooks'
import { getBytes } from '../api/client.ts'
import { parseColour } from '../colour.ts'
import { namesWithin } from '../regions/tree.ts'
import { tree } from '../regions/tree-view.tsx'
import { address } from '../state/address.ts'
import { hasVoxels, map, parcellation, space } from '../state/atlas.ts'
import { report, withProgress } from '../state/problems.ts'
import { theme } from '../theme-button.tsx'
import { numberRegions, type RegionVolume } from './labels.ts'
import { readNifti } from './nifti.ts'
import { createScene, type Layout, type RegionColour, type Scene } from './scene.ts'

const LAYOUTS: { layout: Layout; label: string }[] = [
  { layout: 'all', label: 'All' },
  { layout: 'sagittal', label: 'Sagittal' },
  { layout: 'coronal', label: 'Coronal' },
  { layout: 'axial', label: 'Axial' },
  { layout: '3d', label: '3D' },
]

/** The template with the regions of the chosen parcellation over it. Click: a point; double click: the region there. */
export function Viewer() {
  const canvas = useRef<HTMLCanvasElement>(null)
  const scene = useSignal<Scene | undefined>(undefined)
  const volume = useSignal<RegionVolume | undefined>(undefined)
  const layout = useSignal<Layout>('all')
  const hovered = useSignal('')
  const isSurfaceOnly = space.value !== undefined && !hasVoxels(space.value)

  useEffect(() => {
    createScene(canvas.current as HTMLCanvasElement, theme.peek())
      .then((made) => {
        scene.value = made
      })
      .catch((thrown) =>
        report(new Error(`The 3D viewer could not start (${(thrown as Error).message}). It needs WebGL 2.`)),
      )
  }, [])
  useVolumes(scene, volume)
  useSignalEffect(() => scene.value?.colours(theme.value))
  useSignalEffect(() => scene.value?.layout(layout.value))

  // what is chosen stands out
  useSignalEffect(() => {
    const shown = volume.value
    if (scene.value && shown) scene.value.colour(coloursOf(shown.names, address.region.value))
  })
  useSignalEffect(() => {
    const point = parsePoint(address.point.value)
    if (scene.value && volume.value && point) scene.value.moveTo(point)
  })
  useSignalEffect(() => {
    if (!scene.value) return
    scene.value.onPoint = (pointMm) => {
      const text = pointMm.map((value) => Math.round(value * 10) / 10).join(',')
      if (text !== address.point.peek()) address.point.value = text
    }
  })
  const at = (event: MouseEvent) => {
    const pointMm = scene.value?.pointUnder(event)
    return pointMm && volume.value?.at(pointMm)
  }
  const onPointerMove = (event: MouseEvent) => {
    hovered.value = at(event) ?? ''
  }
  const onDoubleClick = (event: MouseEvent) => {
    const name = at(event)
    if (!name) return
    address.region.value = name
    address.feature.value = ''
  }
  return (
    <div class="viewer">
      <div class="tools" role="toolbar" aria-label="View">
        {LAYOUTS.map((one) => (
          <button
            key={one.layout}
            type="button"
            aria-pressed={layout.value === one.layout}
            onClick={() => {
              layout.value = one.layout
            }}
          >
            {one.label}
          </button>
        ))}
        <span class="hovered" data-region={hovered.value}>
          {hovered.value ? describe(hovered.value) : 'Move over the brain to read regions; double-click to choose one.'}
        </span>
      </div>
      {isSurfaceOnly ? (
        <p class="empty">{space.value?.fullName} has surfaces only, which this page does not draw yet.</p>
      ) : null}
      {/* the viewer colours what its canvas lies in */}
      <div class="canvas" hidden={isSurfaceOnly}>
        <canvas
          ref={canvas}
          aria-label={`${parcellation.value?.name ?? ''} in ${space.value?.fullName ?? ''}: three planes and a 3D view`}
          onPointerMove={onPointerMove}
          onDblClick={onDoubleClick}
        />
      </div>
    </div>
  )
}

/** The region and what it is a part of. */
function describe(name: string): string {
  const parent = tree.value.byName.get(name)?.parent?.region.name
  return parent ? `${name} · ${parent}` : name
}

/** Loads template and labels when another map is chosen. What is on its way for an earlier choice is ended. */
function useVolumes(
  scene: { value: Scene | undefined },
  volume: { value: RegionVolume | undefined; peek(): RegionVolume | undefined },
) {
  useSignalEffect(() => {
    const [chosenMap, chosenSpace, viewer] = [map.value, space.value, scene.value]
    if (!viewer || !chosenMap || !chosenSpace || !hasVoxels(chosenSpace)) return
    const query = { parcellation_id: chosenMap.parcellation['@id'], space_id: chosenMap.space['@id'] }
    const ended = new AbortController()
    const load = async () => {
      await withProgress('Loading the template', async (signal, onProgress) => {
        const both = AbortSignal.any([signal, ended.signal])
        const file = await getBytes('/map/resampled_template', query, { signal: both, onProgress })
        both.throwIfAborted()
        await viewer.showTemplate((await readNifti(file)).bytes)
      })
      await withProgress('Loading the regions', async (signal, onProgress) => {
        const both = AbortSignal.any([signal, ended.signal])
        const file = await getBytes('/map/labelled_map.nii.gz', query, { signal: both, onProgress })
        both.throwIfAborted()
        const numbered = numberRegions(chosenMap, await readNifti(file))
        await viewer.showRegions(numbered.file, coloursOf(numbered.names, address.region.peek()))
        volume.value = numbered
      })
    }
    load().catch(report)
    return () => {
      ended.abort()
      volume.value = undefined
    }
  })
}

const parsePoint = (text: string | undefined): number[] | undefined => {
  const numbers = (text ?? '').split(',').map(Number)
  return text && numbers.length === 3 && numbers.every(Number.isFinite) ? numbers : undefined
}

/** Colours of the regions as the configuration has them; where one is chosen the others step back. */
function coloursOf(names: readonly string[], chosen: string | undefined): RegionColour[] {
  const node = chosen ? tree.value.byName.get(chosen) : undefined
  const within = node && namesWithin(node)
  return names.map((name, at) => {
    const colour = tree.value.byName.get(name)?.region.hasAnnotation?.displayColor
    return { rgb: parseColour(colour, at), opacity: !within ? 0.7 : within.has(name) ? 1 : 0.15 }
  })
}
