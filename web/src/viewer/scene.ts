import type { Niivue, NVImage } from '@niivue/niivue'
import { paint, type RegionColour } from './colour-table.ts'
import type { RegionVolume } from './labels.ts'
import { createMeshLayer, type Surface } from './mesh-layer.ts'
import { colourFile, type PointMm } from './volume.ts'

export type Layout = 'all' | 'sagittal' | 'coronal' | 'axial' | '3d'
type Range = readonly [number, number]

/** The brain in three planes and in 3D. What is set is drawn with the next `draw`, all of it at once: drawing takes long, setting does not. */
export interface Scene {
  setTemplate(file: ArrayBuffer | undefined): Promise<void>
  /** Regions by their voxels, and their colours. */
  setRegions(regions: RegionVolume | undefined, colours: readonly RegionColour[]): Promise<void>
  colour(colours: readonly RegionColour[]): void
  /** A map of values over the template (a probability map, an image of one's own), with the values at the ends of its colours. */
  setImage(file: ArrayBuffer | undefined, range?: Range): Promise<Range | undefined>
  /** Meshes of the region that is chosen, and of the whole brain around it as if of glass. */
  setRegionMesh(file: ArrayBuffer | undefined, rgb: readonly [number, number, number]): Promise<void>
  setGlass(file: ArrayBuffer | undefined): Promise<void>
  /** The surface of a space that has no voxels; its labels are coloured as the regions are. */
  setSurface(surface: Surface | undefined, colours: readonly RegionColour[]): Promise<void>
  draw(): void
  moveTo(pointMm: readonly number[]): void
  layout(which: Layout): void
  /** The place in mm under a position on a plane, where there is one. */
  pointUnder(event: MouseEvent): PointMm | undefined
  /** Number of the region of the surface nearest to a place. */
  numberNear(pointMm: readonly number[]): number
  /** Called when the cross moves, by whomever. */
  onPoint: (pointMm: PointMm) => void
  theme(theme: 'light' | 'dark'): void
}

type Layer = 'template' | 'regions' | 'image'

/** Loads the viewer's code, which is much larger than the page, and draws into the canvas. */
export async function createScene(canvas: HTMLCanvasElement, theme: 'light' | 'dark'): Promise<Scene> {
  const { DRAG_MODE, Niivue, NVImage, NVMesh, SHOW_RENDER, SLICE_TYPE } = await import('@niivue/niivue')
  const viewer = new Niivue({
    dragAndDropEnabled: false,
    dragMode: DRAG_MODE.pan,
    isColorbar: false,
    logLevel: 'silent',
    multiplanarShowRender: SHOW_RENDER.ALWAYS,
    multiplanarPadPixels: 6,
    show3Dcrosshair: true,
    crosshairColor: [0.96, 0.62, 0.16, 0.9],
    crosshairWidth: 0.3,
    crosshairWidthUnit: 'percent',
    meshThicknessOn2D: 0,
    isAlphaClipDark: true,
    isDepthPickMesh: true,
    isOrientationTextVisible: true,
    viewModeHotKey: '',
    clipPlaneHotKey: '',
    cycleClipPlaneHotKey: '',
    loadingText: '',
    ...backgroundOf(theme),
  })
  await viewer.attachToCanvas(canvas, false)
  viewer.setSliceType(SLICE_TYPE.MULTIPLANAR)
  const layers: Record<Layer, NVImage | undefined> = { template: undefined, regions: undefined, image: undefined }
  /** Whether voxels have to be given to the graphics card: all of them, or those over the template. */
  let isAnew = true
  let isChanged = true
  let numbers: Uint16Array = new Uint16Array(0)
  const meshes = createMeshLayer(viewer, NVMesh)
  skipGradients(viewer)
  drawVolumesUnless(viewer, () => meshes.hidesVolumes())

  const read = (file: ArrayBuffer, name: string, options: object) =>
    NVImage.loadFromUrl({ url: file, name: `${name}.nii`, ...options })

  const scene: Scene = {
    onPoint: () => {},
    async setTemplate(file) {
      isAnew = true
      layers.template =
        file && (await read(file, 'template', { colormap: 'gray', percentileFrac: 0.005, ignoreZeroVoxels: true }))
      if (layers.template) hideBackground(layers.template)
    },
    async setRegions(regions, colours) {
      isChanged = true
      layers.regions = undefined
      numbers = regions?.numbers ?? new Uint16Array(0)
      if (!regions) return
      const { file, pixels } = colourFile(regions.volume)
      paint(pixels, numbers, colours)
      layers.regions = await read(file, 'regions', { opacity: 1 })
    },
    colour(colours) {
      isChanged = true
      if (layers.regions) paint(pixelsOf(layers.regions), numbers, colours)
      meshes.colour(colours)
    },
    async setImage(file, range) {
      isChanged = true
      if (!file) {
        layers.image = undefined
        return undefined
      }
      const image = await read(file, 'image', { colormap: 'inferno', opacity: 0.9, ignoreZeroVoxels: true })
      if (range) [image.cal_min, image.cal_max] = range
      if ((image.global_min ?? 0) < 0) image.colormapNegative = 'winter'
      layers.image = image
      return [image.cal_min ?? 0, image.cal_max ?? 1]
    },
    setRegionMesh: (file, rgb) => meshes.setRegion(file, rgb),
    setGlass: (file) => meshes.setGlass(file),
    setSurface: (surface, colours) => meshes.setSurface(surface, colours),
    numberNear: (pointMm) => meshes.numberNear(pointMm),
    draw() {
      viewer.volumes = [layers.template, layers.regions, layers.image].filter((image) => image !== undefined)
      viewer.back = viewer.volumes[0] ?? null
      viewer.overlays = viewer.volumes.slice(1)
      // a template is as much work as all that lies over it, and seldom changes
      if (isAnew || viewer.volumes.length === 0) viewer.updateGLVolume()
      else {
        if (isChanged) {
          viewer.refreshColormaps()
          viewer.overlays.forEach((image, at) => {
            viewer.refreshLayers(image, at + 1)
          })
        }
        viewer.drawScene()
      }
      isAnew = false
      isChanged = false
    },
    moveTo([x = 0, y = 0, z = 0]) {
      if (viewer.volumes.length === 0) return
      viewer.scene.crosshairPos = viewer.mm2frac([x, y, z])
      viewer.drawScene()
    },
    layout(which) {
      const types = {
        all: SLICE_TYPE.MULTIPLANAR,
        sagittal: SLICE_TYPE.SAGITTAL,
        coronal: SLICE_TYPE.CORONAL,
        axial: SLICE_TYPE.AXIAL,
        '3d': SLICE_TYPE.RENDER,
      }
      viewer.setSliceType(types[which])
    },
    pointUnder: (event) => (viewer.volumes.length > 0 ? placeUnder(viewer, canvas, event) : undefined),
    theme(next) {
      Object.assign(viewer.opts, backgroundOf(next))
      viewer.drawScene()
    },
  }
  viewer.onLocationChange = (location) => {
    const { mm } = location as { mm: ArrayLike<number> }
    scene.onPoint([mm[0] ?? 0, mm[1] ?? 0, mm[2] ?? 0])
  }
  return scene
}

/** In 3D either the voxels or meshes are drawn: voxels would hide what lies within the brain, and take most of the time of a frame. */
function drawVolumesUnless(viewer: Niivue, isHidden: () => boolean) {
  const draw = viewer.drawImage3D.bind(viewer)
  viewer.drawImage3D = (...matrices) => {
    if (!isHidden()) draw(...matrices)
  }
}

/** The colours of an image's voxels, to be written to. */
function pixelsOf({ img }: NVImage): Uint32Array {
  if (!img) return new Uint32Array(0)
  return new Uint32Array(img.buffer as ArrayBuffer, img.byteOffset, img.byteLength / 4)
}

/**
 * The viewer computes the gradients of each template, by which nothing is lit here: 2 of the 3 s of CPU that a template of 1 mm takes without a
 * graphics card. The passes stay, with a shader that copies.
 */
function skipGradients(viewer: Niivue) {
  const copies = viewer.passThroughShader ?? null
  viewer.blurShader = copies
  viewer.sobelFirstOrderShader = copies
}

/** What is nearly black around the brain is not drawn, so that the page shows through. */
function hideBackground(image: NVImage) {
  const max = image.cal_max ?? 1
  image.cal_min = Math.max(image.cal_min ?? 0, max * 0.04)
  image.colormapType = 1
}

function placeUnder(viewer: Niivue, canvas: HTMLCanvasElement, event: MouseEvent): PointMm | undefined {
  const box = canvas.getBoundingClientRect()
  const scale = canvas.width / box.width
  const frac = viewer.canvasPos2frac([(event.clientX - box.left) * scale, (event.clientY - box.top) * scale])
  if (!(frac[0] >= 0)) return undefined
  const [x, y, z] = viewer.frac2mm(frac)
  return x === undefined || y === undefined || z === undefined ? undefined : [x, y, z]
}

const backgroundOf = (theme: 'light' | 'dark') =>
  theme === 'dark'
    ? { backColor: [0.051, 0.063, 0.078, 1], fontColor: [0.72, 0.77, 0.82, 1] }
    : { backColor: [0.957, 0.961, 0.965, 1], fontColor: [0.28, 0.32, 0.37, 1] }
