import { expect, test } from 'vitest'
import { demoConfigurationFiles, demoStore } from '../../src/demo/index.ts'
import { serializeFeature } from '../../src/serialization/features.ts'
import { loadFeatureFacts } from '../../src/siibra/facts/features.ts'
import { featureIndex } from '../../src/siibra/features/catalogue.ts'
import { createRetrieval, loadConfiguration } from '../../src/siibra/index.ts'
import type { Store } from '../../src/siibra/retrieval/stores/store.ts'

/** The demo's remote data, without any file that a volume needs. */
function storeWithoutVolumes(): Store {
  const store = demoStore()
  const isVolume = (key: string) => /\/(info|transform\.json)$|\.nii(\.gz)?$/.test(key)
  return {
    get: async (key, options) => (isVolume(key) ? undefined : store.get(key, options)),
    stat: async (key, options) => (isVolume(key) ? undefined : store.stat?.(key, options)),
  }
}

test('an image whose file is gone is listed without a box, and not as a volume of interest', async () => {
  const retrieval = createRetrieval({ mirror: storeWithoutVolumes(), offline: true })
  const core = await loadConfiguration({ configuration: demoConfigurationFiles(), retrieval })
  const images = (await featureIndex(core)).images.map((image) => ({ ...image, boundingBox: null }))
  expect(images.length).toBeGreaterThan(0)
  const models = await Promise.all(images.map(async (image) => serializeFeature(await loadFeatureFacts(core, image))))
  expect(models).toContainEqual(expect.objectContaining({ '@type': 'siibra-0.4/feature/image', boundingbox: null }))
  for (const model of models) {
    const isVolumeOfInterest = model['@type'] === 'siibra-0.4/feature/volume_of_interest'
    expect(isVolumeOfInterest).toBe('boundingbox' in model && model.boundingbox !== null)
  }
})
