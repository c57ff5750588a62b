import { demoConfigurationFiles, demoStore } from '../../src/demo/index.ts'
import { type AtlasCore, createRetrieval, loadConfiguration } from '../../src/siibra/index.ts'

/** The demo as the service loads it: nothing but its own store is ever asked. */
export function loadDemo(): Promise<AtlasCore> {
  const retrieval = createRetrieval({ mirror: demoStore(), offline: true })
  return loadConfiguration({ configuration: demoConfigurationFiles(), retrieval })
}
