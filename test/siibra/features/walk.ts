import { expect, test } from 'vitest'
import { serializeFeature } from '../../../src/serialization/features.ts'
import { loadFeatureFacts } from '../../../src/siibra/facts/features.ts'
import { loadImageBox } from '../../../src/siibra/features/anchors/image-box.ts'
import { featureIndex } from '../../../src/siibra/features/catalogue.ts'
import { anchoredParcellation } from '../../../src/siibra/features/describe.ts'
import type { PreconfiguredFeature } from '../../../src/siibra/features/feature.ts'
import { loadLabelledMatrix, loadTable } from '../../../src/siibra/features/load/load-table.ts'
import type { AtlasCore } from '../../../src/siibra/index.ts'
import { findPreconfigured, listImages, listPreconfigured } from '../../../src/siibra/listing/list-features.ts'
import type { NamedConfiguration } from '../../configurations.ts'

async function isReachable(core: AtlasCore, feature: PreconfiguredFeature): Promise<boolean> {
  if (feature.kind === 'image')
    return (await listImages(core, feature.space, feature.type, undefined)).includes(feature)
  const [anchored] = (await featureIndex(core)).regionsOf(feature.anchor)
  const { species } = feature.anchor
  const asked = anchored?.region ?? core.parcellations.all.find((parcellation) => parcellation.species === species)
  if (!asked) return false
  return (await listPreconfigured(core, asked, [feature.type])).includes(feature)
}

/** How many values the feature holds (of its first subject, where there are several). */
async function decode(core: AtlasCore, feature: PreconfiguredFeature): Promise<number> {
  switch (feature.kind) {
    case 'image': {
      const { minMm, maxMm } = await loadImageBox(core.retrieval, feature)
      return maxMm.filter((value, i) => value > minMm[i]!).length
    }
    case 'connectivity':
    case 'interareal':
    case 'timeseries': {
      const [subject] = feature.files.keys()
      const parcellation = await anchoredParcellation(core, feature)
      const { matrix, columns } = await loadLabelledMatrix(core.retrieval, feature, parcellation, subject)
      const unknown = columns.filter((label) => typeof label === 'string')
      expect(unknown, `regions of ${feature.file}`).toEqual([])
      return matrix.values.length
    }
    default: {
      const { index, columns } = await loadTable(core.retrieval, feature)
      return index.length * columns.length
    }
  }
}

/**
 * Walks over every feature of a whole configuration: each has to be found by a region or a space and by its id, and its
 * data have to decode.
 */
export function walksOverFeatures({ name, load }: NamedConfiguration): void {
  test(`all files of ${name} are understood, found and decoded`, { timeout: 600_000 }, async () => {
    const core = await load()
    const { features, problems, byId } = await featureIndex(core)
    expect(problems).toEqual([])
    expect(features.length).toBeGreaterThan(name === 'demo' ? 20 : 500)
    // Two images of the older one share an id, and are listed so by the original, too.
    expect(features.length - byId.size).toBe(name === 'v04' ? 1 : 0)
    const failures: string[] = []
    for (const feature of features) {
      try {
        if (!(await isReachable(core, feature))) failures.push(`${feature.file}: no listing has it`)
        if ((await findPreconfigured(core, feature.id))?.id !== feature.id)
          failures.push(`${feature.file}: not found by its id`)
        if ((await decode(core, feature)) === 0) failures.push(`${feature.file}: no data`)
        const model = serializeFeature(await loadFeatureFacts(core, feature))
        if (model.id !== feature.id) failures.push(`${feature.file}: answered as ${model.id}`)
      } catch (error) {
        failures.push(`${feature.file}: ${(error as Error).message}`)
      }
    }
    expect(failures).toEqual([])
  })
}
