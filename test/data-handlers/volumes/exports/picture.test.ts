import { decode } from 'fast-png'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startTestApp, type TestApp } from '../../../app.ts'

const space_id = 'siibra-api/demo/space/harbour-mean'
const parcellation_id = 'siibra-api/demo/parcellation/harbour-2'
const region_id = 'Area B1 (Bow) left'

let app: TestApp
beforeAll(async () => {
  app = await startTestApp()
})
afterAll(() => app.close())

const ask = (path: string, parameters: Record<string, string> = {}) =>
  app.get(`/v3_0/map/${path}?${new URLSearchParams({ space_id, ...parameters })}`)

/** Red, green, blue, alpha of every pixel of a PNG. */
async function pixelsOf(parameters: Record<string, string>, path = 'slice.png') {
  const answer = await ask(path, parameters)
  expect(answer.status, Buffer.from(answer.bytes).toString('latin1').slice(0, 300)).toBe(200)
  expect(answer.contentType).toBe('image/png')
  const { width, height, data, channels } = decode(answer.bytes)
  const at = (pixel: number) => [...data.subarray(channels * pixel, channels * pixel + channels)]
  return { width, height, channels, all: Array.from({ length: width * height }, (_, pixel) => at(pixel)) }
}

const countOf = (pixels: { all: number[][] }, isWanted: (rgba: number[]) => boolean) =>
  pixels.all.filter(isWanted).length

describe('a slice', () => {
  it('has the size that is asked for, and the background around the template', async () => {
    const light = await pixelsOf({ size: '200' })
    expect(Math.max(light.width, light.height)).toBe(200)
    expect(countOf(light, ([red, green, blue]) => red === 255 && green === 255 && blue === 255)).toBeGreaterThan(1000)
    const hex = await pixelsOf({ size: '200', background: '#102030' })
    expect(countOf(hex, ([red, green, blue]) => red === 0x10 && green === 0x20 && blue === 0x30)).toBeGreaterThan(1000)
    const clear = await pixelsOf({ size: '200', background: 'transparent' })
    expect(countOf(clear, ([, , , alpha]) => alpha === 0)).toBeGreaterThan(1000)
  })

  it('shows regions in colours over a grey template', async () => {
    const isColoured = ([red = 0, green = 0, blue = 0]: number[]) =>
      Math.max(red, green, blue) - Math.min(red, green, blue) > 40
    const plain = await pixelsOf({ size: '200' })
    expect(countOf(plain, isColoured)).toBe(0)
    const drawn = await pixelsOf({ size: '200', parcellation_id })
    expect(countOf(drawn, isColoured)).toBeGreaterThan(500)
  })

  it('gives a region the colour that is asked for, and its parts with it', async () => {
    const isGreen = ([red = 0, green = 0, blue = 0]: number[]) => green - Math.max(red, blue) > 120
    const one = await pixelsOf({
      size: '200',
      parcellation_id,
      region_id,
      colors: JSON.stringify({ [region_id]: '#00ff00' }),
    })
    const whole = await pixelsOf({
      size: '200',
      parcellation_id,
      region_id,
      colors: JSON.stringify({ mantle: '#00ff00' }),
    })
    expect(countOf(one, isGreen)).toBeGreaterThan(20)
    expect(countOf(whole, isGreen)).toBeGreaterThan(2 * countOf(one, isGreen))
  })

  it('shows values by the ramp: the largest is yellow, the least dark', async () => {
    const colors = JSON.stringify({ 'Area B1 (Bow) left': 0, 'Area B1 (Bow) right': 10 })
    const svg = await ask('slice.svg', { parcellation_id, region_id, plane: 'coronal', colors })
    expect(svg.contentType).toBe('image/svg+xml')
    const png = await pixelsOf({ size: '300', parcellation_id, region_id, plane: 'coronal', colors })
    expect(countOf(png, ([red = 0, green = 0, blue = 0]) => red > 200 && green > 190 && blue < 190)).toBeGreaterThan(5)
  })

  it('shows the statistical map of a region by the ramp', async () => {
    const drawn = await pixelsOf({ size: '200', parcellation_id, region_id, map_type: 'STATISTICAL' })
    expect(countOf(drawn, ([red = 0, , blue = 0]) => red - blue > 100)).toBeGreaterThan(5)
  })

  it('goes through the region, and names its place', async () => {
    const title = async (parameters: Record<string, string>) => {
      const svg = Buffer.from((await ask('slice.svg', parameters)).bytes).toString()
      return /<title>(.*)<\/title>/.exec(svg)?.[1]
    }
    expect(await title({ parcellation_id, region_id })).toContain(`${region_id}, `)
    const left = await ask('slice.svg', { parcellation_id, region_id, plane: 'sagittal' })
    const right = await ask('slice.svg', { parcellation_id, region_id: 'Area B1 (Bow) right', plane: 'sagittal' })
    expect(Buffer.from(left.bytes)).not.toEqual(Buffer.from(right.bytes))
    const horizontal = await ask('slice.png', { plane: 'horizontal', at_mm: '3' })
    expect(horizontal.bytes).toEqual((await ask('slice.png', { plane: 'axial', at_mm: '3' })).bytes)
  })
})

it('three planes stand side by side', async () => {
  const { width, height } = await pixelsOf({ size: '128', parcellation_id, region_id }, 'picture.png')
  expect(height).toBeLessThanOrEqual(128)
  expect(width).toBeGreaterThan(2 * height)
})

describe('what cannot be drawn is said', () => {
  it.each([
    [{ plane: 'oblique' }, 'plane'],
    [{ at_mm: '5000' }, 'at_mm'],
    [{ at_mm: 'x' }, 'at_mm'],
    [{ size: '100000' }, 'size'],
    [{ background: 'plaid' }, 'background'],
    [{ region_id }, 'parcellation_id'],
    [{ parcellation_id, region_id: 'nowhere at all' }, 'region_id'],
    [{ parcellation_id, colors: '{' }, 'colors'],
    [{ parcellation_id, colors: '{"Area B1 (Bow) left": "blueish"}' }, 'colors'],
    [{ parcellation_id, colors: '{"nowhere at all": 1}' }, 'colors'],
    [{ parcellation_id, map_type: 'STATISTICAL' }, 'region_id'],
  ])('%j', async (parameters, parameter) => {
    const answer = await ask('slice.png', parameters as Record<string, string>)
    expect(answer.status).toBeGreaterThanOrEqual(400)
    expect(answer.status).toBeLessThan(500)
    expect(JSON.stringify(answer.json())).toContain(parameter)
  })

  it('a space of surfaces', async () => {
    const answer = await ask('slice.png', { space_id: 'siibra-api/demo/space/harbour-surface' })
    expect(answer.status).toBeGreaterThanOrEqual(400)
    expect(answer.status).toBeLessThan(500)
  })
})
