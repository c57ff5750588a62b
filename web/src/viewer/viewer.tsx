import { useSignal, useSignalEffect } from '@preact/signals'
import { useEffect, useRef } from 'preact/hooks'
import { apiUrl } from '../api/client.ts'
import { address } from '../state/address.ts'
import { hasVoxels, parcellation, space } from '../state/atlas.ts'
import { report } from '../state/problems.ts'
import { chooseRegion, drawn, parsePoint, roundedMm } from '../state/shown.ts'
import { theme } from '../theme-button.tsx'
import { type Hovered, HoverTip, usePlace } from './hover.tsx'
import { Legends } from './legend.tsx'
import { createScene, type Scene } from './scene.ts'
import { layout, Toolbar } from './toolbar.tsx'
import { useDrawing } from './use-drawing.ts'
import type { PointMm } from './volume.ts'

/** Moves of the pointer (in pixels) up to which pressing and letting go is a click. */
const CLICK_PX = 4

/** How far the arrow keys move the cross. */
const STEP_MM = 2

const MOVES: Record<string, readonly [number, number, number]> = {
  ArrowLeft: [-1, 0, 0],
  ArrowRight: [1, 0, 0],
  ArrowDown: [0, -1, 0],
  ArrowUp: [0, 1, 0],
  PageDown: [0, 0, -1],
  PageUp: [0, 0, 1],
}

/** The template with the regions of the chosen parcellation over it. A click chooses the point and the region there. */
export function Viewer() {
  const canvas = useRef<HTMLCanvasElement>(null)
  const scene = useSignal<Scene | undefined>(undefined)
  const failure = useSignal('')
  const hovered = useSignal<Hovered | undefined>(undefined)
  const ready = useRef(deferred<Scene>())
  const { image, isReady } = useDrawing(scene, ready.current.promise)
  const place = usePlace(image)
  const picksNext = useRef(false)
  const pressedAt = useRef<readonly [number, number]>([0, 0])
  const isSurface = space.value !== undefined && !hasVoxels(space.value)

  useEffect(() => {
    createScene(canvas.current as HTMLCanvasElement, theme.peek()).then(
      (made) => {
        scene.value = made
        ready.current.resolve(made)
      },
      (thrown) => {
        failure.value = 'This browser cannot draw in 3D (it needs WebGL 2): a picture is shown instead.'
        report(thrown)
      },
    )
  }, [])
  useSignalEffect(() => scene.value?.theme(theme.value))
  useSignalEffect(() => {
    const isPlane = space.value === undefined || hasVoxels(space.value)
    scene.value?.layout(isPlane ? layout() : '3d')
  })
  useSignalEffect(() => {
    const point = parsePoint(address.point.value)
    if (scene.value && isReady.value && point) scene.value.moveTo(point)
  })
  useSignalEffect(() => {
    if (!scene.value) return
    scene.value.onPoint = (pointMm) => {
      const text = roundedMm(pointMm)
      if (text !== address.point.peek()) address.point.value = text
      if (!picksNext.current) return
      picksNext.current = false
      chooseAt(pointMm)
    }
  })
  const chooseAt = (pointMm: PointMm) => {
    const name = drawn.peek()?.at(pointMm)
    if (name) chooseRegion(name)
  }
  const onPointerMove = (event: PointerEvent) => {
    const pointMm = event.buttons === 0 ? scene.peek()?.pointUnder(event) : undefined
    const name = pointMm && drawn.peek()?.at(pointMm)
    const box = canvas.current?.getBoundingClientRect()
    hovered.value =
      pointMm && name && box
        ? { name, pointMm, x: event.clientX - box.left, y: event.clientY - box.top, width: box.width }
        : undefined
  }
  const onPointerDown = (event: PointerEvent) => {
    pressedAt.current = [event.clientX, event.clientY]
    // in 3D the viewer tells later what lies under the pointer
    picksNext.current = scene.peek()?.pointUnder(event) === undefined
  }
  const onClick = (event: MouseEvent) => {
    const [x, y] = pressedAt.current
    const isClick = Math.hypot(event.clientX - x, event.clientY - y) <= CLICK_PX
    const pointMm = scene.peek()?.pointUnder(event)
    if (isClick && pointMm) chooseAt(pointMm)
    else if (!isClick) picksNext.current = false
  }
  const onKeyDown = (event: KeyboardEvent) => {
    const move = MOVES[event.key]
    const from = parsePoint(address.point.peek()) ?? [0, 0, 0]
    if (move) address.point.value = roundedMm(from.map((value, axis) => value + (move[axis] ?? 0) * STEP_MM))
    else if (event.key === 'Enter') chooseAt(from)
    else return
    event.preventDefault()
    event.stopPropagation()
  }
  return (
    <div class="viewer">
      <Toolbar isSurface={isSurface} />
      <div class="stage">
        {failure.value ? (
          <>
            <p class="empty">{failure.value}</p>
            <Picture />
          </>
        ) : null}
        {/* the viewer colours what its canvas lies in */}
        <div class={isReady.value ? 'canvas' : 'canvas waiting'}>
          {/* biome-ignore lint/a11y/noInteractiveElementToNoninteractiveRole: it has keys of its own */}
          <canvas
            ref={canvas}
            tabIndex={0}
            role="application"
            data-ready={isReady.value}
            aria-label={`${parcellation.value?.name ?? ''} in ${space.value?.fullName ?? ''}. Arrows, Page Up and Page Down move the cross, Enter chooses the region there.`}
            onPointerMove={onPointerMove}
            onPointerDown={onPointerDown}
            onPointerLeave={() => {
              hovered.value = undefined
            }}
            onClick={onClick}
            onKeyDown={onKeyDown}
          />
        </div>
        <HoverTip hovered={hovered.value} image={image.value} />
        <Legends image={image} />
      </div>
      <p class="place" aria-live="polite" data-testid="place">
        {place.value ||
          (isSurface
            ? 'Turn the surface by dragging; click to choose a region.'
            : 'Click to choose a point and the region there; scroll to move through the brain.')}
      </p>
    </div>
  )
}

function deferred<T>() {
  let resolve: (value: T) => void = () => {}
  const promise = new Promise<T>((settle) => {
    resolve = settle
  })
  return { promise, resolve }
}

/** What is chosen as the service draws it, where the viewer cannot. */
function Picture() {
  const chosenSpace = space.value
  const chosen = parcellation.value
  if (!chosenSpace || !chosen || !hasVoxels(chosenSpace)) return null
  const query = {
    space_id: chosenSpace['@id'],
    parcellation_id: chosen['@id'],
    region_id: address.region.value,
    size: 400,
    background: theme.value,
  }
  return <img class="preview" src={apiUrl('/map/picture.png', query)} alt={`${chosen.name} in three planes`} />
}
