/** Volumes: whether they can be had, and (`--fetch`) what stands in them. */
import {
  type AtlasCore,
  determinantOf,
  type Image,
  midlineOf,
  type ParcellationMap,
  providesImage,
  sideOfName,
  type Volume,
  type VolumeFormat,
} from '../siibra/index.ts'
import { type Findings, some } from './findings.ts'
import type { FilesById } from './regions.ts'

/** Requests at a time. */
const CONCURRENCY = 8

interface Named {
  file: string
  property: string
  volume: Volume
}

function volumesOf(core: AtlasCore, files: FilesById): Named[] {
  return [...core.spaces.all, ...core.maps.all].flatMap((object) =>
    object.volumes.map((volume, i) => ({ file: files.get(object.id) ?? object.id, property: `volumes[${i}]`, volume })),
  )
}

/** Every provider is asked for its first bytes. Remote ones only where `isOnline`. */
export async function checkProviders(
  core: AtlasCore,
  files: FilesById,
  isOnline: boolean,
  findings: Findings,
): Promise<void> {
  const asked = new Map<string, Promise<string | undefined>>()
  const queue = volumesOf(core, files).flatMap(({ file, property, volume }) =>
    Object.entries(volume.providers).flatMap(([format, provider]) => {
      const urls = typeof provider === 'string' ? [provider] : Object.values(provider)
      return urls.map((url) => ({
        file,
        property: `${property}.providers.${format}`,
        urls: addressesOf(url, format as VolumeFormat),
      }))
    }),
  )
  const next = async () => {
    for (let one = queue.shift(); one; one = queue.shift()) {
      const { file, property, urls } = one
      const [url = ''] = urls
      if (!isOnline && /^https?:/i.test(url)) continue
      let asking = asked.get(url)
      if (!asking) {
        asking = probeAny(core, urls)
        asked.set(url, asking)
      }
      const why = await asking
      if (why !== undefined) findings.error(file, property, `${url.replace(/^configuration:\/\/[^/]+\//, '')} ${why}`)
    }
  }
  await Promise.all(Array.from({ length: CONCURRENCY }, next))
}

/** The files of which one must be there. */
function addressesOf(url: string, format: VolumeFormat): string[] {
  const [file = ''] = url.replace(/^(?:precomputed|zarr):\/\//, '').split(/[ #]/)
  const folder = file.replace(/\/+$/, '')
  if (format === 'ome-zarr' || format === 'zarr') return [`${folder}/zarr.json`, `${folder}/.zattrs`]
  return [format.startsWith('neuroglancer/') ? `${folder}/info` : file]
}

async function probeAny(core: AtlasCore, urls: readonly string[]): Promise<string | undefined> {
  let why: string | undefined
  for (const url of urls) {
    why = await probe(core, url)
    if (why === undefined) return undefined
  }
  return why
}

async function probe({ retrieval }: AtlasCore, url: string): Promise<string | undefined> {
  try {
    const bytes = await retrieval.range(url, { offset: 0, length: 16 })
    if (bytes === undefined) return 'is not there'
    return bytes.byteLength === 0 ? 'is empty' : undefined
  } catch (thrown) {
    return `cannot be had: ${(thrown as Error).message}`
  }
}

/** Reads the volumes of labelled maps: affine, labels on both sides, sides of the brain. */
/** @param onVolume  hears how many of the volumes have been read */
export async function checkContents(
  core: AtlasCore,
  files: FilesById,
  findings: Findings,
  onVolume: (done: number, all: number) => void = () => {},
): Promise<void> {
  let done = 0
  const all = [...core.spaces.all, ...core.maps.all].reduce(
    (sum, { volumes }) => sum + volumes.filter(providesImage).length,
    0,
  )
  const next = () => onVolume(done++, all)
  for (const space of core.spaces.all) {
    for (const [i, volume] of space.volumes.entries()) {
      if (!providesImage(volume)) continue
      next()
      await read(core, volume, files.get(space.id) ?? space.id, `volumes[${i}]`, findings)
    }
  }
  for (const map of core.maps.all) {
    const file = files.get(map.id) ?? map.id
    for (const [i, volume] of map.volumes.entries()) {
      if (!providesImage(volume)) continue
      next()
      const image = await read(core, volume, file, `volumes[${i}]`, findings)
      if (image && map.mapType === 'LABELLED') checkLabels(map, i, image, file, findings)
    }
  }
}

async function read(
  core: AtlasCore,
  volume: Volume,
  file: string,
  property: string,
  findings: Findings,
): Promise<Image | undefined> {
  try {
    const image = await core.volumes.fetchImage(volume, { keep: false })
    const determinant = determinantOf(image.voxelToWorldMm)
    if (determinant === 0 || !Number.isFinite(determinant)) findings.error(file, property, 'its affine is singular')
    return image
  } catch (thrown) {
    findings.error(file, property, `cannot be read: ${(thrown as Error).message}`)
    return undefined
  }
}

function checkLabels(
  map: ParcellationMap,
  volume: number,
  { data, shape, voxelToWorldMm: m }: Image,
  file: string,
  findings: Findings,
): void {
  const sums = new Map<number, { voxels: number; x: number }>()
  const [ni, nj] = shape as [number, number]
  for (let at = 0; at < data.length; at++) {
    const label = data[at]!
    if (label === 0) continue
    let sum = sums.get(label)
    if (!sum) {
      sum = { voxels: 0, x: 0 }
      sums.set(label, sum)
    }
    sum.voxels++
    sum.x += m[0]! * (at % ni) + m[1]! * (Math.floor(at / ni) % nj) + m[2]! * Math.floor(at / (ni * nj)) + m[3]!
  }
  const names = new Map<number, string>()
  for (const [name, indices] of map.indices) {
    for (const index of indices) if (index.volume === volume && index.label !== null) names.set(index.label, name)
  }
  const empty = [...names].filter(([label]) => !sums.has(label))
  if (empty.length > 0)
    findings.error(
      file,
      'indices',
      `labels without a voxel: ${some(empty.map(([label, name]) => `${label} '${name}'`))}`,
    )
  const nameless = [...sums.keys()].filter((label) => !names.has(label))
  if (nameless.length > 0)
    findings.warn(file, `volumes[${volume}]`, `labels without a region: ${some(nameless.sort((a, b) => a - b))}`)
  const middle = midlineOf(shape, m)
  const sided = [...names].flatMap(([label, name]) => {
    const side = sideOfName(name)?.side
    const sum = sums.get(label)
    return side && sum ? [{ name, isWrong: sum.x / sum.voxels < middle !== (side === 'left') }] : []
  })
  const wrong = sided.filter(({ isWrong }) => isWrong)
  if (wrong.length > 0) {
    const text = `${wrong.length} of ${sided.length} regions whose names say left or right lie on the other side: ${some(
      wrong.map(({ name }) => `'${name}'`),
      5,
    )}`
    if (2 * wrong.length > sided.length) findings.error(file, `volumes[${volume}]`, `${text}: is it mirrored?`)
    else findings.warn(file, `volumes[${volume}]`, text)
  }
}
