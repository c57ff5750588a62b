/** `siibra-api validate`: what is wrong with a configuration, with file and property. */
import {
  type AtlasCore,
  featureIndex,
  loadConfiguration,
  openConfigurationFiles,
  type Retrieval,
} from '../siibra/index.ts'
import { checkDuplicates, readRawFiles } from './files.ts'
import { createFindings, type Finding, type Findings, some } from './findings.ts'
import { checkRegions } from './regions.ts'
import { checkContents, checkProviders } from './volumes.ts'

export interface ValidateOptions {
  /** A folder, archive or URL. */
  configuration: string
  retrieval: Retrieval
  /** Whether remote providers are asked. */
  isOnline: boolean
  /** Reads the volumes as well. */
  fetch?: boolean | undefined
  /** Hears how many of the volumes have been read. */
  onVolume?: (done: number, all: number) => void
}

/** Finds what it can; throws only where there is no configuration at all. */
export async function validateConfiguration({
  configuration,
  retrieval,
  isOnline,
  fetch = false,
  onVolume,
}: ValidateOptions): Promise<Finding[]> {
  const findings = createFindings()
  const files = await openConfigurationFiles(configuration, retrieval)
  const raw = await readRawFiles(files)
  checkDuplicates(raw, findings)
  const core = await loadConfiguration({ configuration: files, retrieval })
  const filesById = new Map(raw.map(({ path, spec }) => [idOf(path, spec), path]))
  checkRegions(core, filesById, findings)
  await checkFeatures(core, findings)
  for (const { file, property, message } of core.configuration.problems) findings.error(file, property, message)
  checkAtlases(core, filesById, findings)
  await checkProviders(core, filesById, isOnline, findings)
  if (fetch) await checkContents(core, filesById, findings, onVolume)
  return findings.all.sort((a, b) =>
    a.level < b.level ? -1 : a.level > b.level ? 1 : a.file < b.file ? -1 : a.file > b.file ? 1 : 0,
  )
}

/** Maps of the older schema are named by their files. */
function idOf(path: string, spec: Record<string, unknown>): string {
  if (typeof spec['@id'] === 'string') return spec['@id']
  const stem = path.slice(path.lastIndexOf('/') + 1).replace(/\.json$/, '')
  return `${String(spec['@type']).replaceAll('/', '-')}_${stem}`
}

async function checkFeatures(core: AtlasCore, findings: Findings): Promise<void> {
  const index = await featureIndex(core)
  for (const { file, property, message } of index.problems) findings.error(file, property, message)
  const lost = new Map<string, string[]>()
  for (const { anchor, file } of index.features) {
    if (anchor.regionSpec === null || index.regionsOf(anchor).length > 0) continue
    lost.set(anchor.regionSpec, [...(lost.get(anchor.regionSpec) ?? []), file ?? ''])
  }
  for (const [region, [first = '', ...others]] of lost) {
    const also = others.length > 0 ? ` (also in ${some(others, 3)})` : ''
    findings.warn(first, 'region', `no parcellation knows '${region}'${also}`)
  }
}

/** Spaces and parcellations that belong to no atlas cannot be found by way of one. */
function checkAtlases(core: AtlasCore, files: ReadonlyMap<string, string>, findings: Findings): void {
  const listed = new Set(core.atlases.all.flatMap(({ spaceIds, parcellationIds }) => [...spaceIds, ...parcellationIds]))
  for (const object of [...core.spaces.all, ...core.parcellations.all]) {
    if (!listed.has(object.id)) findings.warn(files.get(object.id) ?? object.id, '@id', `no atlas lists '${object.id}'`)
  }
}
