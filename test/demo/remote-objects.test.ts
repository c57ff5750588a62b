import { describe, expect, it } from 'vitest'
import { AREAS, areaAt, centreOf, SIDES } from '../../src/demo/anatomy.ts'
import { demoConfigurationFiles, demoObjectNames, demoStore } from '../../src/demo/index.ts'
import { decodeNifti } from '../../src/siibra/volumes/nifti/decode.ts'
import { loadDemo } from './demo-core.ts'

const host = 'demo.siibra.invalid'

describe('what stands for remote data in the demo', () => {
  it('is named by configuration files only as far as it exists', async () => {
    const names = new Set(demoObjectNames())
    const files = demoConfigurationFiles()
    for (const path of await files.list()) {
      const text = new TextDecoder().decode(files.read(path))
      for (const [, key] of text.matchAll(/"https:\/\/(demo\.siibra\.invalid\/[^" ]+)/g)) {
        const isFolder = ['info', 'zarr.json'].some((file) => names.has(`${key}/${file}`))
        const isThere = names.has(key!) || isFolder || key!.endsWith('/') || key!.endsWith('about.html')
        expect(isThere, `${path} names ${key}`).toBe(true)
      }
    }
  })

  it('can be read whole and in parts, by every key', async () => {
    const store = demoStore()
    let totalBytes = 0
    for (const name of demoObjectNames()) {
      const bytes = await store.get(name)
      expect(bytes!.length, name).toBeGreaterThan(0)
      expect(await store.getRange!(name, { offset: 2, length: 5 })).toEqual(bytes!.slice(2, 7))
      expect(await store.getRange!(name, { suffixLength: 3 })).toEqual(bytes!.slice(-3))
      totalBytes += bytes!.length
    }
    expect(totalBytes).toBeLessThan(1_200_000)
    expect(await store.get(`${host}/nothing`)).toBeUndefined()
    expect(await store.get('__proto__')).toBeUndefined()
  })

  it('draws both hemispheres of a labelled map as the anatomy has them', async () => {
    const store = demoStore()
    for (const side of SIDES) {
      const { data, shape, voxelToWorldMm } = await decode(store, `${host}/maps/harbour2-${side}.nii.gz`)
      expect(shape).toEqual([24, 28, 24])
      expect([voxelToWorldMm[3], voxelToWorldMm[7], voxelToWorldMm[11]]).toEqual([-69, -81, -69])
      expect([...new Set(data)].sort((a, b) => a - b)).toEqual([0, ...AREAS.map((_, index) => index + 1)])
      for (const [index] of AREAS.entries()) {
        const [x, y, z] = centreOf(index, side)
        expect(areaAt(x, y, z)).toBe(index)
        const [i, j, k] = [(x + 69) / 6, (y + 81) / 6, (z + 69) / 6].map(Math.round) as [number, number, number]
        expect(data[(k * 28 + j) * 24 + i]).toBe(index + 1)
      }
    }
  })

  it('gives dataset documents to the catalogue', async () => {
    const core = await loadDemo()
    const [space] = core.spaces.all.filter(({ name }) => name.includes('mean'))
    const descriptions = await core.datasets.describeAll(space!.datasets)
    expect(descriptions.map(({ name, isComplete }) => [name, isComplete])).toEqual([
      ['Demo mean template (v2.0)', true],
      ['Demo templates', true],
    ])
  })
})

async function decode(store: ReturnType<typeof demoStore>, key: string) {
  return decodeNifti((await store.get(key))!)
}
