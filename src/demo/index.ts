/**
 * The embedded demo atlas: what the service has to show on a machine without network and without a configuration. Two
 * calls give it: the configuration files, and a store that stands for the remote hosts that the files name.
 */

import type { Store } from '../siibra/index.ts'
import { SiibraError } from '../siibra/index.ts'
import { atlases } from './atlases.ts'
import { documents } from './documents.ts'
import { cellDensity } from './features/cell-density.ts'
import { connectivity } from './features/connectivity.ts'
import { fieldPotentials } from './features/field-potentials.ts'
import { geneExpression } from './features/gene-expression.ts'
import { images } from './features/images.ts'
import { intensityProfiles } from './features/intensity-profiles.ts'
import { tabular } from './features/tabular.ts'
import { createLazyStore } from './lazy-store.ts'
import { maps } from './maps.ts'
import { parcellations } from './parcellations.ts'
import { jsonBytes, mergeParts } from './part.ts'
import { surfaces } from './surfaces.ts'
import { vocabularies } from './vocabularies.ts'
import { volumes } from './volumes.ts'

const PARTS = [
  atlases,
  parcellations,
  maps,
  volumes,
  surfaces,
  connectivity,
  tabular,
  cellDensity,
  images,
  documents,
  vocabularies,
  geneExpression,
  intensityProfiles,
  fieldPotentials,
]

/** The demo's configuration files, in memory, for `loadConfiguration`. */
export function demoConfigurationFiles() {
  const { files } = mergeParts(PARTS)
  return {
    source: 'the embedded demo atlas',
    commit: null,
    list: async () => Object.keys(files).sort(),
    read(path: string): Uint8Array {
      if (!Object.hasOwn(files, path)) throw new SiibraError('NOT_FOUND', `The demo has no file ${path}`, { path })
      return jsonBytes(files[path])
    },
  }
}

/** Everything "remote" of the demo: keys are laid out as in a mirror, `<host>/<path>`. */
export function demoStore(): Store {
  return createLazyStore(mergeParts(PARTS).objects)
}

/** Names of all objects that `demoStore` holds, e.g. to write them to a folder. */
export function demoObjectNames(): string[] {
  return Object.keys(mergeParts(PARTS).objects).sort()
}
