/**
 * Volumes of the sizes that users have: what one request to a fresh service costs, beside the floor (inflating the same bytes once, in one small
 * buffer), whether the values are right, and how long critical requests wait meanwhile.
 *
 *   npm run bench:real-sizes [-- --letters abcdgh] [--before FOLDER] [--siibra-python PYTHON] [--only table|values|stretches|listings]
 *
 * --before          a built checkout of another revision, whose numbers are printed beside
 * --siibra-python   an interpreter with siibra 0.4a107, whose numbers are printed beside (default: python3, where it has it)
 * The volumes are made once (some minutes) and kept in .cache/real-sizes. PYTHON with nibabel (or SIIBRA_BENCH_PYTHON) compares some values, too.
 */
import { spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { parseArgs } from 'node:util'
import { createSlices } from '../src/siibra/slices.ts'
import { openByteReader } from '../src/siibra/volumes/stream/byte-reader.ts'
import { measureListings } from './real-sizes/listings.ts'
import {
  ballOf,
  FORMS,
  type FormName,
  fileOf,
  labelAt,
  makeVolumes,
  type Triple,
  valueAt,
} from './real-sizes/make-volumes.ts'
import { cpuS, peakMb } from './real-sizes/process-usage.ts'
import { findSiibraPython, type PythonTask } from './real-sizes/siibra-python.ts'
import { printStretches } from './real-sizes/stretches.ts'
import { ROOT, type Running, startBareServer, startService } from './server/processes.ts'

const { values: options } = parseArgs({
  options: {
    letters: { type: 'string', default: 'abcdgh' },
    before: { type: 'string' },
    'siibra-python': { type: 'string', default: 'python3' },
    only: { type: 'string' },
  },
})
const folder = join(ROOT, '.cache', 'real-sizes')
const env = await makeVolumes(folder, options.letters, (text) => console.error(text))

const SPACES: Record<string, FormName> = { a: 'mni1', b: 'mni05', c: 'mni1', d: 'ccf25', g: 'mni2', h: 'mni2' }
const where = (letter: string) => `parcellation_id=bench/parcellation/${letter}&space_id=bench/space/${SPACES[letter]}`
const millimetres = (letter: string, voxel: Triple) => {
  const { mm, originMm } = FORMS[SPACES[letter]!]
  return voxel.map((at, axis) => `${at * mm + originMm[axis]!}mm`).join(',')
}
const point = (letter: string, type: string, voxel: Triple) =>
  `/map/assign?${where(letter)}&assignment_type=${type}&point=${encodeURIComponent(millimetres(letter, voxel))}`

interface Operation {
  letter: string
  name: string
  kind: PythonTask['kind']
  region?: string
  path: string
  /** Files whose bytes are inflated for the floor. */
  files: string[]
}

/** Of statistical maps the middle of a component: where there is none, siibra-python 0.4a107 gives the last entry of its index. */
const voxelIn = (letter: string): Triple => {
  const form = FORMS[SPACES[letter]!]
  return 'cgh'.includes(letter) ? ballOf(form, 10).centre : (form.shape.map((size) => Math.round(size * 0.4)) as Triple)
}
const ALL: Operation[] = [
  ...['a', 'b', 'd'].flatMap((letter) => [
    {
      letter,
      name: 'whole map',
      kind: 'whole' as const,
      path: `/map/labelled_map.nii.gz?${where(letter)}`,
      files: [`${letter}/labels.nii.gz`],
    },
    {
      letter,
      name: 'mask of a region',
      kind: 'mask' as const,
      region: 'Region 220',
      path: `/map/labelled_map.nii.gz?${where(letter)}&region_id=Region%20220`,
      files: [`${letter}/labels.nii.gz`],
    },
    {
      letter,
      name: 'first point',
      kind: 'point' as const,
      path: point(letter, 'labelled', voxelIn(letter)),
      files: [`${letter}/labels.nii.gz`],
    },
  ]),
  {
    letter: 'b',
    name: 'template resampled',
    kind: 'resampled' as const,
    path: `/map/resampled_template?${where('b')}`,
    files: ['template.nii.gz'],
  },
  ...['c', 'g', 'h'].map((letter) => ({
    letter,
    name: 'first point',
    kind: 'point' as const,
    path: point(letter, 'statistical', voxelIn(letter)),
    files: letter === 'c' ? cFiles() : [`${letter}/maps.nii.gz`],
  })),
  ...['g', 'h'].map((letter) => ({
    letter,
    name: 'map of one component',
    kind: 'mask' as const,
    region: 'Region 128',
    path: `/map/statistical_map.nii.gz?${where(letter)}&region_id=Region%20128`,
    files: [`${letter}/maps.nii.gz`],
  })),
]

function cFiles(): string[] {
  const c = dirname(fileOf(folder, 'c/0.nii.gz'))
  return existsSync(c) ? readdirSync(c).map((name) => `c/${name}`) : []
}

interface Measured {
  cpu: number
  wall: number
  peak: number
  warmCpu: number
  criticalP99: number
  bareP99: number
}

async function measure(operation: Operation, project: string): Promise<Measured> {
  const cacheDir = mkdtempSync(join(tmpdir(), 'siibra-bench-'))
  const service = await startService({ ...env, SIIBRA_CACHEDIR: cacheDir, SIIBRA_API_RESPONSE_CACHE_MB: '0' }, project)
  const bare = await startBareServer({ '/': { head: {}, body: new Uint8Array(100) } })
  try {
    await new Promise((done) => setTimeout(done, 2000))
    const before = cpuS(service.pid)
    const watch = watchCritical(service, bare)
    const startMs = performance.now()
    await ask(service, operation.path)
    const wall = (performance.now() - startMs) / 1000
    const waits = await watch.stop()
    const cpu = cpuS(service.pid) - before - waits.cpu
    const warmBefore = cpuS(service.pid)
    await ask(service, operation.path)
    const warmCpu = cpuS(service.pid) - warmBefore
    return { cpu, wall, peak: peakMb(service.pid), warmCpu, criticalP99: waits.critical, bareP99: waits.bare }
  } finally {
    await Promise.all([service.stop(), bare.stop()])
    rmSync(cacheDir, { recursive: true, force: true })
  }
}

/** Until the answer is there: an index that is being made is asked for again. */
async function ask({ port }: Running, path: string): Promise<Buffer> {
  for (;;) {
    const answer = await fetch(`http://127.0.0.1:${port}/v3_0${path}`)
    const body = Buffer.from(await answer.arrayBuffer())
    if (answer.status === 200) return body
    const { code } = JSON.parse(JSON.parse(body.toString()).message ?? '{}') as { code?: string }
    if (code !== 'UNAVAILABLE') return Buffer.alloc(0)
  }
}

/** Asks a critical route and a bare server in turn, until it is told to stop; waits in ms. `cpu`: what that costs the service, about. */
function watchCritical(service: Running, bare: Running) {
  let isOver = false
  const waits: { critical: number[]; bare: number[] } = { critical: [], bare: [] }
  const time = async (port: number, path: string, into: number[]) => {
    const startMs = performance.now()
    await (await fetch(`http://127.0.0.1:${port}${path}`)).arrayBuffer()
    into.push(performance.now() - startMs)
  }
  const loop = (async () => {
    while (!isOver) {
      await time(service.port, '/v3_0/atlases', waits.critical)
      await time(bare.port, '/', waits.bare)
      await new Promise((done) => setTimeout(done, 20))
    }
  })()
  return {
    async stop() {
      isOver = true
      await loop
      return { critical: p99(waits.critical), bare: p99(waits.bare), cpu: waits.critical.length * 0.0006 }
    },
  }
}

const p99 = (values: number[]) => values.sort((x, y) => x - y)[Math.floor(values.length * 0.99)] ?? 0

/** CPU seconds of inflating files once, checksums included. */
async function floorOf(files: readonly string[]): Promise<number> {
  const before = process.cpuUsage()
  const slices = createSlices(undefined, Number.POSITIVE_INFINITY)
  for (const file of files) {
    const reader = await openByteReader([readFileSync(fileOf(folder, file))], { source: file, slices })
    await reader.skip(Number.MAX_SAFE_INTEGER)
    reader.close()
  }
  const { user, system } = process.cpuUsage(before)
  return (user + system) / 1e6
}

/** Values at some points: by the formula that drew them, and by nibabel where there is one. */
async function checkValues(): Promise<void> {
  const service = await startService({ ...env, SIIBRA_API_RESPONSE_CACHE_MB: '0' })
  let [right, wrong] = [0, 0]
  const python: { file: string; voxel: number[]; value: number }[] = []
  try {
    for (const letter of options.letters) {
      const form = FORMS[SPACES[letter]!]
      const isLabelled = 'abd'.includes(letter)
      for (let n = 1; n <= 12; n++) {
        const voxel = form.shape.map((size, axis) =>
          Math.round(size * (0.3 + 0.03 * ((n * (axis + 3)) % 13))),
        ) as Triple
        const { data } = JSON.parse(
          (await ask(service, point(letter, isLabelled ? 'labelled' : 'statistical', voxel))).toString(),
        )
        const found = new Map((data as unknown[][]).map((row) => [Number(row[2]), Number(row[7])]))
        const count = { c: 300, g: 256, h: 512 }[letter] ?? 1
        for (let volume = 0; volume < count; volume++) {
          const expected = isLabelled ? labelAt(form, voxel) : valueAt(form, volume, voxel)
          if ((found.get(volume) ?? 0) === expected) right++
          else wrong++
          if (expected > 0 && volume % 40 < 3) {
            const file = isLabelled ? 'labels' : letter === 'c' ? `${volume}` : 'maps'
            python.push({
              file: fileOf(folder, `${letter}/${file}.nii.gz`),
              voxel: 'gh'.includes(letter) ? [...voxel, volume] : voxel,
              value: found.get(volume) ?? 0,
            })
          }
        }
      }
    }
  } finally {
    await service.stop()
  }
  console.log(`\nvalues by the formula that drew them: ${right} right, ${wrong} wrong`)
  compareWithNibabel(python.slice(0, 200))
  if (wrong > 0) process.exitCode = 1
}

function compareWithNibabel(points: object[]): void {
  const script = `import sys, json, nibabel
points = json.load(sys.stdin); wrong = 0
for p in points:
    if float(nibabel.load(p['file']).dataobj[tuple(p['voxel'])]) != p['value']: wrong += 1
print(f"values by nibabel {nibabel.__version__}: {len(points) - wrong} right, {wrong} wrong")`
  const { status, stdout } = spawnSync(process.env.SIIBRA_BENCH_PYTHON ?? 'python3', ['-c', script], {
    input: JSON.stringify(points),
  })
  console.log(status === 0 ? stdout.toString().trim() : 'values by nibabel: skipped, there is no Python with nibabel')
}

const seconds = (value: number) => value.toFixed(2).padStart(7)
const cells = ({ cpu, wall, peak, warmCpu, criticalP99, bareP99 }: Measured) =>
  `${seconds(cpu)}${seconds(wall)}${String(peak).padStart(7)}${seconds(warmCpu)}${criticalP99.toFixed(0).padStart(9)}${bareP99.toFixed(0).padStart(6)}`
/** What siibra-python takes, and for a point whether it finds the same values. */
async function besidePython({ letter, kind, region }: Operation): Promise<string> {
  const { mm, originMm } = FORMS[SPACES[letter]!]
  const found = siibraPython?.({
    configuration: join(folder, 'configuration'),
    mirror: join(folder, 'mirror'),
    parcellation: `bench/parcellation/${letter}`,
    space: `bench/space/${SPACES[letter]}`,
    isStatistical: 'cgh'.includes(letter),
    kind,
    pointMm: voxelIn(letter).map((at, axis) => at * mm + originMm[axis]!),
    ...(region ? { region } : {}),
  })
  if (!siibraPython) return ''
  if (!found) return '   |  failed'
  const form = FORMS[SPACES[letter]!]
  const isRight = found.rows.every(
    ([volume, value]) =>
      value === ('cgh'.includes(letter) ? valueAt(form, volume, voxelIn(letter)) : labelAt(form, voxelIn(letter))),
  )
  return `   | ${seconds(found.cpu)}${seconds(found.wall)}${String(found.peakMb).padStart(7)}${kind === 'point' ? `  ${found.rows.length} rows${isRight ? '' : ', OTHER VALUES'}` : ''}`
}

const wanted = (part: string) => options.only === undefined || options.only === part
const siibraPython = wanted('table') ? findSiibraPython(options['siibra-python']) : undefined
const head = '  cpu s wall s peakMB warm s critical  bare'
if (wanted('table')) await compareAll()
if (wanted('stretches')) await printStretches(folder, options.letters)
if (wanted('listings')) await measureListings(env, options.letters)
if (wanted('values')) await checkValues()

async function compareAll(): Promise<void> {
  console.log(`CPU seconds, fresh and warm; p99 in ms of a critical request and of a bare server meanwhile\n`)
  console.log(
    `${'volume, operation'.padEnd(26)}  floor ${head}${options.before ? `   |  before: ${head}` : ''}${siibraPython ? '   |  siibra-python:  cpu s wall s peakMB' : ''}`,
  )
  for (const operation of ALL.filter(({ letter }) => options.letters.includes(letter))) {
    const floor = seconds(await floorOf(operation.files))
    const now = cells(await measure(operation, ROOT))
    const before = options.before ? `   |          ${cells(await measure(operation, options.before))}` : ''
    console.log(
      `${`${operation.letter}: ${operation.name}`.padEnd(26)}${floor} ${now}${before}${await besidePython(operation)}`,
    )
  }
}
