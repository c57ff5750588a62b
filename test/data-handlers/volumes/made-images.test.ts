/** Images that are made of what is sent: values of regions, densities of points. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { decodeNifti } from '../../../src/siibra/volumes/nifti/decode.ts'
import { startTestApp, type TestApp } from '../../app.ts'
import { expectClose, failureOf, IN_SPACE, ONE_VOLUME, reference, SPACE, voxelsOf } from './image-fixtures.ts'

let app: TestApp
beforeAll(async () => {
  app = await startTestApp()
})
afterAll(() => app.close())

const colorize = (body: unknown, query = IN_SPACE, type = 'application/json') =>
  app.send('POST', `/v3_0/map/colorized.nii.gz?${query}`, body, { 'content-type': type })
const density = (query: string, body: unknown, type = 'application/json') =>
  app.send('POST', `/v3_0/map/density.nii.gz?space_id=${SPACE}&${query}`, body, { 'content-type': type })

describe('POST /map/colorized.nii.gz', () => {
  it.each(reference.colorized)("is numpy's look-up ($map)", async ({ map, values, voxels }) => {
    const query = map === 'sides' ? IN_SPACE : `parcellation_id=${ONE_VOLUME}&space_id=${SPACE}`
    const answer = await colorize({ values }, query)
    const image = decodeNifti(answer.bytes)
    expect(image.dtype).toBe('float32')
    expect(image.data).toEqual(voxelsOf(voxels))
    expect(answer.headers['content-disposition']).toContain('colorized.nii.gz')
    expect(answer.headers['cache-control']).toBe('no-store')
    const lines = Object.entries(values).map(([name, value]) => `"${name}",${value}`)
    const ofCsv = await colorize(`region,value\n${lines.join('\n')}`, query, 'text/csv')
    expect(decodeNifti(ofCsv.bytes).data).toEqual(image.data)
  })

  it('takes ids, and leaves regions without a value at 0', async () => {
    const { items } = (await app.get(`/v3_0/regions?${IN_SPACE}`)).json<{ items: { '@id': string; name: string }[] }>()
    const region = items.find(({ name }) => name === 'Area B1 (Bow) left')!
    const byId = await colorize({ values: { [region['@id']]: 2, 'Area B1 (Bow) right': null } })
    const byName = await colorize({ values: { 'Area B1 (Bow) left': 2 } })
    expect(byId.bytes).toEqual(byName.bytes)
  })

  it.each([
    [{ values: { 'Area Q9 (Nowhere) left': 1 } }, /values\["Area Q9 \(Nowhere\) left"\]/],
    [{ values: { 'Area B1 (Bow) left': 'much' } }, /is no number/],
    [{ values: { 'Area B1 (Bow) left': 1e300 } }, /float32/],
    [{ values: {} }, /no value/],
    [{ value: 1 }, /values|not as it should be/],
    ['{', /not JSON/],
  ])('says what is wrong with %j', async (body, text) => {
    const answer = await colorize(body)
    expect(answer.status).toBe(422)
    expect(failureOf(answer)).toMatchObject({ code: 'INVALID_PARAMETER', parameter: 'body' })
    expect(failureOf(answer).detail).toMatch(text)
  })

  it.each([
    ['name,number\na,1', /region and value/],
    ['region,value\nArea B1 (Bow) left', /Line 2/],
    ['region,value\nArea B1 (Bow) left,x', /Line 2, column value/],
    ['region,value\nArea B1 (Bow) left,1\nArea B1 (Bow) left,2', /Line 3.*another value/],
  ])('says in which line of CSV: %j', async (body, text) => {
    const answer = await colorize(body, IN_SPACE, 'text/csv')
    expect(answer.status).toBe(422)
    expect(failureOf(answer).detail).toMatch(text)
  })
})

describe('POST /map/density.nii.gz', () => {
  it.each(reference.density)("is scipy's gaussian_filter (sigma $sigma_mm, voxels $resolution_mm)", async (made) => {
    const { points, sigma_mm, resolution_mm, affine, shape, voxels } = made
    const query = `sigma_mm=${sigma_mm}${resolution_mm === null ? '' : `&resolution_mm=${resolution_mm}`}`
    const image = decodeNifti((await density(query, { points })).bytes)
    expect(image.shape).toEqual(shape)
    expectClose(image.voxelToWorldMm, affine)
    expectClose(image.data, voxelsOf(voxels))
    const csv = `x,y,z\n${points.map((point) => point.join(',')).join('\n')}`
    expect(decodeNifti((await density(query, csv, 'text/csv')).bytes).data).toEqual(image.data)
  })

  it('says how many points lie outside, and refuses where all do', async () => {
    const some = await density('', {
      points: [
        [0, 0, 0],
        [900, 0, 0],
      ],
    })
    expect(decodeURIComponent(String(some.headers['x-siibra-note']))).toBe('1 of the points lie outside of the image')
    const none = await density('', { points: [[900, 0, 0]] })
    expect(none.status).toBe(422)
    expect(failureOf(none).template).toEqual({ minMm: [-72, -84, -72], maxMm: [72, 84, 72] })
  })

  it('refuses what would be too large, and says what is possible', async () => {
    const answer = await density('resolution_mm=0.1', { points: [[0, 0, 0]] })
    expect(answer.status).toBe(422)
    const [, least] = /resolution_mm=([\d.]+) would/.exec(failureOf(answer).detail)!
    expect(Number(least)).toBeGreaterThan(0.4)
    expect(Number(least)).toBeLessThan(0.6)
  })

  it.each([
    ['', { points: [] }],
    [
      '',
      {
        points: [
          [0, 0, 0],
          [1, 1, 1],
        ],
        sigma_mm: [1, 2],
      },
    ],
    ['sigma_mm=-1', { points: [[0, 0, 0]] }],
    ['resolution_mm=0', { points: [[0, 0, 0]] }],
    ['sigma_mm=150&resolution_mm=1', { points: [[0, 0, 0]] }],
  ])('is 422 for %s %j', async (query, body) => {
    const answer = await density(query, body)
    expect(answer.status).toBe(422)
    expect(failureOf(answer).detail).not.toBe('')
  })
})
