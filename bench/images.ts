/**
 * What routes that take images cost at the sizes that people have, in CPU seconds of this process: `npm run bench:images`. The map has 300 regions
 * on a grid of 1 mm (MNI152's 193 x 229 x 193 voxels), kept as runs as it is between requests. `--http`: by requests to the built service (images-http.ts).
 */

import { parseArgs } from 'node:util'
import { compareWithLabels } from '../src/siibra/images/compare-component.ts'
import { findComponents } from '../src/siibra/images/components.ts'
import { groupByRegion, reduceByRegion } from '../src/siibra/images/region-values.ts'
import { resampleInSlices } from '../src/siibra/maps/grids/resample.ts'
import { createRunCollector } from '../src/siibra/maps/labels/label-runs.ts'
import { createSlices, runSteps } from '../src/siibra/slices.ts'
import type { Image } from '../src/siibra/volumes/image.ts'
import { benchOverHttp } from './images-http.ts'

const options = parseArgs({
  options: {
    http: { type: 'boolean', default: false },
    python: { type: 'string' },
    'siibra-python': { type: 'string' },
    templates: { type: 'string', default: '/usr/share/mricron/templates' },
  },
}).values

const SHAPE = [193, 229, 193]
const REGIONS = 300

function gridOf(voxelMm: number) {
  const shape = SHAPE.map((size) => Math.ceil(size / voxelMm))
  const voxelToWorldMm = Float64Array.of(voxelMm, 0, 0, -96, 0, voxelMm, 0, -132, 0, 0, voxelMm, -78, 0, 0, 0, 1)
  return { shape, voxelToWorldMm }
}

function sample(voxelMm: number, valueAt: (x: number, y: number, z: number) => number): Image {
  const { shape, voxelToWorldMm } = gridOf(voxelMm)
  const [nx, ny, nz] = shape as [number, number, number]
  const data = new Float32Array(nx * ny * nz)
  for (let k = 0, at = 0; k < nz; k++)
    for (let j = 0; j < ny; j++)
      for (let i = 0; i < nx; i++) data[at++] = valueAt(i * voxelMm, j * voxelMm, k * voxelMm)
  return { data, dtype: 'float32', shape, voxelToWorldMm }
}

const wave = (x: number, y: number, z: number) => 5 * Math.sin(x / 9) * Math.sin(y / 11) * Math.sin(z / 8)
const isBrain = (x: number, y: number, z: number) =>
  ((x - 96) / 70) ** 2 + ((y - 114) / 90) ** 2 + ((z - 90) / 65) ** 2 < 1
const labels = sample(1, (x, y, z) =>
  isBrain(x, y, z) ? 1 + ((Math.floor(x / 20) * 49 + Math.floor(y / 25) * 7 + Math.floor(z / 22)) % REGIONS) : 0,
)
const collector = createRunCollector(SHAPE)
collector.see(labels.data, 0)
const runs = collector.take()

async function measure(name: string, boundS: number, work: () => Promise<unknown>): Promise<void> {
  await work()
  const before = process.cpuUsage()
  await work()
  const { user, system } = process.cpuUsage(before)
  const seconds = (user + system) / 1e6
  console.log(`${name.padEnd(40)} ${seconds.toFixed(2)} s (bound ${boundS} s)${seconds > boundS ? '  TOO SLOW' : ''}`)
}

const grid = gridOf(1)
for (const [voxelMm, boundS] of [
  [2, 1.5],
  [1, 5],
] as const) {
  const image = sample(voxelMm, wave)
  await measure(`components and regions, ${voxelMm} mm`, boundS, async () => {
    const placed = await resampleInSlices(image, grid, { interpolation: 'linear' }, createSlices())
    for (const { voxels } of runSteps(findComponents(placed.data, placed.shape, (value) => value > 1, 'full')))
      runSteps(compareWithLabels(placed, voxels, runs))
  })
}
const image = sample(1, wave)
const regions = groupByRegion(labels.data, REGIONS)
await measure('values, 1 mm, one grid', 0.5, async () => reduceByRegion(image.data, regions, 'mean'))
const moved: Image = {
  ...image,
  voxelToWorldMm: image.voxelToWorldMm.map((value, at) => (at === 3 ? value + 0.4 : value)),
}
await measure('values, 1 mm, by spline', 2, async () => {
  const placed = await resampleInSlices(moved, grid, { interpolation: 'continuous', clip: true }, createSlices())
  return reduceByRegion(placed.data, regions, 'mean')
})
console.log(`peak memory ${Math.round(process.resourceUsage().maxRSS / 1024)} MB`)

if (options.http) {
  await benchOverHttp({
    python: options.python,
    siibraPython: options['siibra-python'],
    templates: options.templates,
    labels,
    images: [2, 1].map((voxelMm) => ({ name: `${voxelMm} mm`, image: sample(voxelMm, wave) })),
  })
}
