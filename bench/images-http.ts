/**
 * Routes that take images, asked over HTTP of the built service, beside nilearn (and siibra) doing the same on this machine in the same run:
 * `npm run bench:images -- --http [--python python3] [--siibra-python python3] [--templates /usr/share/mricron/templates]`.
 * CPU seconds of the process, its wall time and its peak memory for each request, the second of two; ratios are of CPU seconds.
 */
import { execFileSync } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { Agent } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import type { Image } from '../src/siibra/volumes/image.ts'
import { encodeNifti } from '../src/siibra/volumes/nifti/encode.ts'
import { ROOT, startService } from './server/processes.ts'
import { send } from './session/client.ts'

/** What a library is waited for. */
const LONGEST_MS = 120_000

/** Clock ticks of /proc, of which Linux tells 100 a second to programs. */
const TICKS_PER_S = 100

export interface HttpBenchOptions {
  /** Of an environment with nilearn, and of one with siibra. */
  python?: string | undefined
  siibraPython?: string | undefined
  /** Folder of mricron's templates: a real map of 1 mm (AAL), and images of heads. */
  templates: string
  /** Images of some sizes by voxel size in mm, and a map. */
  labels: Image
  images: readonly { name: string; image: Image }[]
}

interface Case {
  name: string
  path: string
  file: string
  boundS: number
  /** What images_reference.py does: the name of its function. */
  reference: string
}

interface Measured {
  cpuS: number
  wallS: number
  peakMb: number
}

const query = (parameters: Record<string, string>) => new URLSearchParams(parameters).toString()
const IN_MAP = { parcellation_id: 'Bench', space_id: 'Bench space' }

/** Each case on an atlas: values, values by spline, components, clusters. */
function casesOf(name: string, file: string, { isFine, threshold }: { isFine: boolean; threshold: number }): Case[] {
  const map = { ...IN_MAP, assignment_type: 'labelled' }
  const at = String(threshold)
  const to = (target: string) => query({ ...map, resampling_target: target })
  const inClusters = { stat_threshold: at, space_id: IN_MAP.space_id, parcellation_ids: IN_MAP.parcellation_id }
  return [
    { name: `${name}: values`, path: `/map/values?${to('data')}`, file, boundS: 0.5, reference: 'values_data' },
    {
      name: `${name}: values, spline`,
      path: `/map/values?${to('labels')}`,
      file,
      boundS: 2,
      reference: 'values_labels',
    },
    {
      name: `${name}: components and regions`,
      path: `/map/assign_image?${query({ ...map, threshold: at, min_voxels: '10' })}`,
      file,
      boundS: isFine ? 5 : 1.5,
      reference: 'assign',
    },
    { name: `${name}: clusters`, path: `/map/clusters?${query(inClusters)}`, file, boundS: 5, reference: 'clusters' },
  ]
}

export async function benchOverHttp(options: HttpBenchOptions): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'bench-images-'))
  try {
    const labels = join(folder, 'labels.nii.gz')
    writeFileSync(
      labels,
      gzipSync(encodeNifti({ ...options.labels, data: Int16Array.from(options.labels.data), dtype: 'int16' })),
    )
    const names = [...new Set(options.labels.data)].filter((label) => label > 0).sort((a, b) => a - b)
    const table = `index,name\n${names.map((label) => `${label},region ${label}`).join('\n')}\n`
    const made = options.images.map(({ name, image }) => {
      const file = join(folder, `${name.replaceAll(' ', '-')}.nii.gz`)
      writeFileSync(file, gzipSync(encodeNifti(image)))
      return casesOf(name, file, { isFine: name === '1 mm', threshold: 1 })
    })
    await onAtlas(folder, 'made up, 300 regions', labels, table, made.flat(), options)

    const [aal, aalNames, head] = ['aal.nii.gz', 'aal.nii.txt', 'ch2.nii.gz'].map((name) =>
      join(options.templates, name),
    )
    if (!aal || !aalNames || !head || ![aal, aalNames, head].every((file) => existsSync(file)))
      return console.log(`no ${options.templates}: nothing real is measured`)
    const real = readFileSync(aalNames, 'utf8').replace(/^(\d+) (\S+).*$/gm, '$1,$2')
    await onAtlas(
      folder,
      'AAL of mricron and a head (ch2)',
      aal,
      `index,name\n${real}`,
      casesOf('head, 1 mm', head, { isFine: true, threshold: 150 }),
      options,
    )
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

async function onAtlas(
  folder: string,
  title: string,
  labels: string,
  table: string,
  cases: readonly Case[],
  { python, siibraPython }: HttpBenchOptions,
): Promise<void> {
  const names = join(folder, 'names.csv')
  const atlas = mkdtempSync(join(folder, 'atlas-'))
  writeFileSync(names, table)
  const flags = ['--out', join(atlas, 'made'), '--table', names, '--name', 'Bench', '--space', 'Bench space', '--yes']
  execFileSync(process.execPath, [join(ROOT, 'dist/main.js'), 'import', labels, ...flags], { stdio: 'ignore' })
  const service = await startService({ SIIBRA_USE_CONFIGURATION: join(atlas, 'made'), SIIBRA_API_OFFLINE: '1' })
  console.log(`\n${title}`)
  try {
    for (const one of cases) {
      const ours = await measure(service, one)
      const others = [
        { name: 'nilearn', run: python },
        { name: 'siibra', run: siibraPython },
      ].map(({ name, run }) => ({ name, measured: run ? reference(run, name, one, labels) : undefined }))
      const told = others.flatMap(({ name, measured }) => {
        if (!measured) return []
        if (!Number.isFinite(measured.cpuS)) return [`${name} more than ${LONGEST_MS / 1000} s for two`]
        const times = (measured.cpuS / ours.cpuS).toFixed(1)
        return [`${name} ${measured.cpuS.toFixed(2)} s, ${Math.round(measured.peakMb)} MB: ${times} times`]
      })
      const isSlow = ours.cpuS > one.boundS
      console.log(
        `${one.name.padEnd(32)} ${ours.cpuS.toFixed(2)} s CPU (bound ${one.boundS}${isSlow ? ', TOO SLOW' : ''}), ${ours.wallS.toFixed(2)} s, peak ${Math.round(ours.peakMb)} MB; ${told.join('; ')}`,
      )
    }
  } finally {
    await service.stop()
  }
}

async function measure({ port, pid }: { port: number; pid: number }, { path, file }: Case): Promise<Measured> {
  const base = new URL(`http://127.0.0.1:${port}`)
  const body = readFileSync(file)
  const ask = async () => {
    const answer = await send(base, new Agent(), `/v3_0${path}`, { 'content-type': 'application/octet-stream' }, body)
    if (answer.status !== 200)
      throw new Error(`${path} answered ${answer.status}: ${answer.bytes.toString().slice(0, 300)}`)
    return answer
  }
  await ask()
  // the peak is counted from here
  writeFileSync(`/proc/${pid}/clear_refs`, '5')
  const beforeS = cpuSecondsOf(pid)
  const { ms } = await ask()
  const peakKb = Number(/VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1])
  return { cpuS: cpuSecondsOf(pid) - beforeS, wallS: ms / 1000, peakMb: peakKb / 1024 }
}

function cpuSecondsOf(pid: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? []
  return (Number(fields[11]) + Number(fields[12])) / TICKS_PER_S
}

/** Python's own measurement of the second of two runs; undefined where the library has nothing of the kind. */
function reference(python: string, library: string, one: Case, labels: string): Measured | undefined {
  const script = join(ROOT, 'bench/images_reference.py')
  const threshold = /threshold=([\d.]+)/.exec(one.path)?.[1] ?? '0'
  let output: string
  try {
    output = execFileSync(python, [script, library, one.reference, one.file, labels, threshold], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
      timeout: LONGEST_MS,
    })
  } catch {
    return { cpuS: Number.POSITIVE_INFINITY, wallS: LONGEST_MS / 1000, peakMb: Number.NaN }
  }
  const line = output.trim().split('\n').at(-1) ?? 'null'
  return JSON.parse(line) ?? undefined
}
