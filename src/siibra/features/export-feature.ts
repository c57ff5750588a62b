/** What the download of a feature holds: a text that says what it is and how to cite it, and its data. */

import type { AtlasCore } from '../atlas/atlas-core.ts'
import type { DatasetDescription } from '../datasets/datasets.ts'
import { redactCredentials } from '../redact.ts'
import { formatFrameCsv, formatMatrixCsv } from './data/frame.ts'
import { anchoredParcellation, describeFeature } from './describe.ts'
import type { EbrainsDatasetFeature, Feature, ImageFeature } from './feature.ts'
import type { RegionLabel } from './load/load-matrices.ts'
import { loadLabelledMatrix, loadTable, type RegionalMatrixFeature } from './load/load-table.ts'

export interface ExportedFile {
  path: string
  text: string
}

/**
 * The files of a feature, one after the other: a connectivity has a matrix for each subject, and they are never all in
 * memory. Throws UPSTREAM_UNAVAILABLE or BAD_DATA where its data cannot be had; `onIncomplete` is called where its description cannot.
 */
export async function* exportFeature(
  core: AtlasCore,
  feature: Feature,
  signal?: AbortSignal,
  onIncomplete?: () => void,
): AsyncGenerator<ExportedFile> {
  yield { path: 'README.md', text: redactCredentials(await readmeText(core, feature, onIncomplete)) }
  switch (feature.kind) {
    case 'image':
      yield { path: 'volume.txt', text: 'Volume cannot be downloaded yet.' }
      yield { path: 'volume.json', text: redactCredentials(volumeText(feature)) }
      return
    case 'ebrains-dataset':
      yield { path: 'doi.md', text: await doiText(core, feature, onIncomplete) }
      return
    case 'connectivity':
      yield* exportMatrices(core, feature, signal)
      return
    case 'interareal':
    case 'timeseries':
      yield { path: 'tabular.csv', text: await matrixText(core, feature, undefined, signal) }
      if (feature.kind === 'interareal') yield* exportMatrices(core, feature, signal)
      return
    default:
      yield { path: 'tabular.csv', text: formatFrameCsv(await loadTable(core.retrieval, feature, signal)) }
  }
}

async function* exportMatrices(
  core: AtlasCore,
  feature: RegionalMatrixFeature,
  signal?: AbortSignal,
): AsyncGenerator<ExportedFile> {
  for (const subject of feature.files.keys()) {
    yield { path: `sub/${subject}/matrix.csv`, text: await matrixText(core, feature, subject, signal) }
  }
}

async function matrixText(
  core: AtlasCore,
  feature: RegionalMatrixFeature,
  subject: string | undefined,
  signal?: AbortSignal,
): Promise<string> {
  const parcellation = await anchoredParcellation(core, feature)
  const { matrix, rows, columns } = await loadLabelledMatrix(core.retrieval, feature, parcellation, subject, signal)
  const names = columns.map(formatLabel)
  return formatMatrixCsv(
    matrix,
    rows.map((row) => (typeof row === 'number' ? String(row) : formatLabel(row))),
    names,
  )
}

function formatLabel(label: RegionLabel): string {
  if (typeof label === 'string') return label
  return 'name' in label ? label.name : `(${label.map(({ name }) => name).join(', ')})`
}

/** Where the voxels lie, since the archive does not hold them. */
const volumeText = ({ volume, space, boundingBox }: ImageFeature): string =>
  `${JSON.stringify({ space: { '@id': space.id, name: space.name }, providers: volume.providers, boundingBox }, null, 2)}\n`

async function describeDatasets(core: AtlasCore, feature: Feature, onIncomplete?: () => void) {
  const datasets = await core.datasets.describeAll(feature.datasets)
  if (datasets.some(({ isRetryable }) => isRetryable)) onIncomplete?.()
  return datasets
}

async function doiText(core: AtlasCore, feature: EbrainsDatasetFeature, onIncomplete?: () => void): Promise<string> {
  const datasets = await describeDatasets(core, feature, onIncomplete)
  return `\ndoi\n---\n${datasets.map(({ ebrainsPage }) => ebrainsPage ?? '').join('\n')}\n`
}

async function readmeText(core: AtlasCore, feature: Feature, onIncomplete?: () => void): Promise<string> {
  const { name, description } = await describeFeature(core, feature)
  const datasets = await describeDatasets(core, feature, onIncomplete)
  const sections = [
    ['Name', name],
    ['Id', feature.id],
    ['Description', description],
    ['Modality', feature.modality ?? ''],
    [
      'Publications',
      datasets.map(citationOf).join('\n\n') || 'None is known: the data may not have been published yet.',
    ],
    ['Licence', licencesOf(datasets)],
  ]
  const { source, commit } = core.configuration
  const origin = `Downloaded from siibra-api, which serves ${source}${commit ? ` (${commit})` : ''}.`
  return `${origin}\n\n${sections.map(([title, text]) => `## ${title}\n\n${text}`).join('\n\n')}\n`
}

/** A data set as one cites it: who, what, where. */
function citationOf({ name, contributors, urls, ebrainsPage, description }: DatasetDescription): string {
  const people = contributors.map((person) => person.name).join(', ')
  const places = [...new Set([...urls, ...(ebrainsPage ? [ebrainsPage] : [])])]
  return [`${people ? `${people}: ` : ''}${name}`, ...places, description ?? ''].filter(Boolean).join('\n')
}

function licencesOf(datasets: readonly DatasetDescription[]): string {
  const licences = [...new Set(datasets.flatMap(({ licenses }) => licenses))]
  return licences.join('\n') || 'None is known. Please ask the authors before you use the data.'
}
