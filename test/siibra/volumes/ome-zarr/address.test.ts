import { describe, expect, it } from 'vitest'
import { parseZarrAddress } from '../../../../src/siibra/volumes/ome-zarr/address.ts'

const url = 'https://a.org/b.zarr'

describe('the address of an OME-Zarr', () => {
  it.each([url, `zarr://${url}`, ` ${url}// `, `${url}/#`])('%j is that of its folder', (address) => {
    expect(parseZarrAddress(address)).toEqual({ url, offsetMm: [0, 0, 0] })
  })

  it('that begins with # is empty', () => {
    expect(parseZarrAddress('#unit=mm')).toEqual({ url: '', mmWithoutUnit: 1, offsetMm: [0, 0, 0] })
  })

  it.each([
    ['mm', 1],
    ['meter', 1000],
    ['micrometer', 1e-3],
    ['nm', 1e-6],
    ['angstrom', 1e-7],
  ])('names the unit %s', (unit, mm) => {
    expect(parseZarrAddress(`${url}#unit=${unit}`)).toEqual({ url, mmWithoutUnit: mm, offsetMm: [0, 0, 0] })
  })

  it('names where axes begin, so that they lead to the other side', () => {
    const axes = (letters: string) =>
      parseZarrAddress(`${url}#orientation=${letters}`).directions?.map(({ axis, sign }) => sign * (axis + 1))
    expect(axes('lpi')).toEqual([1, 2, 3])
    expect(axes('RAS')).toEqual([-1, -2, -3])
    expect(axes('asr')).toEqual([-2, -3, -1])
  })

  it('names what is added to all positions', () => {
    expect(parseZarrAddress(`${url}#offset_mm=-1,%202.5,0&unit=cm`)).toEqual({
      url,
      mmWithoutUnit: 10,
      offsetMm: [-1, 2.5, 0],
    })
  })

  it.each([
    ['unit=parsec', 'units are angstrom, '],
    ['unit=', 'units are angstrom, '],
    ['orientation=rrr', 'it is three letters'],
    ['orientation=ra', 'it is three letters'],
    ['orientation=rasl', 'it is three letters'],
    ['orientation=rax', 'it is three letters'],
    ['orientation=ra', 'it is three letters'],
    ['orientation=rlas', 'it is three letters'],
    ['offset_mm=1,2', 'it is x,y,z in mm'],
    ['offset_mm=1,2,3,4', 'it is x,y,z in mm'],
    ['offset_mm=1,,3', 'it is x,y,z in mm'],
    ['offset_mm=1,2,x', 'it is x,y,z in mm'],
    ['colour=red', 'known are unit, orientation and offset_mm'],
  ])('is refused with %s', (text, message) => {
    const [name, value] = text.split('=')
    const full = `${url}#${text}: '${name}=${value}' behind # is not read; ${message}`
    expect(() => parseZarrAddress(`${url}#${text}`)).toThrow(
      expect.objectContaining({ code: 'BAD_CONFIGURATION', message: expect.stringContaining(full) }),
    )
  })
})
