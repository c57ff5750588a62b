import { describe, expect, it } from 'vitest'
import { parseZarrAddress } from '../../../../src/siibra/volumes/ome-zarr/address.ts'
import { readMultiscale } from '../../../../src/siibra/volumes/ome-zarr/multiscales.ts'
import { createMemoryStore } from '../fixtures.ts'

const url = 'https://a.org/b.zarr'
const json = (value: unknown) => Buffer.from(JSON.stringify(value))
const space = (name: string, more: object = {}) => ({ name, type: 'space', unit: 'millimeter', ...more })
const axes = ['z', 'y', 'x'].map((name) => space(name))
const scaled = (...scale: number[]) => [{ type: 'scale', scale }]
const level = (path: unknown, coordinateTransformations: unknown) => ({ path, coordinateTransformations })

const read = (attributes: unknown, address = '') =>
  readMultiscale(createMemoryStore({ [`${url}/.zattrs`]: json(attributes) }), parseZarrAddress(url + address), {})
/** Of an image with three axes and one level, unless it says otherwise. */
const readImage = (image: object, address = '') =>
  read({ multiscales: [{ axes, datasets: [level('0', scaled(1, 1, 1))], ...image }] }, address)

describe('the levels of an OME-Zarr image', () => {
  it('are in zarr.json first, below ome, else in .zattrs', async () => {
    const image = (path: string) => ({ multiscales: [{ axes, datasets: [level(path, scaled(1, 1, 1))] }] })
    const files = {
      [`${url}/zarr.json`]: json({ attributes: { ome: image('new') } }),
      [`${url}/.zattrs`]: json(image('old')),
    }
    const found = await readMultiscale(createMemoryStore(files), parseZarrAddress(url), {})
    expect(found).toMatchObject({ zarrVersion: 3, rank: 3, levels: [{ path: 'new' }] })
    expect(await read(image('old'))).toMatchObject({ zarrVersion: 2, rank: 3, levels: [{ path: 'old' }] })
  })

  it('are sorted by the volume of their voxels, whatever the axes beside say', async () => {
    const datasets = [
      level('middle', scaled(1, 2, 2, 2)),
      level('coarse', scaled(0.01, 4, 4, 1)),
      level('fine', scaled(100, 0.5, 1, 9)),
    ]
    const { levels, rank } = await readImage({ axes: [{ name: 'c', type: 'channel' }, ...axes], datasets })
    expect(levels.map(({ path }) => path)).toEqual(['fine', 'middle', 'coarse'])
    expect(rank).toBe(4)
  })

  it('are placed by their own transformations in order, then by those of the image', async () => {
    const own = [
      { type: 'translation', translation: [1, 0, -1] },
      { type: 'identity' },
      { type: 'scale', scale: [2, 3, 4] },
      { type: 'translation', translation: [0, 5, 0.5] },
    ]
    const common = [
      { type: 'scale', scale: [10, 100, 1000] },
      { type: 'translation', translation: [7, 8, 9] },
    ]
    const alone = await readImage({ datasets: [level('0', own)] })
    expect(alone.levels).toEqual([{ path: '0', scale: [2, 3, 4], translation: [2, 5, -3.5] }])
    const both = await readImage({ datasets: [level('0', own)], coordinateTransformations: common })
    expect(both.levels).toEqual([{ path: '0', scale: [20, 300, 4000], translation: [27, 508, -3491] }])
  })

  it.each([
    ['', ''],
    ['/s/0/', 's/0'],
    ['a..b', 'a..b'],
  ])('lie at the path %j', async (path, found) => {
    const { levels } = await readImage({ datasets: [level(path, scaled(1, 1, 1))] })
    expect(levels[0]!.path).toBe(found)
  })
})

describe('the axes of an OME-Zarr image', () => {
  const shown = async (list: unknown[], address = '') => {
    const datasets = [level('0', [{ type: 'identity' }])]
    const { spatial } = await readImage({ axes: list, datasets }, address)
    return spatial.map(({ at, mmPerUnit, direction }) => [at, mmPerUnit, direction.sign * (direction.axis + 1)])
  }
  const oriented = (name: string, value: string) => space(name, { orientation: { type: 'anatomical', value } })

  it('of space are three among up to five', async () => {
    const others = [{ name: 't', type: 'time' }, { name: 'c' }, { name: 'x', type: 'channel' }]
    expect(await shown(axes)).toEqual([
      [0, 1, 3],
      [1, 1, 2],
      [2, 1, 1],
    ])
    expect(await shown([others[0], space('x'), others[1], space('y'), space('z')])).toEqual([
      [1, 1, 1],
      [3, 1, 2],
      [4, 1, 3],
    ])
    expect(await shown([others[2], ...axes])).toHaveLength(3)
  })

  it('without a type are of space where they are x, y or z', async () => {
    const list = [{ name: 'c' }, ...['Z', 'y', 'x'].map((name) => ({ name, unit: 'centimeter' }))]
    expect(await shown(list)).toEqual([
      [1, 10, 3],
      [2, 10, 2],
      [3, 10, 1],
    ])
  })

  it('lead where they say, else where the address says, else by their names', async () => {
    const list = [oriented('a', 'superior-to-inferior'), space('b'), oriented('x', 'right-to-left')]
    expect(await shown(list, '#orientation=lpi')).toEqual([
      [0, 1, -3],
      [1, 1, 2],
      [2, 1, -1],
    ])
    expect((await shown(axes, '#orientation=ras')).map(([, , direction]) => direction)).toEqual([-1, -2, -3])
  })

  it('have the unit of the address where they have none, and only there', async () => {
    const list = [space('z', { unit: undefined }), space('y', { unit: null }), space('x')]
    expect((await shown(list, '#unit=meter')).map(([, mm]) => mm)).toEqual([1000, 1000, 1])
  })

  const unsupported: [string, unknown, string][] = [
    ['two', axes.slice(1), 'multiscales[0].axes is [{"name":"y"'],
    ['six', [...axes, ...axes], '; read are 3 to 5 axes with names'],
    ['no list', {}, 'multiscales[0].axes is {}; read are 3 to 5 axes with names'],
    ['nothing', undefined, 'multiscales[0].axes is undefined; read are'],
    ['two of space', [{ name: 't' }, ...axes.slice(1)], 'it has 2 axes of space; read are images with three'],
    ['one of space', [{ name: 't' }, { name: 'c' }, space('x')], 'it has 1 axes of space'],
    ['four of space', [...axes, space('x')], 'it has 4 axes of space'],
    ['null', [null, null, null], 'it has 0 axes of space'],
    ['one that leads nowhere', [space('a'), ...axes.slice(1)], 'the axis "a" is none of x, y and z'],
    ['an unknown direction', [oriented('z', 'up'), ...axes.slice(1)], 'the orientation "up" is not read'],
    ['one unit missing', [space('z', { unit: undefined }), ...axes.slice(1)], 'its axis "z" has no unit: \'#unit=\''],
    ['an unknown unit', [...axes.slice(1), space('z', { unit: 'mile' })], 'the unit "mile" is not read'],
    ['two that lead the same way', [space('z'), space('z'), space('x')], 'two of its axes lead the same way'],
  ]
  it.each(unsupported)('are not read: %s', async (_, list, message) => {
    const reading = readImage({ axes: list })
    await expect(reading).rejects.toMatchObject({ code: 'UNSUPPORTED', message: expect.stringContaining(message) })
  })

  it('an unknown unit is refused, whatever the address says', async () => {
    const list = [space('z', { unit: 'mile' }), ...axes.slice(1)]
    await expect(readImage({ axes: list }, '#unit=mm')).rejects.toThrow('the unit "mile" is not read')
  })
})

describe('metadata of an OME-Zarr image that are broken', () => {
  it.each([
    ['null', null],
    ['nothing', undefined],
    ['a text', 'ome'],
    ['no images', { ome: { multiscales: [] } }],
    ['images that are no list', { ome: { multiscales: {} } }],
  ])('%s in the place of attributes', async (_, attributes) => {
    const store = createMemoryStore({ [`${url}/zarr.json`]: json({ attributes }) })
    await expect(readMultiscale(store, parseZarrAddress(url), {})).rejects.toMatchObject({
      code: 'BAD_DATA',
      message: `${url}/zarr.json: no OME-Zarr image: it has no multiscales`,
    })
  })

  it.each([
    [{ datasets: [] }, 'multiscales[0].datasets has no levels'],
    [{ datasets: {} }, 'multiscales[0].datasets has no levels'],
    [{ datasets: [level(5, [])] }, 'multiscales[0].datasets[0].path is 5'],
    [{ datasets: [level('0', []), level('a/../b', [])] }, 'multiscales[0].datasets[1].path is "a/../b"'],
    [{ datasets: [null] }, 'multiscales[0].datasets[0].path is undefined'],
    [{ datasets: [level('0', undefined)] }, 'multiscales[0].datasets[0].coordinateTransformations is no list'],
    [{ coordinateTransformations: {} }, 'multiscales[0].coordinateTransformations is no list'],
  ])('%j is bad', async (image, message) => {
    const reading = readImage(image)
    await expect(reading).rejects.toMatchObject({ code: 'BAD_DATA', message: `${url}/.zattrs: ${message}` })
  })

  it.each([
    [{ type: 'scale', scale: 'x' }, 'the scale "x" is not read; 3 numbers are'],
    [{ type: 'scale', scale: { length: 3 } }, 'the scale {"length":3} is not read; 3 numbers are'],
    [{ type: 'scale' }, 'the scale {"type":"scale"} is not read; 3 numbers are'],
    [{ type: 'scale', scale: [1, 1] }, 'the scale [1,1] is not read; 3 numbers are'],
    [{ type: 'scale', scale: [1, 0, 1] }, 'the scale [1,0,1] is not read; 3 numbers are'],
    [{ type: 'scale', scale: [1, 1, '1'] }, 'the scale [1,1,"1"] is not read; 3 numbers are'],
    [{ type: 'translation', translation: [1, null, 1] }, 'the translation [1,null,1] is not read; 3 numbers are'],
    [{ type: 'rotation' }, 'transformations of type "rotation" are not read'],
    [null, 'transformations of type undefined are not read'],
  ])('the transformation %j is not read', async (transformation, message) => {
    const reading = readImage({ datasets: [level('0', [transformation])] })
    const full = `${url}/.zattrs: multiscales[0].datasets[0]: ${message}`
    await expect(reading).rejects.toMatchObject({ code: 'UNSUPPORTED', message: full })
  })
})
