/** The two halves of a brain whose regions have one label for both, as a parcellation of its own. */
import type { Image } from '../../siibra/index.ts'
import type { PlannedParcellation } from '../types.ts'
import { plannedImage } from './volumes.ts'

/** Half to even, as Python's round does. */
const roundHalfToEven = (value: number) => {
  const below = Math.floor(value)
  return value - below === 0.5 ? (below % 2 === 0 ? below : below + 1) : Math.round(value)
}

/** BrainGlobe's rule for symmetric atlases: along the axis that begins on the right, what lies before the middle is right (2), the rest left (1). */
export function symmetricHemispheres(labels: Image, axis: number, beginsRight: boolean): Image {
  const data = new Uint8Array(labels.data.length)
  const middle = roundHalfToEven(labels.shape[axis]! / 2)
  const stride = labels.shape.slice(0, axis).reduce((product, size) => product * size, 1)
  for (let at = 0; at < data.length; at++) {
    if (labels.data[at] === 0) continue
    const index = Math.floor(at / stride) % labels.shape[axis]!
    data[at] = index < middle === beginsRight ? 2 : 1
  }
  return { ...labels, data, dtype: 'uint8' }
}

/** Halves within what is drawn; 1 is left, 2 is right. */
export function planHemispheres(name: string, slug: string, hemispheres: Image, labels: Image): PlannedParcellation {
  const data = new Uint8Array(labels.data.length)
  for (let at = 0; at < data.length; at++) data[at] = labels.data[at] === 0 ? 0 : hemispheres.data[at]!
  return {
    name: `${name} hemispheres`,
    regions: [
      { name: 'left hemisphere', side: 'left', children: [] },
      { name: 'right hemisphere', side: 'right', children: [] },
    ],
    maps: [
      {
        kind: 'labelled',
        volumes: [plannedImage(`${slug}-hemispheres`, { ...labels, data, dtype: 'uint8' })],
        indices: [
          ['left hemisphere', [{ volume: 0, label: 1 }]],
          ['right hemisphere', [{ volume: 0, label: 2 }]],
        ],
      },
    ],
  }
}
