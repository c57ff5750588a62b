/** Local field potentials of rats, out of a database of recordings with their positions and regions. */

import type { AtlasCore } from '../atlas/atlas-core.ts'
import type { Region, Space } from '../core/types.ts'
import { readSqliteTable, type SqliteRow } from '../features/data/sqlite.ts'
import {
  type Anchor,
  anchoredName,
  type FieldPotentialFeature,
  LIVE_CATEGORY,
  liveFeatureId,
  md5,
  RECORDING_CONDITIONS,
} from '../features/feature.ts'
import { loadParsed } from '../features/load/parsed-files.ts'
import type { FeatureLocation, PointMm } from '../features/location.ts'
import type { FeatureTypeName } from '../features/types.ts'
import { required } from '../retrieval/upstream-errors.ts'
import type { Reads } from '../retrieval/verified.ts'
import type { LiveQuery } from './live-query.ts'
import { formatIndex } from './pandas-index.ts'
import { findReferenceSpace } from './reference-space.ts'

const DATASET_ID = '41673110-f3eb-43cd-9d9c-c845c6f0573c'
const BUCKET = `https://data-proxy.ebrains.eu/api/v1/buckets/d-${DATASET_ID}`
const DATABASE = `${BUCKET}/lfp_atlas_bids.sqlite`
const SPECTRA =
  'https://data-proxy.ebrains.eu/api/v1/buckets/regional-local-field-potentials-rat/RegionalLocalFieldPotential_v1/PowerSpectrums'
const SPECIES = 'Rattus norvegicus'
/** What stands in the database for "no region". */
const NO_REGION = 'Clear Label'

/** One feature per region has recordings that were made alike. */
const CONDITIONS = RECORDING_CONDITIONS

interface Recording {
  /** Its row in the database, from 0. */
  row: number
  label: string
  pointMm: PointMm
  conditions: readonly (string | null)[]
  psdFile: string | null
}

const text = (value: SqliteRow[string] | undefined): string | null => (typeof value === 'string' ? value : null)

async function loadRecordings(core: AtlasCore, signal?: AbortSignal): Promise<Recording[]> {
  const load = async (shared: AbortSignal, reads: Reads) => {
    const bytes = required(await reads.bytes(DATABASE, { signal: shared }), DATABASE)
    const rows = await readSqliteTable(bytes, 'bids', DATABASE)
    return { recordings: rows.map(toRecording), heldBytes: rows.length * 512 }
  }
  const { recordings } = await loadParsed(core.retrieval, DATABASE, 'recordings', load, signal)
  return recordings
}

function toRecording(row: SqliteRow, number: number): Recording {
  return {
    row: number,
    label: text(row.whs_label) ?? NO_REGION,
    pointMm: [Number(row.whs_x), Number(row.whs_y), Number(row.whs_z)],
    conditions: CONDITIONS.map((condition) => text(row[condition])),
    psdFile: text(row.psd_file),
  }
}

/** The values that each condition has among all recordings, sorted. Throws UPSTREAM_UNAVAILABLE, BAD_DATA. */
export async function recordingConditions(
  core: AtlasCore,
  signal?: AbortSignal,
): Promise<Record<(typeof CONDITIONS)[number], string[]>> {
  const recordings = await loadRecordings(core, signal)
  const valuesOf = (at: number) => {
    const values = new Set(recordings.flatMap(({ conditions }) => conditions[at] ?? []))
    return [...values].sort()
  }
  return { pathology: valuesOf(0), pharmacology: valuesOf(1), signal_quality: valuesOf(2) }
}

/** Recordings of the region, else of its parts. Their labels are Waxholm's, not those of somebody's own atlas. */
async function recordingsOf(core: AtlasCore, region: Region, signal?: AbortSignal): Promise<Recording[]> {
  if (region.species !== SPECIES || region.parcellation.hasVerbatimNames) return []
  const recordings = await loadRecordings(core, signal)
  const own = recordings.filter(({ label }) => label === region.name)
  if (own.length > 0) return own
  const parts = new Set<string>()
  const collect = ({ children }: Region) => {
    for (const child of children) {
      parts.add(child.name)
      collect(child)
    }
  }
  collect(region)
  return recordings.filter(({ label }) => parts.has(label))
}

interface Description {
  type: FeatureTypeName
  modality: string
  anchor: Anchor
  conditions: readonly (string | null)[]
  ownId: string
  spectrumUrl: string | null
  psdFiles: readonly (string | null)[]
}

function toFeature(region: Region, description: Description): FieldPotentialFeature {
  const { type, modality, anchor, conditions, ownId, spectrumUrl, psdFiles } = description
  const told = CONDITIONS.map((name, i) => (conditions[i] === null ? '' : ` - ${name}: ${conditions[i]}`)).join('')
  return {
    kind: 'field-potential',
    type,
    category: LIVE_CATEGORY,
    modality,
    id: liveFeatureId(type, region, `${DATASET_ID}--${ownId}`),
    name: anchoredName(type, modality, anchor) + told,
    conditions: told,
    recording: {
      pathology: conditions[0] ?? null,
      pharmacology: conditions[1] ?? null,
      signal_quality: conditions[2] ?? null,
    },
    description: null,
    anchor,
    datasets: [{ kind: 'EbrainsV3DatasetVersion', id: DATASET_ID }],
    file: null,
    spectrumUrl,
    psdUrls: psdFiles.flatMap((file) => (file === null ? [] : [`${BUCKET}/${file}`])),
  }
}

const anchorAt = (label: string, location: FeatureLocation | null): Anchor => ({
  species: SPECIES,
  regionSpec: label === NO_REGION ? null : label,
  location,
})

/** Every recording of the region. */
export const queryFieldPotentials: LiveQuery = async (core, region, { signal }) => {
  const space = findReferenceSpace(core, 'waxholm')
  const recordings = await recordingsOf(core, region, signal)
  return recordings.map(({ row, label, pointMm, conditions, psdFile }) =>
    toFeature(region, {
      type: 'LocalFieldPotential',
      modality: 'Local field potential',
      anchor: anchorAt(label, space ? { kind: 'point', space, pointMm } : null),
      conditions,
      ownId: String(row),
      spectrumUrl: null,
      psdFiles: [psdFile],
    }),
  )
}

/** Recordings of the region (or of each of its parts) that were made alike, together. */
export const queryRegionalFieldPotentials: LiveQuery = async (core, region, { signal }) => {
  const space = findReferenceSpace(core, 'waxholm')
  const groups = new Map<string, [Recording, ...Recording[]]>()
  for (const recording of await recordingsOf(core, region, signal)) {
    const key = [recording.label, ...recording.conditions].join('\n')
    const group = groups.get(key)
    if (group) group.push(recording)
    else groups.set(key, [recording])
  }
  return [...groups.values()].map((group) => toFeature(region, describeGroup(group, space)))
}

function describeGroup(group: readonly [Recording, ...Recording[]], space: Space | undefined): Description {
  const { label, conditions } = group[0]
  const location: FeatureLocation | null = space
    ? { kind: 'pointcloud', space, pointsMm: group.map(({ pointMm }) => pointMm) }
    : null
  return {
    type: 'RegionalLocalFieldPotential',
    modality: 'Regional local field potential',
    anchor: anchorAt(label, location),
    conditions,
    ownId: md5(formatIndex(group.map(({ row }) => row))),
    spectrumUrl: spectrumUrl(label, conditions),
    psdFiles: group.map(({ psdFile }) => psdFile),
  }
}

function spectrumUrl(label: string, [pathology, pharmacology, quality]: readonly (string | null)[]): string {
  const name = `group-${label.toLowerCase().replaceAll(',', '')}_pathology-${pathology}_pharmacology-${pharmacology}_signal_quality-${quality}`
  return `${SPECTRA}/${name.replaceAll(' ', '_')}_LocalFieldPotential.tsv`
}
