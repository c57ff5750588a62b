import { describe, expect, it } from 'vitest'
import { demoConfigurationFiles } from '../../src/demo/index.ts'
import { FEATURE_SPEC_TYPES } from '../../src/siibra/features/build.ts'
import { loadDemo } from './demo-core.ts'

describe('the configuration of the demo atlas', () => {
  it('loads without a problem', async () => {
    const core = await loadDemo()
    await core.featureSpecs()
    expect(core.configuration.problems).toEqual([])
  })

  it('has two atlases, spaces of every kind, two versions of a parcellation', async () => {
    const core = await loadDemo()
    expect(core.atlases.all.map(({ name, species }) => [name, species])).toEqual([
      ['Demo Burrow Atlas', 'Rattus norvegicus'],
      ['Demo Harbour Atlas', 'Homo sapiens'],
    ])
    expect(
      core.spaces.all.flatMap(({ volumes }) => volumes.flatMap(({ providers }) => Object.keys(providers))),
    ).toEqual(
      expect.arrayContaining(['nii', 'neuroglancer/precomputed', 'neuroglancer/precompmesh/surface', 'gii-mesh']),
    )
    const newest = core.parcellations.get('Harbour v2')
    expect(newest.version).toMatchObject({ name: '2.0', collection: 'Demo Harbour Parcellation' })
    expect(core.parcellations.byId(newest.version!.previousId!)?.version?.nextId).toBe(newest.id)
  })

  it('draws every leaf region of every parcellation in some map, and names no region that is not there', async () => {
    const core = await loadDemo()
    for (const parcellation of core.parcellations.all) {
      const leaves = parcellation.regions.filter(({ children }) => children.length === 0).map(({ name }) => name)
      const maps = core.maps.all.filter((map) => map.parcellation === parcellation)
      const mapped = new Set(maps.flatMap(({ indices }) => [...indices.keys()]))
      expect([...mapped].sort()).toEqual(leaves.sort())
    }
  })

  it('is the same in every process and small', async () => {
    const [first, second] = [demoConfigurationFiles(), demoConfigurationFiles()]
    const paths = await first.list()
    expect(paths).toEqual(await second.list())
    let totalBytes = 0
    for (const path of paths) {
      const bytes = first.read(path)
      expect(bytes).toEqual(second.read(path))
      totalBytes += bytes.length
    }
    expect(totalBytes).toBeLessThan(100_000)
  })

  it('has features of every form that a configuration knows', async () => {
    const specs = await (await loadDemo()).featureSpecs()
    expect([...specs.keys()].sort()).toEqual([...FEATURE_SPEC_TYPES].sort())
  })
})
