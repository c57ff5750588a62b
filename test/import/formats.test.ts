import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { type ImportOptions, importAtlas } from '../../src/import/import-atlas.ts'
import {
  type AtlasCore,
  fetchRegionMask,
  fetchSurfaceLabels,
  loadConfiguration,
  lookUpRegion,
  maskImage,
} from '../../src/siibra/index.ts'
import { fetchLabelledSurface } from '../../src/siibra/maps/labels/labelled-surface.ts'
import { createRetrieval } from '../../src/siibra/retrieval/retrieval.ts'
import { applyAffine } from '../../src/siibra/volumes/affine.ts'

const WORK = mkdtempSync(join(tmpdir(), 'siibra-import-'))
afterAll(() => rmSync(WORK, { recursive: true, force: true }))
const FIXTURES = join(import.meta.dirname, '../fixtures/import')

interface Expected {
  regions: { name: string; label: number; voxels: number; centroid_mm: number[] }[]
  /** Of a second parcellation. */
  others?: Expected['regions']
  statistical?: { name: string; max: number; nonzero: number }[]
  vertices?: { name: string; vertices: number; side: 'left' | 'right' }[]
  colours?: Record<string, string>
  flags?: string[]
  leftOut?: string[]
  species?: string
  space?: string
  template?: boolean
  features?: number
}

const names = readdirSync(FIXTURES, { withFileTypes: true }).flatMap((entry) =>
  entry.isDirectory() ? [entry.name] : [],
)

/** Regions by name: how many voxels, and their mean place in mm. */
async function measure(core: AtlasCore, parcellation: AtlasCore['parcellations']['all'][0], name: string) {
  const region = lookUpRegion(parcellation, name).object
  const mask = maskImage(await fetchRegionMask(core, region, core.spaces.all[0]!))
  const sums = [0, 0, 0]
  let voxels = 0
  mask.data.forEach((value, at) => {
    if (value === 0) return
    const [ni, nj] = mask.shape as [number, number]
    voxels++
    sums[0]! += at % ni
    sums[1]! += Math.floor(at / ni) % nj
    sums[2]! += Math.floor(at / (ni * nj))
  })
  const centroid = applyAffine(mask.voxelToWorldMm, sums.map((sum) => sum / voxels) as [number, number, number])
  return { name: region.name, voxels, centroid }
}

describe.each(names)('%s', (name) => {
  const expected: Expected = JSON.parse(readFileSync(join(FIXTURES, name, 'expected.json'), 'utf8'))
  const out = join(WORK, name)
  const flags: Partial<ImportOptions> = {}
  for (let i = 0; i < (expected.flags?.length ?? 0); i += 2) {
    Object.assign(flags, { [expected.flags![i]!.slice(2)]: expected.flags![i + 1] })
  }
  const imported = importAtlas({ source: join(FIXTURES, name, 'source'), out, yes: true, ...flags })
  const loading = imported.then(() =>
    loadConfiguration({ configuration: out, retrieval: createRetrieval({ offline: true }) }),
  )

  test('is loaded without a problem, and has what was expected', async () => {
    const core = await loading
    expect(core.configuration.problems).toEqual([])
    expect(core.atlases.all).toHaveLength(1)
    if (expected.species) expect(core.atlases.all[0]!.species).toBe(expected.species)
    if (expected.space) expect(core.spaces.all[0]!.name).toBe(expected.space)
    if (expected.template) expect(core.spaces.all[0]!.volumes).toHaveLength(1)
    const { journal } = await imported
    for (const file of expected.leftOut ?? []) expect(journal.leftOut.map((one) => one.file)).toContain(file)
    for (const [region, rgb] of Object.entries(expected.colours ?? {})) {
      expect(lookUpRegion(core.parcellations.all[0]!, region).object.rgb).toBe(rgb)
    }
    if (expected.features) expect([...(await core.featureSpecs()).values()].flat()).toHaveLength(expected.features)
    expect(existsSync(join(out, 'IMPORT.md'))).toBe(true)
  })

  test.runIf(expected.regions.length > 0)('has the voxels of its regions where numpy has them', async () => {
    const core = await loading
    const [first, second] = core.parcellations.all.toSorted((a, b) => a.id.length - b.id.length)
    for (const [parcellation, regions] of [
      [first!, expected.regions],
      [second!, expected.others ?? []],
    ] as const) {
      for (const region of regions) {
        const found = await measure(core, parcellation, region.name)
        expect(found.name).toBe(region.name)
        expect(found.voxels, region.name).toBe(region.voxels)
        found.centroid.forEach((one, axis) => {
          expect(one, `${region.name}, axis ${axis}`).toBeCloseTo(region.centroid_mm[axis]!, 3)
        })
      }
    }
  })

  test.runIf(expected.statistical !== undefined)('serves probabilities from 0 to 1', async () => {
    const core = await loading
    const map = core.maps.all.find(({ mapType }) => mapType === 'STATISTICAL')!
    for (const { name: region, max, nonzero } of expected.statistical!) {
      const [index] = map.indices.get(region)!
      const data = Array.from((await core.volumes.fetchImage(map.volumes[index!.volume]!)).data)
      expect(data.reduce((largest, value) => Math.max(largest, value), 0)).toBeCloseTo(max, 6)
      expect(data.reduce((count, value) => count + (value > 0 ? 1 : 0), 0)).toBe(nonzero)
    }
  })

  test.runIf(expected.vertices !== undefined)('has the vertices of its regions', async () => {
    const core = await loading
    const map = core.maps.all[0]!
    for (const { name: region, vertices, side } of expected.vertices!) {
      const [index] = map.indices.get(region)!
      const labels =
        core.spaces.all[0]!.volumes.length > 0
          ? (await fetchLabelledSurface(core, map, { fragment: side })).labels
          : await fetchSurfaceLabels(core.retrieval, map.volumes[0]!, { fragment: side })
      expect(labels.reduce((count, label) => count + (label === index!.label ? 1 : 0), 0)).toBe(vertices)
    }
  })
})
