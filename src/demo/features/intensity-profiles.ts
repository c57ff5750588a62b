import { encodeGiftiMesh } from '../encoders/gifti.ts'
import { encodeNpy } from '../encoders/npy.ts'
import type { DemoPart } from '../part.ts'
import { createRandom } from '../random.ts'
import { hemisphere } from '../surfaces.ts'

const FOLDER = 'github.com/kwagstyl/cortical_layers_tutorial/raw/main/data'
const DEPTHS = 200
const LAYERS = 6

/** What the query for intensity profiles reads: a surface in the microscopic space, a profile and six thicknesses per vertex. */
export const intensityProfiles: DemoPart = {
  files: {},
  objects: {
    [`${FOLDER}/gray_left_327680.surf.gii`]: () => encodeGiftiMesh(midSurface()),
    [`${FOLDER}/profiles_left.npy`]: () => profiles(),
    [`${FOLDER}/thicknesses_left.npy`]: () => thicknesses(),
  },
}

/** Half way through the mantle on the left side, so that every vertex lies in some area. */
function midSurface() {
  return hemisphere('left', 0.75, 0, 2)
}

function profiles(): Uint8Array {
  const count = midSurface().vertices.length / 3
  const data = new Float32Array(count * DEPTHS)
  for (let vertex = 0; vertex < count; vertex++) {
    const random = createRandom(`intensity ${vertex}`)
    const [base, wave] = [17_000 + 4000 * random(), 2 + random()]
    for (let depth = 0; depth < DEPTHS; depth++) {
      const fraction = depth / DEPTHS
      data[vertex * DEPTHS + depth] = base + 5000 * fraction + 1500 * Math.sin(2 * Math.PI * wave * fraction)
    }
  }
  return encodeNpy(data, [count, DEPTHS])
}

/** Rows: the six layers (mm), then their sum; columns: vertices. */
function thicknesses(): Uint8Array {
  const count = midSurface().vertices.length / 3
  const data = new Float32Array((LAYERS + 1) * count)
  for (let vertex = 0; vertex < count; vertex++) {
    const random = createRandom(`thickness ${vertex}`)
    let total = 0
    for (let layer = 0; layer < LAYERS; layer++) {
      const thicknessMm = Math.fround(0.25 + 0.3 * random())
      data[layer * count + vertex] = thicknessMm
      total += thicknessMm
    }
    data[LAYERS * count + vertex] = total
  }
  return encodeNpy(data, [LAYERS + 1, count])
}
