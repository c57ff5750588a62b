/**
 * What is done with maps, as ratios in one run, on made-up volumes of real size: a region mask as .nii.gz against gunzip and gzip
 * alone (bound: 2), a point on decoded maps (bound: 1 ms), an uncertain point against siibra-python (bound: a twentieth).
 *
 *   npx tsx bench/maps.ts [--rounds 7] [--python /path/to/python/with/siibra]     (python3, where it has siibra)
 */
import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { gunzipSync, gzipSync } from 'node:zlib'
import type { MapIndex } from '../src/siibra/core/types.ts'
import { assignPoint } from '../src/siibra/maps/assignment/assign.ts'
import { fetchLabelImage } from '../src/siibra/maps/labels/label-image.ts'
import { maskImage } from '../src/siibra/maps/labels/region-mask.ts'
import { selectRuns } from '../src/siibra/maps/labels/select-runs.ts'
import { encodeNifti } from '../src/siibra/volumes/nifti/decode.ts'
import { createAtlas, createBlob, createLabels, mapOf, space, toFile, volumeOf } from './maps/made-up-atlas.ts'

const { values } = parseArgs({ options: { rounds: { type: 'string', default: '7' }, python: { type: 'string' } } })
const rounds = Number(values.rounds)

type Work = () => unknown

/** The quickest of some rounds, in ms. */
async function quickest(work: Work, times = rounds): Promise<number> {
  let best = Number.POSITIVE_INFINITY
  for (let round = 0; round < times; round++) {
    const start = performance.now()
    await work()
    best = Math.min(best, performance.now() - start)
  }
  return best
}

function hasSiibra(interpreter: string): boolean {
  try {
    execFileSync(interpreter, ['-c', 'import siibra.volumes.sparsemap'], { stdio: 'ignore' })
    return true
  } catch {
    return false
  }
}

const line = (what: string, plainMs: number, oursMs: number, bound: string) =>
  console.log(
    `${what.padEnd(62)} ${plainMs.toFixed(2).padStart(9)} ms ${oursMs.toFixed(3).padStart(9)} ms ${(oursMs / plainMs).toFixed(3).padStart(8)}   ${bound}`,
  )
console.log(`${''.padEnd(62)} ${'plain'.padStart(12)} ${'ours'.padStart(12)} ${'ratio'.padStart(8)}   bound`)

// --- masks of a map of 1 mm, nothing decoded before ---------------------------------------------------------------------
const wholeBrain = createLabels([193, 229, 193], 1, 24)
const file = toFile(wholeBrain)
const allLabels = new Set(wholeBrain.data)
for (const [what, labels] of [
  ['one region', new Set([...allLabels].slice(200, 201))],
  ['half of all regions', new Set([...allLabels].filter((label) => label % 2 === 1))],
] as const) {
  const plainMs = await quickest(() => gzipSync(gunzipSync(file), { level: 1 }))
  const oursMs = await quickest(async () => {
    const image = await fetchLabelImage(createAtlas(new Map([['labels', file]])), volumeOf('labels'), null)
    const runs = await selectRuns(image.runs, labels, image.shape[0]!)
    return gzipSync(encodeNifti(maskImage({ ...image, runs })), { level: 1 })
  })
  line(`mask of ${what}, 1 mm, cold, against gunzip + gzip (level 1)`, plainMs, oursMs, 'at most 2')
}

// --- points in maps of 2 mm ---------------------------------------------------------------------------------------------
const shape = [97, 115, 97] as const
const labelled = createLabels(shape, 2, 12)
const blobs = Array.from({ length: 100 }, (_, n) => createBlob(shape, 2, n + 1))
const files = new Map([
  ['labels.nii.gz', toFile(labelled)],
  ...blobs.map((blob, n) => [`blob${n}.nii.gz`, toFile(blob)] as const),
])
const labelIndices = new Map<string, MapIndex[]>()
for (const label of new Set(labelled.data)) {
  if (label > 0) labelIndices.set(`region ${label}`, [{ volume: 0, label, fragment: null }])
}
const blobIndices = new Map(blobs.map((_, n) => [`region ${n}`, [{ volume: n, label: null, fragment: null }]]))
const maps = {
  labelled: mapOf('LABELLED', ['labels.nii.gz'], labelIndices),
  statistical: mapOf(
    'STATISTICAL',
    blobs.map((_, n) => `blob${n}.nii.gz`),
    blobIndices,
  ),
}
const atlas = createAtlas(files)
const points = Array.from({ length: 50 }, (_, n) => [(n % 5) * 9 - 18, (n % 7) * 8 - 24, (n % 3) * 10 - 10] as const)

async function msPerPoint(map: keyof typeof maps, sigmaMm: number): Promise<number> {
  const assignAll = async () => {
    for (const coordinateMm of points) await assignPoint(atlas, maps[map], { coordinateMm, sigmaMm, spaceId: space.id })
  }
  await assignAll()
  return (await quickest(assignAll)) / points.length
}
for (const map of ['labelled', 'statistical'] as const) {
  line(`a point in a decoded ${map} map`, 1, await msPerPoint(map, 0), 'at most 1 (ms)')
}

// --- the same by siibra-python ------------------------------------------------------------------------------------------
const SIGMA_MM = 8
const ours = {
  labelled: await msPerPoint('labelled', SIGMA_MM),
  statistical: await msPerPoint('statistical', SIGMA_MM),
}
const python = values.python ?? (hasSiibra('python3') ? 'python3' : undefined)
if (python) {
  const folder = mkdtempSync(join(tmpdir(), 'bench-maps-'))
  try {
    for (const [name, bytes] of files) writeFileSync(join(folder, name), bytes)
    const script = new URL('maps/assign_siibra.py', import.meta.url).pathname
    const input = JSON.stringify({ folder, blobs: blobs.length, points: points.slice(0, 5), sigmaMm: SIGMA_MM })
    const output = execFileSync(python, [script], { input, stdio: ['pipe', 'pipe', 'ignore'] }).toString()
    const theirs = JSON.parse(output) as typeof ours
    for (const map of ['labelled', 'statistical'] as const) {
      line(`an uncertainty of 4 voxels, ${map} map, against siibra-python`, theirs[map], ours[map], 'at most 0.05')
    }
  } finally {
    rmSync(folder, { recursive: true })
  }
} else {
  console.log(
    `an uncertainty of 4 voxels: ${ours.labelled.toFixed(2)} ms labelled, ${ours.statistical.toFixed(2)} ms statistical`,
  )
  console.log('(give --python an interpreter with siibra 0.4a107 to compare)')
}
