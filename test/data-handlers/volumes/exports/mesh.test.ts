import { WebIO } from '@gltf-transform/core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { enclosedVolume, isClosed } from '../../../../src/siibra/meshes/measure.ts'
import { determinantOf } from '../../../../src/siibra/volumes/affine.ts'
import type { Mesh } from '../../../../src/siibra/volumes/image.ts'
import { decodeNifti } from '../../../../src/siibra/volumes/nifti/decode.ts'
import { decodeGiftiLabels, decodeGiftiMesh, parseGifti } from '../../../../src/siibra/volumes/surfaces/gifti.ts'
import { startTestApp, type TestApp } from '../../../app.ts'

const space_id = 'siibra-api/demo/space/harbour-mean'
const surface = 'siibra-api/demo/space/harbour-surface'
const microscopic = 'siibra-api/demo/space/harbour-microscopic'
const parcellation_id = 'siibra-api/demo/parcellation/harbour-2'
const region_id = 'Area B1 (Bow) left'

let app: TestApp
beforeAll(async () => {
  app = await startTestApp()
})
afterAll(() => app.close())

async function fetchBytes(path: string, parameters: Record<string, string> = {}): Promise<Uint8Array> {
  const answer = await app.get(`/v3_0${path}?${new URLSearchParams(parameters)}`)
  expect(answer.status, Buffer.from(answer.bytes).toString('latin1').slice(0, 300)).toBe(200)
  return answer.bytes
}

const meshOf = async (parameters: Record<string, string>): Promise<Mesh> =>
  decodeGiftiMesh(await fetchBytes('/map/mesh.gii', { parcellation_id, space_id, ...parameters }))

function boxOf({ vertices }: Mesh) {
  const axes = [0, 1, 2].map((axis) => vertices.filter((_, at) => at % 3 === axis))
  return axes.map((values) => [Math.min(...values), Math.max(...values)])
}

describe('the mesh of a region that is drawn by voxels', () => {
  it.each([region_id, 'mantle'])('%s: closed, outward, in mm, about as large as its mask', async (region) => {
    const mesh = await meshOf({ region_id: region })
    const mask = decodeNifti(
      await fetchBytes('/map/labelled_map.nii.gz', { parcellation_id, space_id, region_id: region }),
    )
    const maskMm3 =
      Float64Array.from(mask.data).reduce((sum, value) => sum + value, 0) * Math.abs(determinantOf(mask.voxelToWorldMm))
    expect(isClosed(mesh)).toBe(true)
    expect(enclosedVolume(mesh) / maskMm3).toBeGreaterThan(0.8)
    expect(enclosedVolume(mesh) / maskMm3).toBeLessThan(1.001)
  })

  it('lies on its side', async () => {
    expect(boxOf(await meshOf({ region_id }))[0]![1]).toBeLessThanOrEqual(3)
    expect(boxOf(await meshOf({ region_id: 'Area B1 (Bow) right' }))[0]![0]).toBeGreaterThanOrEqual(-3)
  })

  it('can be smoothed and reduced, and stays closed', async () => {
    const whole = await meshOf({ region_id })
    const less = await meshOf({ region_id, smooth: '10', decimate: '0.3' })
    expect(less.faces.length).toBeLessThan(0.4 * whole.faces.length)
    expect(isClosed(less)).toBe(true)
    expect(enclosedVolume(less) / enclosedVolume(whole)).toBeGreaterThan(0.85)
    expect(enclosedVolume(less) / enclosedVolume(whole)).toBeLessThan(1.15)
  })

  it('is the same in every form', async () => {
    const parameters = { parcellation_id, space_id, region_id }
    const gifti = await meshOf({ region_id })
    const glb = await new WebIO().readBinary(await fetchBytes('/map/mesh.glb', parameters))
    const primitive = glb.getRoot().listMeshes()[0]!.listPrimitives()[0]!
    expect(Array.from(primitive.getAttribute('POSITION')!.getArray()!)).toEqual(Array.from(gifti.vertices))
    expect(Array.from(primitive.getIndices()!.getArray()!)).toEqual(Array.from(gifti.faces))
    expect(glb.getRoot().listMeshes()[0]!.getName()).toBe(region_id)
    const obj = Buffer.from(await fetchBytes('/map/mesh.obj', parameters))
      .toString()
      .split('\n')
    expect(obj.filter((line) => line.startsWith('v '))).toHaveLength(gifti.vertices.length / 3)
    expect(obj.filter((line) => line.startsWith('f '))).toHaveLength(gifti.faces.length / 3)
  })
})

it('of a whole parcellation there is one mesh of all that is drawn', async () => {
  const mesh = await meshOf({})
  expect(isClosed(mesh)).toBe(true)
  expect(enclosedVolume(mesh)).toBeGreaterThan(enclosedVolume(await meshOf({ region_id })))
})

it('meshes that a map provides are converted', async () => {
  const mesh = await meshOf({ space_id: microscopic, region_id: 'Area B1 (Bow)' })
  expect(mesh.faces.length).toBeGreaterThan(30)
})

describe('a space of surfaces', () => {
  it('has the triangles of a region, in the variant that is asked for', async () => {
    const pial = await meshOf({ space_id: surface, region_id, variant: 'pial' })
    const inflated = await meshOf({ space_id: surface, region_id, variant: 'inflated' })
    expect(pial.faces).toEqual(inflated.faces)
    expect(boxOf(pial)[0]![1]).toBeLessThanOrEqual(1)
    expect(boxOf(inflated)[0]![0]).toBeLessThan(boxOf(pial)[0]![0]!)
  })

  it('has labels for the vertices of its mesh, with names', async () => {
    for (const fragment of ['left', 'right', undefined]) {
      const asked: Record<string, string> = fragment ? { fragment } : {}
      const file = await fetchBytes('/map/labelled_surface.label.gii', { parcellation_id, space_id: surface, ...asked })
      const mesh = decodeGiftiMesh(await fetchBytes(`/spaces/${surface}/mesh.gii`, asked))
      const { labels } = decodeGiftiLabels(file)
      expect(labels.length).toBe(mesh.vertices.length / 3)
      const named = new Map(
        [
          ...Buffer.from(file)
            .toString()
            .matchAll(/<Label Key="(\d+)"[^>]*>([^<]*)</g),
        ].map(([, key, name]) => [Number(key), name]),
      )
      const used = new Set(labels)
      expect([...used].filter((label) => !named.has(label))).toEqual([])
      const sides = new Set([...used].filter(Boolean).map((label) => named.get(label)!.split(' ').at(-1)))
      expect([...sides].sort()).toEqual(fragment ? [fragment] : ['left', 'right'])
      expect(parseGifti(file)).toBeDefined()
    }
  })
})

describe('the surface of a space', () => {
  it('is the mesh that it provides, with its variants and fragments', async () => {
    const both = decodeGiftiMesh(await fetchBytes(`/spaces/${surface}/mesh.gii`, { variant: 'inflated' }))
    const left = decodeGiftiMesh(
      await fetchBytes(`/spaces/${surface}/mesh.gii`, { variant: 'inflated', fragment: 'left' }),
    )
    expect(both.faces.length).toBe(2 * left.faces.length)
    expect(enclosedVolume(left)).toBeGreaterThan(0)
  })

  it('else that of its voxels', async () => {
    const { items } = (await app.get('/v3_0/spaces?size=100')).json<{ items: { '@id': string }[] }>()
    for (const { '@id': id } of items) {
      const mesh = decodeGiftiMesh(await fetchBytes(`/spaces/${id}/mesh.gii`))
      expect(enclosedVolume(mesh), id).toBeGreaterThan(0)
      expect(isClosed(mesh), id).toBe(true)
    }
  })
})

describe('what there is no mesh of is said', () => {
  it.each([
    ['/map/mesh.gii', { parcellation_id, space_id, region_id: 'nowhere at all' }, 'region_id'],
    ['/map/mesh.gii', { parcellation_id, space_id, region_id, decimate: '0' }, 'decimate'],
    ['/map/mesh.gii', { parcellation_id, space_id, region_id, smooth: '-1' }, 'smooth'],
    ['/map/mesh.gii', { parcellation_id, space_id, region_id, variant: 'pial' }, 'variant'],
    ['/map/mesh.gii', { parcellation_id, space_id: surface, region_id, fragment: 'middle' }, 'fragment'],
    ['/map/mesh.glb', { parcellation_id, space_id, region_id, fragment: 'middle' }, 'fragment'],
    ['/map/mesh.gii', { parcellation_id, space_id: surface, region_id, variant: 'sulcal' }, 'sulcal'],
    [`/spaces/${surface}/mesh.gii`, { variant: 'sulcal' }, 'variant'],
    [`/spaces/${surface}/mesh.gii`, { fragment: 'middle' }, 'fragment'],
    ['/map/labelled_surface.label.gii', { parcellation_id, space_id }, 'surface'],
    ['/map/labelled_surface.label.gii', { parcellation_id, space_id: surface, fragment: 'middle' }, 'fragment'],
  ])('%s %j', async (path, parameters, word) => {
    const answer = await app.get(`/v3_0${path}?${new URLSearchParams(parameters as never)}`)
    expect(answer.status).toBeGreaterThanOrEqual(400)
    expect(answer.status).toBeLessThan(500)
    expect(JSON.stringify(answer.json())).toContain(word)
  })
})
