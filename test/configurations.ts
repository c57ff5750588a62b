/**
 * Whole configurations with their data, for tests that walk over everything in them: a small one, the demo, which lies in
 * the repository, and the real ones with stand-ins for their data, where they lie beside it (they take long: `*.long.test.ts`).
 */
import { existsSync } from 'node:fs'
import { test } from 'vitest'
import { demoConfigurationFiles, demoStore } from '../src/demo/index.ts'
import { type AtlasCore, createRetrieval, loadConfiguration } from '../src/siibra/index.ts'

const DATA = ['../shared/data', '../../shared/data']
  .map((path) => new URL(`../${path}`, import.meta.url).pathname)
  .find((folder) => existsSync(folder))

export interface NamedConfiguration {
  name: 'demo' | 'v04' | 'head'
  load(): Promise<AtlasCore>
}

export const DEMO_CONFIGURATION: NamedConfiguration = {
  name: 'demo',
  load: () =>
    loadConfiguration({
      configuration: demoConfigurationFiles(),
      retrieval: createRetrieval({ mirror: demoStore(), offline: true }),
    }),
}

/** Tests of the real ones of these names; where they do not lie beside the project, one that says it is skipped. */
export function forRealConfigurations(
  describeTests: (configuration: NamedConfiguration) => void,
  ...names: ('v04' | 'head')[]
): void {
  if (DATA === undefined) test.skip(`${names.join(', ')}: there is no ../shared/data`)
  for (const name of DATA === undefined ? [] : names) {
    const load = () =>
      loadConfiguration({
        configuration: `${DATA}/configurations/${name}`,
        snapshotFolder: `${DATA}/snapshot`,
        retrieval: createRetrieval({ mirror: `${DATA}/mirror`, offline: true }),
      })
    describeTests({ name, load })
  }
}
