import type { Niivue, NVImage } from '@niivue/niivue'

/** Red, green, blue (0 to 255) and opacity (0 to 1) of a region. */
export interface RegionColour {
  rgb: readonly [number, number, number]
  opacity: number
}

/** The brain in three planes and in 3D. */
export interface Scene {
  showTemplate(file: ArrayBuffer): Promise<void>
  /** Numbers of regions as voxels, and their colours; undefined takes them away. */
  showRegions(file: ArrayBuffer | undefined, colours: readonly RegionColour[]): Promise<void>
  colour(colours: readonly RegionColour[]): void
  /** A map of values over the template (a statistical map, an image of one's own); undefined takes it away. */
  showValues(file: ArrayBuffer | undefined, name: string): Promise<void>
  moveTo(pointMm: readonly number[]): void
  /** `all`: three planes and 3D; or one of them alone. */
  layout(which: Layout): void
  /** The place in mm under a position on the canvas, where there is one. */
  pointUnder(event: MouseEvent): number[] | undefined
  onPoint: (pointMm: [number, number, number]) => void
  colours(theme: 'light' | 'dark'): void
}

export type Layout = 'all' | 'sagittal' | 'coronal' | 'axial' | '3d'

/** Loads the viewer's code, which is much larger than the page, and draws into the canvas. */
export async function createScene(canvas: HTMLCanvasElement, theme: 'light' | 'dark'): Promise<Scene> {
  const { Niivue, NVImage, SHOW_RENDER, SLICE_TYPE } = await import('@niivue/niivue')
  const viewer = new Niivue({
    dragAndDropEnabled: false,
    isColorbar: false,
    logLevel: 'error',
    multiplanarShowRender: SHOW_RENDER.ALWAYS,
    show3Dcrosshair: true,
    crosshairColor: [0.95, 0.55, 0.1, 1],
    crosshairWidth: 0.4,
    crosshairWidthUnit: 'percent',
    isNearestInterpolation: false,
    loadingText: '',
    ...backgroundOf(theme),
  })
  await viewer.attachToCanvas(canvas, false)
  viewer.setSliceType(SLICE_TYPE.MULTIPLANAR)
  const layers: Record<'template' | 'regions' | 'values', NVImage | undefined> = {
    template: undefined,
    regions: undefined,
    values: undefined,
  }

  /** Volumes are drawn in the order in which they were added. */
  async function replace(which: keyof typeof layers, file: ArrayBuffer | undefined, options: object) {
    const old = layers[which]
    layers[which] = undefined
    if (old) viewer.removeVolume(old)
    if (!file) return viewer.drawScene()
    const image = await NVImage.loadFromUrl({ url: file, name: `${which}.nii`, ...options })
    layers[which] = image
    return image
  }
  const addAll = () => {
    for (const image of [...viewer.volumes]) viewer.removeVolume(image)
    for (const image of [layers.template, layers.regions, layers.values]) if (image) viewer.addVolume(image)
  }

  const scene: Scene = {
    onPoint: () => {},
    async showTemplate(file) {
      await replace('template', file, { colormap: 'gray', percentileFrac: 0.005, ignoreZeroVoxels: true })
      addAll()
    },
    async showRegions(file, colours) {
      await replace('regions', file, { opacity: 0.75 })
      layers.regions?.setColormapLabel(tableOf(colours))
      addAll()
    },
    colour(colours) {
      layers.regions?.setColormapLabel(tableOf(colours))
      viewer.updateGLVolume()
    },
    async showValues(file, name) {
      const options = { colormap: 'inferno', opacity: 0.85, ignoreZeroVoxels: true, name: `${name}.nii` }
      await replace('values', file, options)
      if (layers.values) layers.values.colorbarVisible = true
      addAll()
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
    pointUnder(event) {
      if (viewer.volumes.length === 0) return undefined
      return placeUnder(viewer, canvas, event)
    },
    colours(next) {
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

function placeUnder(viewer: Niivue, canvas: HTMLCanvasElement, event: MouseEvent): number[] | undefined {
  const box = canvas.getBoundingClientRect()
  const scale = canvas.width / box.width
  const frac = viewer.canvasPos2frac([(event.clientX - box.left) * scale, (event.clientY - box.top) * scale])
  if (!(frac[0] >= 0)) return undefined
  return Array.from(viewer.frac2mm(frac)).slice(0, 3)
}

const backgroundOf = (theme: 'light' | 'dark') =>
  theme === 'dark'
    ? { backColor: [0.07, 0.08, 0.09, 1], fontColor: [0.85, 0.87, 0.9, 1] }
    : { backColor: [0.97, 0.97, 0.96, 1], fontColor: [0.2, 0.22, 0.25, 1] }

/** A table of colours by number, the background first. */
function tableOf(colours: readonly RegionColour[]) {
  const channel = (at: 0 | 1 | 2) => [0, ...colours.map(({ rgb }) => rgb[at])]
  return {
    R: channel(0),
    G: channel(1),
    B: channel(2),
    A: [0, ...colours.map(({ opacity }) => Math.round(opacity * 255))],
    I: [0, ...colours.map((_, at) => at + 1)],
    labels: ['', ...colours.map((_, at) => String(at + 1))],
  }
}
