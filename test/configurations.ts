/**
 * Whole configurations with their data, for tests that walk over everything in them: a small one, the demo, which lies in
 * the repository, and the real ones with stand-ins for their data, where they lie beside it.
 */
import { existsSync } from 'node:fs'
import { demoConfigurationFiles, demoStore } from '../src/demo/index.ts'
import { type AtlasCore, createRetrieval, loadConfiguration } from '../src/siibra/index.ts'

const DATA = ['../shared/data', '../../shared/data']
  .map((path) => new URL(`../${path}`, import.meta.url).pathname)
  .find((folder) => existsSync(folder))

export interface NamedConfiguration {
  name: 'demo' | 'v04' | 'head'
  load(): Promise<AtlasCore>
}

const demo: NamedConfiguration = {
  name: 'demo',
  load: () =>
    loadConfiguration({
      configuration: demoConfigurationFiles(),
      retrieval: createRetrieval({ mirror: demoStore(), offline: true }),
    }),
}

const beside = (name: 'v04' | 'head'): NamedConfiguration[] =>
  DATA === undefined
    ? []
    : [
        {
          name,
          load: () =>
            loadConfiguration({
              configuration: `${DATA}/configurations/${name}`,
              snapshotFolder: `${DATA}/snapshot`,
              retrieval: createRetrieval({ mirror: `${DATA}/mirror`, offline: true }),
            }),
        },
      ]

/** The demo always; of the others those that are named and there. */
export const configurations = (...names: ('v04' | 'head')[]): NamedConfiguration[] => [demo, ...names.flatMap(beside)]
