/**
 * The longest time for which kernels keep their thread without a pause, on volumes of real size: between two looks at the messages, in CPU time
 * of this thread, garbage collection included. What takes 5 ms gives way as it should; a step more may come on top.
 */
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { openThreadClock } from '../../src/dispatch/threads/cpu-clock.ts'
import { parseCsvMatrix } from '../../src/siibra/features/data/csv.ts'
import { matrixRows } from '../../src/siibra/features/data/frame.ts'
import { findClusters } from '../../src/siibra/images/clusters.ts'
import { resampleInSlices } from '../../src/siibra/maps/grids/resample.ts'
import { measureComponents } from '../../src/siibra/maps/labels/components.ts'
import { fetchLabelImage } from '../../src/siibra/maps/labels/label-image.ts'
import { maskImageInSlices } from '../../src/siibra/maps/labels/region-mask.ts'
import { selectRuns, uniteRuns } from '../../src/siibra/maps/labels/select-runs.ts'
import { imageRange } from '../../src/siibra/maps/statistical-map.ts'
import { meshOfImage } from '../../src/siibra/meshes/mask-mesh.ts'
import { createRetrieval } from '../../src/siibra/retrieval/retrieval.ts'
import { createSlices, runInSlices } from '../../src/siibra/slices.ts'
import { gzipNifti } from '../../src/siibra/volumes/nifti/gzip.ts'
import { createVolumeReader } from '../../src/siibra/volumes/volume-reader.ts'
import { FORMS, fileOf } from './make-volumes.ts'

const clock = openThreadClock()

/** Does something while a ticker looks at the clock as often as it gets a turn. */
async function stretch<T>(name: string, work: () => T | Promise<T>): Promise<T> {
  let [longest, total, last, isOver] = [0, 0, clock(), false]
  const look = () => {
    const now = clock()
    longest = Math.max(longest, now - last)
    total += now - last
    last = now
    if (!isOver) setImmediate(look)
  }
  setImmediate(look)
  await new Promise((turn) => setImmediate(turn))
  last = clock()
  const result = await work()
  look()
  isOver = true
  console.log(`${name.padEnd(52)}${longest.toFixed(1).padStart(8)} ms of ${total.toFixed(0).padStart(6)} ms`)
  return result
}

const volumeOf = (path: string) =>
  ({
    name: null,
    variant: null,
    spaceId: '',
    datasets: [],
    z: null,
    providers: { nii: `https://volumes.bench/${path}` },
  }) as never

export async function printStretches(folder: string, letters: string): Promise<void> {
  console.log('\nlongest time without a pause, of all the CPU time\n')
  const retrieval = createRetrieval({ mirror: join(folder, 'mirror'), offline: true })
  const core = { retrieval, volumes: createVolumeReader({ retrieval, maxCachedBytes: 2 ** 31 }) } as never
  const { volumes } = core as { volumes: ReturnType<typeof createVolumeReader> }
  for (const letter of 'bd'.split('').filter((one) => letters.includes(one))) {
    const image = await stretch(`${letter}: runs of labels`, () =>
      fetchLabelImage(core, volumeOf(`${letter}/labels.nii.gz`), null),
    )
    const nx = image.shape[0] as number
    const labels = [...image.runs.sizeVox.keys()]
    await stretch(`${letter}: first mask (grouping of runs)`, () =>
      selectRuns(image.runs, new Set(labels.slice(0, 1)), nx),
    )
    const odd = await stretch(`${letter}: mask of half of the labels`, () =>
      selectRuns(image.runs, new Set(labels.filter((label) => label % 2 === 1)), nx),
    )
    const all = await stretch(`${letter}: mask of all of the brain`, () => selectRuns(image.runs, new Set(labels), nx))
    await stretch(`${letter}: union of two`, () => runInSlices(uniteRuns([odd, all], nx), createSlices()))
    await stretch(`${letter}: components of half of the labels`, () =>
      runInSlices(measureComponents(odd, image.shape), createSlices()),
    )
    const mask = await stretch(`${letter}: voxels of a mask`, () => maskImageInSlices({ ...image, runs: odd }))
    await stretch(`${letter}: gzip of a mask`, () => gzipNifti(mask))
  }
  const template = await stretch('template: decoding', () => volumes.fetchImage(volumeOf('template.nii.gz')))
  const { shape, mm, originMm } = FORMS.mni05
  const [x, y, z] = originMm
  const grid = { shape, voxelToWorldMm: Float64Array.of(mm, 0, 0, x, 0, mm, 0, y, 0, 0, mm, z, 0, 0, 0, 1) }
  await stretch('template: resampled to 0.5 mm', () =>
    resampleInSlices(template, grid, { interpolation: 'continuous' }, createSlices()),
  )
  if (existsSync(fileOf(folder, 'c/0.nii.gz'))) {
    const map = await stretch('map of 1 mm: decoding', () => volumes.fetchImage(volumeOf('c/0.nii.gz')))
    await stretch('map of 1 mm: smallest and largest value', () => imageRange(map))
    await stretch('image of 1 mm: clusters', () => findClusters(map, { statThreshold: 0.1 }))
    await stretch('template as an image: clusters', () => findClusters(template, { statThreshold: 100 }))
    await stretch('map of 1 mm: mesh', () => meshOfImage(map, { level: 0.1 }))
  }
  const row = Array.from({ length: 414 }, (_, n) => (n * 0.123456789).toFixed(12)).join(' ')
  const matrix = new TextEncoder().encode(Array.from({ length: 414 }, () => row).join('\n'))
  const decoder = { delimiter: ' ', skipRows: 0 } as never
  const parsed = await stretch('matrix of 414 x 414: parsing one', () => parseCsvMatrix(matrix, decoder))
  await stretch('matrix of 414 x 414: as JSON', () =>
    new TextEncoder().encode(JSON.stringify({ data: matrixRows(parsed) })),
  )
  await retrieval.close()
}
