import type { Niivue, NVMesh } from '@niivue/niivue'
import { type RegionColour, tableOf } from './colour-table.ts'

/** A surface (GIFTI) with the number of a region at each vertex (0: none). */
export interface Surface {
  mesh: ArrayBuffer
  numbers: Float32Array
}

/** The meshes of a scene. */
export interface MeshLayer {
  setRegion(file: ArrayBuffer | undefined, rgb: readonly [number, number, number]): Promise<void>
  setGlass(file: ArrayBuffer | undefined): Promise<void>
  setSurface(surface: Surface | undefined, colours: readonly RegionColour[]): Promise<void>
  colour(colours: readonly RegionColour[]): void
  /** Number of the region at the vertex of the surface that is nearest to a place; 0 where there is none. */
  numberNear(pointMm: readonly number[]): number
  /** Whether meshes take the place of voxels in 3D. */
  hidesVolumes(): boolean
}

const GREY = [190, 190, 190, 255]
const GLASS = [150, 165, 185, 255]
const GLASS_OPACITY = 0.25

export function createMeshLayer(viewer: Niivue, Mesh: typeof NVMesh): MeshLayer {
  const shown: Record<'region' | 'glass' | 'surface', NVMesh | undefined> = {
    region: undefined,
    glass: undefined,
    surface: undefined,
  }
  let numbers: Float32Array = new Float32Array(0)
  const read = async (file: ArrayBuffer, name: string, rgba: readonly number[], opacity: number, shader: string) => {
    const mesh = await Mesh.readMesh(file, `${name}.gii`, viewer.gl, opacity, new Uint8Array(rgba))
    mesh.meshShaderIndex = Math.max(0, viewer.meshShaderNames(false).indexOf(shader))
    return mesh
  }
  // what is seen through is drawn last, and only around a region
  const apply = () => {
    viewer.meshes = [shown.surface, shown.region, shown.region && shown.glass].filter((mesh) => mesh !== undefined)
  }
  const paint = (colours: readonly RegionColour[]) => {
    const layer = shown.surface?.layers[0]
    if (!shown.surface || !layer) return
    layer.colormapLabel = tableOf(colours)
    shown.surface.updateMesh(viewer.gl)
  }
  return {
    async setRegion(file, rgb) {
      shown.region = file && (await read(file, 'region', [...rgb, 255], 1, 'Phong'))
      apply()
    },
    async setGlass(file) {
      shown.glass = file && (await read(file, 'glass', GLASS, GLASS_OPACITY, 'Rim'))
      apply()
    },
    async setSurface(surface, colours) {
      shown.surface = surface && (await read(surface.mesh, 'surface', GREY, 1, 'Phong'))
      numbers = surface?.numbers ?? new Float32Array(0)
      if (shown.surface) shown.surface.layers = [labelLayer(numbers, colours.length)]
      paint(colours)
      apply()
    },
    colour: paint,
    numberNear(pointMm) {
      const at = shown.surface ? nearest(shown.surface.pts, pointMm) : -1
      return numbers[at] ?? 0
    },
    hidesVolumes: () => shown.region !== undefined || shown.surface !== undefined,
  }
}

function labelLayer(values: Float32Array, largest: number): NVMesh['layers'][number] {
  return {
    values,
    opacity: 1,
    colormap: 'gray',
    global_min: 0,
    global_max: largest,
    cal_min: 0,
    cal_max: largest,
    cal_minNeg: 0,
    cal_maxNeg: 0,
    frame4D: 0,
    nFrame4D: 1,
  }
}

/** Index of the nearest of points that lie behind each other (x, y, z). */
function nearest(points: ArrayLike<number>, [x = 0, y = 0, z = 0]: readonly number[]): number {
  let best = -1
  let least = Number.POSITIVE_INFINITY
  for (let at = 0; at * 3 < points.length; at++) {
    const distance = (points[at * 3]! - x) ** 2 + (points[at * 3 + 1]! - y) ** 2 + (points[at * 3 + 2]! - z) ** 2
    if (distance < least) {
      least = distance
      best = at
    }
  }
  return best
}
