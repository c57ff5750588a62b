import { describe, expect, it } from 'vitest'
import { encodeInteger, explorerUrl, hashOfName } from '../../../src/siibra/links/explorer.ts'

// Values of siibra.explorer.url, siibra-python 0.4a107.
describe('addresses in siibra-explorer', () => {
  it.each([
    [0, '0'],
    [63, '-'],
    [64, '10'],
    [-1, '1~'],
    [-25_000_000, '1VNX0~'],
    [350_000, '1LSm'],
    [123_456_789, '7MyqL'],
  ])('write %i as %s', (value, expected) => {
    expect(encodeInteger(value)).toBe(expected)
  })

  it.each([
    ['Area hOc1 (V1, 17, CalcS) left', '8384523'],
    ['CA1', '0393'],
    ['Area 44 (IFG)', '1b914cc6'],
  ])('name the region %s by its hash %s', (name, hash) => {
    expect(hashOfName(name)).toBe(hash)
  })

  it('lead to a region, centred', () => {
    const url = explorerUrl({
      atlasId: 'juelich/iav/atlas/v1.0.0/1',
      spaceId: 'minds/core/referencespace/v1.0.0/dafcffc5',
      parcellationId: 'minds/core/parcellationatlas/v1.0.0/94c1125b-290',
      regionName: 'CA1',
      centreMm: [-25, 0, 350_000 / 1e6],
    })
    expect(url).toBe(
      'https://atlases.ebrains.eu/viewer/#/a:juelich:iav:atlas:v1.0.0:1/t:minds:core:referencespace:v1.0.0:dafcffc5/p:minds:core:parcellationatlas:v1.0.0:94c1125b-290/rn:0393/@:0.0.0.-W000.._eCwg.2-FUe3._-s_W.2_evlu..7eI0..1VNX0~.0.1LSm..1LSm',
    )
  })

  it('select no region without one, are centred at the origin without a centre, and show rodents from nearer by', () => {
    const ids = { atlasId: 'a', spaceId: 's t', parcellationId: 'p' }
    const views = '0.0.0.-W000.._eCwg.2-FUe3._-s_W.2_evlu'
    expect(explorerUrl(ids, 'https://example.org/')).toBe(
      `https://example.org/#/a:a/t:s%20t/p:p/@:${views}..7eI0..0.0.0..1LSm`,
    )
    const rodent = explorerUrl({ ...ids, isRodent: true, centreMm: [0.0000019, -0.0000001, 0] })
    expect(rodent).toContain(`/@:${views}..${encodeInteger(200_000)}..1.1~.0..${encodeInteger(35_000)}`)
    expect(encodeInteger(4096)).toBe('100')
  })
})
