/** Images, and what nilearn, scipy and numpy make of them with the demo's maps (test/fixtures/images/make_routes.py). */
import { readFileSync } from 'node:fs'
import { gunzipSync } from 'node:zlib'
import { expect } from 'vitest'
import type { Answer } from '../../app.ts'

export const PARCELLATION = 'siibra-api/demo/parcellation/harbour-2'
export const ONE_VOLUME = 'siibra-api/demo/parcellation/harbour-1'
export const SPACE = 'siibra-api/demo/space/harbour-mean'
export const IN_SPACE = `parcellation_id=${PARCELLATION}&space_id=${SPACE}`

type Numbers = Record<string, (number | null)[]>
interface Reference {
  images: Record<'stat' | 'turned' | 'mask' | 'series' | 'beside', string>
  values: { image: ImageName; strategy: string; target: string; regions: Numbers }[]
  signals: { image: ImageName; target: string; regions: Numbers }[]
  clusters: {
    image: ImageName
    stat_threshold: number
    cluster_extent: number
    two_sided: boolean
    rows: [string, number, number, number, number, number | null, string | null, Record<string, number> | null][]
  }[]
  assign: {
    image: ImageName
    map: 'sides' | 'statistical'
    threshold: number
    connectivity: string
    split: boolean
    rows: { component: number; region: string; centroid: number[]; value: number; scores: number[]; facts: number[] }[]
  }[]
  colorized: { map: 'sides' | 'one'; values: Record<string, number>; voxels: string }[]
  density: {
    points: number[][]
    sigma_mm: number
    resolution_mm: number | null
    affine: number[]
    shape: number[]
    voxels: string
  }[]
}
export type ImageName = keyof Reference['images']

export const reference: Reference = JSON.parse(
  readFileSync(new URL('../../fixtures/images/routes.json', import.meta.url), 'utf8'),
)

/** A `.nii.gz` file of the fixture. */
export const imageFile = (name: ImageName): Buffer => Buffer.from(reference.images[name], 'base64')

/** float32 voxels of the fixture. */
export function voxelsOf(text: string): Float32Array {
  const bytes = gunzipSync(Buffer.from(text, 'base64'))
  return new Float32Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length))
}

interface Frame {
  columns: string[]
  data: unknown[][]
}

/** Rows as objects. */
export function rowsOf(answer: Answer): Record<string, unknown>[] {
  expect(answer.status, Buffer.from(answer.bytes).toString().slice(0, 500)).toBe(200)
  const { columns, data } = answer.json() as unknown as Frame
  return data.map((row) => Object.fromEntries(columns.map((column, at) => [column, row[at]])))
}

/** What an error's envelope says. */
export function failureOf(answer: Answer): { code: string; detail: string; [more: string]: unknown } {
  const { error, message } = answer.json<{ error: boolean; message: string }>()
  expect(error).toBe(true)
  return JSON.parse(message)
}

/** Whether numbers are those expected, up to a part of the largest. */
export function expectClose(found: ArrayLike<number>, expected: ArrayLike<number>, part = 1e-6): void {
  expect(found.length).toBe(expected.length)
  let largest = 0
  for (let n = 0; n < expected.length; n++) largest = Math.max(largest, Math.abs(expected[n]!))
  let [worst, at] = [0, 0]
  for (let n = 0; n < expected.length; n++) {
    const difference = Math.abs(found[n]! - expected[n]!)
    if (!(difference <= worst)) [worst, at] = [difference, n]
  }
  expect(worst, `at ${at}: ${found[at]} instead of ${expected[at]}`).toBeLessThanOrEqual(part * largest)
}

/** As `curl -F image=@file` sends it, with a field before. */
export function formOf(file: Buffer): Buffer {
  return Buffer.concat([
    Buffer.from('--between\r\nContent-Disposition: form-data; name="note"\r\n\r\nhello\r\n'),
    Buffer.from('--between\r\nContent-Disposition: form-data; name="image"; filename="a.nii.gz"\r\n'),
    Buffer.from('Content-Type: application/octet-stream\r\n\r\n'),
    file,
    Buffer.from('\r\n--between--\r\n'),
  ])
}
