/**
 * Imports the atlases that lie beside the project by one command each, serves each of them, and compares points, numbers of voxels and
 * centroids with what nibabel and numpy gave (`expected.json`). Node has no NIfTI reader of its own: masks are decoded by the library.
 *
 *   node scripts/try-atlases.mjs [--atlases ../shared/data/atlases] [--only aal-mricron] [--points 300]
 *
 * Prints a line for each atlas, and writes .cache/atlases.json ({passed, failed}); exits with 1 where something differs.
 */
import { execFile, spawn } from 'node:child_process'
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs, promisify } from 'node:util'
import { gunzipSync } from 'node:zlib'

const root = join(dirname(fileURLToPath(import.meta.url)), '..')
const { values } = parseArgs({
  options: {
    atlases: { type: 'string', default: join(root, '../shared/data/atlases') },
    only: { type: 'string' },
    points: { type: 'string', default: '300' },
  },
})
const main = join(root, 'dist/main.js')
const work = mkdtempSync(join(tmpdir(), 'try-atlases-'))
let passed = 0
let failed = 0

/** BrainGlobe's um from the corner are (a, s, r); Allen's volumes begin on the left. */
const toMm = (point, isAllen) => {
  if (point.mm) return point.mm
  const [a, s, r] = point.um.map((um) => um / 1000)
  return [isAllen ? r : -r, -a, -s]
}

const centroidToMm = (voxel, sizeMm, isAllen) =>
  toMm({ um: voxel.map((index) => (index + 0.5) * sizeMm * 1000) }, isAllen)

async function serve(configuration) {
  const child = spawn(
    process.execPath,
    ['--single-threaded-gc', '--no-memory-reducer', '--max-semi-space-size=2', main],
    {
      env: {
        PATH: process.env.PATH,
        SIIBRA_USE_CONFIGURATION: configuration,
        SIIBRA_API_PORT: '0',
        SIIBRA_API_WARM_UP: 'off',
        SIIBRA_API_LOG_FORMAT: 'json',
        SIIBRA_API_OFFLINE: '1',
        SIIBRA_CACHEDIR: join(work, 'cache'),
      },
      stdio: ['ignore', 'pipe', 'inherit'],
    },
  )
  const base = await new Promise((resolve, reject) => {
    let text = ''
    child.stdout.on('data', (chunk) => {
      text += chunk
      const ready = /"address":"(http:[^"]+)"/.exec(text)
      if (ready) resolve(ready[1])
    })
    child.once('exit', () => reject(new Error(`the service ended:\n${text}`)))
  })
  const stop = () => new Promise((resolve) => child.once('exit', resolve) && child.kill('SIGTERM'))
  return { base, stop }
}

/** How many voxels of a NIfTI-1 file are not 0, and their mean place. */
function measureMask(bytes) {
  const plain = gunzipSync(bytes)
  const view = new DataView(plain.buffer, plain.byteOffset, plain.byteLength)
  const [ni, nj, nk] = [42, 44, 46].map((at) => view.getInt16(at, true))
  const width = view.getInt16(72, true) / 8
  const start = view.getFloat32(108, true)
  const rows = [0, 1, 2].map((row) => [0, 1, 2, 3].map((column) => view.getFloat32(280 + 16 * row + 4 * column, true)))
  const sums = [0, 0, 0]
  let voxels = 0
  for (let at = 0; at < ni * nj * nk; at++) {
    if (plain.subarray(start + at * width, start + (at + 1) * width).every((byte) => byte === 0)) continue
    voxels++
    sums[0] += at % ni
    sums[1] += Math.floor(at / ni) % nj
    sums[2] += Math.floor(at / (ni * nj))
  }
  const mean = sums.map((sum) => sum / voxels)
  return { voxels, centroidMm: rows.map(([a, b, c, d]) => a * mean[0] + b * mean[1] + c * mean[2] + d) }
}

async function tryAtlas(name) {
  const source = join(values.atlases, name)
  const expected = JSON.parse(readFileSync(join(source, 'expected.json'), 'utf8'))
  const isAllen = name.startsWith('allen')
  const out = join(work, name)
  const startedMs = performance.now()
  await promisify(execFile)(process.execPath, [main, 'import', source, '--out', out, '--yes'])
  const importMs = performance.now() - startedMs
  const idOf = (folder) =>
    JSON.parse(
      readFileSync(join(out, folder, readdirSync(join(out, folder)).sort((a, b) => a.length - b.length)[0]), 'utf8'),
    )['@id']
  const place = `parcellation_id=${encodeURIComponent(idOf('parcellations'))}&space_id=${encodeURIComponent(idOf('spaces'))}`
  const { base, stop } = await serve(out)
  const wrong = []
  const check = (what, isRight, found) => {
    if (isRight) passed++
    else {
      failed++
      wrong.push(`${what}: ${found}`)
    }
  }
  try {
    for (const point of expected.points.slice(0, Number(values.points))) {
      const mm = toMm(point, isAllen)
      const url = `${base}/v3_0/map/assign?${place}&point=${mm.map((one) => `${one}mm`).join(',')}&assignment_type=labelled`
      const answer = await (await fetch(url)).json()
      const column = answer.columns?.indexOf('region')
      const names = answer.data?.map((row) => row[column]) ?? [answer.detail ?? JSON.stringify(answer)]
      // label 0 is background, whatever a table calls it
      const wanted = point.label === 0 || point.name === null || point.name === undefined ? [] : [point.name]
      check(`point ${mm.join(', ')} (${wanted})`, names.join() === wanted.join(), names.join())
    }
    for (const region of [...expected.regions, ...(expected.parents ?? [])]) {
      const url = `${base}/v3_0/map/labelled_map.nii.gz?${place}&region_id=${encodeURIComponent(region.name)}`
      const response = await fetch(url)
      if (!response.ok) {
        check(`mask of ${region.name}`, false, await response.text())
        continue
      }
      const { voxels, centroidMm } = measureMask(Buffer.from(await response.arrayBuffer()))
      check(`voxels of ${region.name} (${region.voxels})`, voxels === region.voxels, voxels)
      const sizeMm = expected.affine_in_source ? Math.max(...expected.affine_in_source[0].slice(0, 3).map(Math.abs)) : 1
      const wanted =
        region.centroid_mm ?? (region.centroid_voxel && centroidToMm(region.centroid_voxel, sizeMm, isAllen))
      const isNear = (found, mm) => found.every((one, axis) => Math.abs(one - mm[axis]) < 2e-3)
      if (wanted) check(`centroid of ${region.name} (${wanted})`, isNear(centroidMm, wanted), centroidMm)
      const largest = region.largest_component?.['26']?.centroid_mm
      if (!largest) continue
      const answer = await (await fetch(`${base}/v3_0/regions/${encodeURIComponent(region.name)}?${place}`)).json()
      const best = answer.hasAnnotation?.bestViewPoint?.coordinates.map(({ value }) => value) ?? [
        Number.NaN,
        Number.NaN,
        Number.NaN,
      ]
      check(`largest component of ${region.name} (${largest})`, isNear(best, largest), best)
    }
  } finally {
    await stop()
  }
  console.log(
    `${name}: ${wrong.length === 0 ? 'right' : `${wrong.length} wrong`}, imported in ${(importMs / 1000).toFixed(1)} s`,
  )
  for (const line of wrong.slice(0, 10)) console.log(`  ${line}`)
}

try {
  const names = readdirSync(values.atlases).filter((name) => values.only === undefined || name === values.only)
  for (const name of names) await tryAtlas(name)
} finally {
  rmSync(work, { recursive: true, force: true })
}
mkdirSync(join(root, '.cache'), { recursive: true })
writeFileSync(join(root, '.cache/atlases.json'), JSON.stringify({ passed, failed }))
console.log(`${passed} passed, ${failed} failed`)
process.exit(failed > 0 ? 1 : 0)
