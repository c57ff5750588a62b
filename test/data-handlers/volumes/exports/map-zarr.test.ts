import { afterAll, beforeAll, expect, it } from 'vitest'
import * as zarr from 'zarrita'
import { applyAffine, invertAffine } from '../../../../src/siibra/volumes/affine.ts'
import { decodeNifti } from '../../../../src/siibra/volumes/nifti/decode.ts'
import { startTestApp, type TestApp } from '../../../app.ts'

const query = 'parcellation_id=siibra-api/demo/parcellation/harbour-2&space_id=siibra-api/demo/space/harbour-mean'

interface OmeZarr {
  multiscales: [{ datasets: { coordinateTransformations: [{ scale: number[] }, { translation: number[] }] }[] }]
  'image-label': { properties: { name: string }[] }
}

let app: TestApp
let base: string
let id: string
beforeAll(async () => {
  app = await startTestApp()
  base = await app.listen()
  const { items } = (await app.get(`/v3_0/maps?${query}&map_type=LABELLED`)).json<{ items: { '@id': string }[] }>()
  id = items[0]!['@id']
})
afterAll(() => app.close())

it('is opened by its address, and has the labels of the map at their places', async () => {
  const store = new zarr.FetchStore(`${base}/v3_0/maps/${encodeURIComponent(id)}/labelled.zarr`)
  const group = await zarr.open.v2(store, { kind: 'group' })
  const { multiscales, 'image-label': labels } = group.attrs as unknown as OmeZarr
  expect(labels.properties.map(({ name }) => name)).toContain('Area B1 (Bow) left')
  const array = await zarr.open.v2(group.resolve('0'), { kind: 'array' })
  const { data, shape, stride } = (await zarr.get(array)) as { data: Uint8Array; shape: number[]; stride: number[] }
  const whole = decodeNifti((await app.get(`/v3_0/map/labelled_map.nii.gz?${query}`)).bytes)
  const toWhole = invertAffine(whole.voxelToWorldMm)
  const [{ scale }, { translation }] = multiscales[0].datasets[0]!.coordinateTransformations
  let drawn = 0
  for (let n = 0; n < 4000; n++) {
    const zyx = shape.map((size, axis) => (n * [31, 17, 7][axis]!) % size)
    const [z, y, x] = zyx.map((at, axis) => at * scale[axis]! + translation[axis]!) as [number, number, number]
    const [i, j, k] = applyAffine(toWhole, [x, y, z]).map(Math.round) as [number, number, number]
    const value = data[zyx.reduce((sum, at, axis) => sum + at * stride[axis]!, 0)]!
    expect(value).toBe(whole.data[(k * whole.shape[1]! + j) * whole.shape[0]! + i])
    if (value > 0) drawn++
  }
  expect(drawn).toBeGreaterThan(100)
})

it('ids with slashes may stand as they are; what is not there is 404', async () => {
  expect((await app.get(`/v3_0/maps/${id}/labelled.zarr/.zattrs`)).status).toBe(200)
  expect((await app.get(`/v3_0/maps/${id}/labelled.zarr/0/99/0/0`)).status).toBe(404)
  expect((await app.get(`/v3_0/maps/${id}/labelled.zarr/zarr.json`)).status).toBe(404)
  expect((await app.get('/v3_0/maps/nothing/labelled.zarr/.zattrs')).status).toBe(404)
  expect((await app.get(`/v3_0/maps/${encodeURIComponent(id)}`)).status).toBe(200)
})
