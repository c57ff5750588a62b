/**
 * What decoding costs beside inflating the same bytes, as ratios in one run: 1.00 is `gunzipSync` (with Node's defaults) alone.
 * The volume is made up: 193 x 229 x 193 voxels (1 mm MNI) of some 400 smooth regions.
 *
 *   npx tsx bench/decode.ts [--rounds 7]
 */
import { parseArgs } from 'node:util'
import { deflateSync, gunzipSync, gzipSync, inflateSync } from 'node:zlib'
import type { Image, VoxelType } from '../src/siibra/volumes/image.ts'
import { gzipBytes } from '../src/siibra/volumes/inflate.ts'
import { decodeNifti, encodeNifti } from '../src/siibra/volumes/nifti/decode.ts'
import { openPrecomputed, readBox } from '../src/siibra/volumes/precomputed/volume.ts'
import { parseGifti } from '../src/siibra/volumes/surfaces/gifti.ts'

const rounds = Number(parseArgs({ options: { rounds: { type: 'string', default: '7' } } }).values.rounds)
const size = [193, 229, 193] as const

/** Labels of boxes within an ellipsoid; 0 around it. */
function createLabels(): Int16Array {
  const data = new Int16Array(size[0] * size[1] * size[2])
  const middle = size.map((length) => length / 2)
  let i = 0
  for (let z = 0; z < size[2]; z++) {
    for (let y = 0; y < size[1]; y++) {
      for (let x = 0; x < size[0]; x++, i++) {
        const radius = [x, y, z].reduce((sum, v, axis) => sum + (v / middle[axis]! - 1) ** 2, 0)
        const wave = Math.sin(x / 9) + Math.sin(y / 11 + z / 17)
        if (radius < 0.8) data[i] = 1 + (x >> 5) + 7 * (y >> 5) + 56 * (z >> 5) + (wave > 0.5 ? 1 : 0)
      }
    }
  }
  return data
}

function toImage(data: Image['data'], dtype: VoxelType): Image {
  const voxelToWorldMm = Float64Array.of(1, 0, 0, -96, 0, 1, 0, -132, 0, 0, 1, -78, 0, 0, 0, 1)
  return { data, dtype, shape: [...size], voxelToWorldMm }
}

/** The same file with other bytes in the header, or with its voxels swapped. */
function withSlope(nifti: Uint8Array, slope: number): Uint8Array {
  const changed = nifti.slice()
  new DataView(changed.buffer).setFloat32(112, slope, true)
  return changed
}

function toBigEndian(nifti: Uint8Array): Uint8Array {
  const changed = Buffer.from(nifti)
  changed.subarray(0, 4).swap32()
  changed.subarray(40, 56).swap16()
  changed.subarray(70, 74).swap16()
  changed.subarray(76, 120).swap32()
  changed.subarray(252, 256).swap16()
  changed.subarray(256, 328).swap32()
  changed.subarray(352).swap16()
  return changed
}

type Work = () => unknown

/** The quickest of some rounds of each, run in turn so that both have the same machine. */
async function measure(plain: Work, ours: Work): Promise<{ plainMs: number; oursMs: number }> {
  const best = { plainMs: Number.POSITIVE_INFINITY, oursMs: Number.POSITIVE_INFINITY }
  for (let round = 0; round < rounds; round++) {
    for (const [name, work] of [
      ['plainMs', plain],
      ['oursMs', ours],
    ] as const) {
      const start = performance.now()
      await work()
      best[name] = Math.min(best[name], performance.now() - start)
    }
  }
  return best
}

async function report(what: string, plain: Work, ours: Work) {
  const { plainMs, oursMs } = await measure(plain, ours)
  const numbers = `${plainMs.toFixed(1).padStart(8)} ms ${oursMs.toFixed(1).padStart(8)} ms`
  console.log(`${what.padEnd(58)} ${numbers} ${(oursMs / plainMs).toFixed(2).padStart(6)}`)
}

console.log(`${''.padEnd(58)} ${'plain'.padStart(11)} ${'ours'.padStart(11)}  ratio`)
const labels = createLabels()
const floats = Float32Array.from(labels, (label) => label / 100)
const labelled = encodeNifti(toImage(labels, 'int16'))
for (const [what, nifti] of [
  ['labelled map, int16', labelled],
  ['labelled map, int16, big-endian', toBigEndian(labelled)],
  ['statistical map, float32', encodeNifti(toImage(floats, 'float32'))],
  ['statistical map, int16 with a slope, to float64', withSlope(labelled, 0.01)],
] as const) {
  const zipped = gzipSync(nifti)
  await report(
    `NIfTI: ${what}`,
    () => gunzipSync(zipped),
    () => decodeNifti(zipped),
  )
}
await report(
  'NIfTI: encode and gzip, against gzip at the same level',
  () => gzipSync(labelled, { level: 1 }),
  () => gzipBytes(encodeNifti(toImage(labels, 'int16'))),
)

/** A volume of raw chunks, gzipped as servers store them. */
function createChunks(chunkSize: number): Map<string, Uint8Array> {
  const info = {
    type: 'segmentation',
    data_type: 'int16',
    num_channels: 1,
    scales: [
      {
        key: '1mm',
        size,
        resolution: [1e6, 1e6, 1e6],
        chunk_sizes: [[chunkSize, chunkSize, chunkSize]],
        encoding: 'raw',
      },
    ],
  }
  const files = new Map<string, Uint8Array>([['v/info', Buffer.from(JSON.stringify(info))]])
  const starts = (axis: 0 | 1 | 2) => Array.from({ length: Math.ceil(size[axis] / chunkSize) }, (_, i) => i * chunkSize)
  for (const z of starts(2)) {
    for (const y of starts(1)) {
      for (const x of starts(0)) {
        const end = [x, y, z].map((start, axis) => Math.min(start + chunkSize, size[axis]!)) as [number, number, number]
        const chunk = new Int16Array((end[0] - x) * (end[1] - y) * (end[2] - z))
        let at = 0
        for (let k = z; k < end[2]; k++) {
          for (let j = y; j < end[1]; j++) {
            const row = size[0] * (j + size[1] * k)
            chunk.set(labels.subarray(row + x, row + end[0]), at)
            at += end[0] - x
          }
        }
        files.set(`v/1mm/${x}-${end[0]}_${y}-${end[1]}_${z}-${end[2]}`, gzipSync(new Uint8Array(chunk.buffer)))
      }
    }
  }
  return files
}

const files = createChunks(64)
const volume = await openPrecomputed({ get: async (key) => files.get(key) }, 'v')
const chunkFiles = [...files].filter(([key]) => key.includes('1mm')).map(([, bytes]) => bytes)
await report(
  'precomputed: raw chunks of 64 x 64 x 64, assembled',
  () => chunkFiles.map((bytes) => gunzipSync(bytes)),
  () => readBox(volume, volume.info.scales[0]!),
)

const coordinates = Float32Array.from({ length: 3 * 163_842 }, (_, i) => Math.sin(i) * 90)
const packed = deflateSync(new Uint8Array(coordinates.buffer)).toString('base64')
const gifti = Buffer.from(
  `<GIFTI NumberOfDataArrays="1"><DataArray Intent="NIFTI_INTENT_POINTSET" DataType="NIFTI_TYPE_FLOAT32" Dimensionality="2" Dim0="163842"
  Dim1="3" ArrayIndexingOrder="RowMajorOrder" Encoding="GZipBase64Binary" Endian="LittleEndian"><Data>${packed}</Data></DataArray></GIFTI>`,
)
await report(
  'GIFTI: fsaverage coordinates, against Base64 and inflate',
  () => inflateSync(Buffer.from(packed, 'base64')),
  () => parseGifti(gifti),
)
