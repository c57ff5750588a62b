/** Features out of their specifications; one function per schema type. */
import { buildDatasets } from '../configuration/concepts.ts'
import type { FeatureSpec } from '../configuration/feature-specs.ts'
import { createReader, isObject, type Specification, type SpecificationReader } from '../configuration/specification.ts'
import { buildVolume } from '../configuration/volumes.ts'
import { findSpecies, speciesOf } from '../core/species.ts'
import type { Space } from '../core/types.ts'
import { parseCsvOptions } from './data/csv.ts'
import {
  type Anchor,
  anchoredName,
  categoryOrUnknown,
  featureId,
  type MatrixFiles,
  md5,
  type PreconfiguredFeature,
} from './feature.ts'
import { imageTypeOf } from './image-types.ts'
import { parseLocation, type Spaces } from './location.ts'
import type { FeatureTypeName } from './types.ts'

type Build = (reader: SpecificationReader, spec: Specification, spaces: Spaces) => PreconfiguredFeature

const CELL_DENSITY_METHOD =
  'obtained by applying a Deep Learning based instance segmentation algorithm (Contour Proposal Network; Upschulte et al., Neuroimage 2022) to a 1 micron resolution cortical image patch prepared with modified Silver staining. Densities have been computed per cortical layer after manual layer segmentation, by dividing the number of detected cells in that layer with the area covered by the layer. Therefore, each profile contains 6 measurement points. The cortical depth is estimated from the measured layer thicknesses.'

/** Texts of the original, part of its contract (sic: measurments). */
const DESCRIPTIONS = {
  fingerprint:
    'Fingerprint of densities (in fmol/mg protein) of receptors for classical neurotransmitters obtained by means of quantitative in vitro autoradiography. The fingerprint provides average density measurments for different receptors measured in tissue samples from different subjects together with the corresponding standard deviations. ',
  receptorProfile:
    'Cortical profile of densities (in fmol/mg protein) of receptors for classical neurotransmitters obtained by means of quantitative in vitro autoradiography. The profiles provide, for a single tissue sample, an exemplary density distribution for a single receptor from the pial surface to the border between layer VI and the white matter.',
  cellDensityProfile: `Cortical profile of estimated densities of detected cell bodies (in detected cells per 0.1 cube millimeter) ${CELL_DENSITY_METHOD}`,
  layerwiseCellDensity: `Layerwise estimated densities of detected cell bodies  (in detected cells per 0.1 cube millimeter) ${CELL_DENSITY_METHOD}`,
  marmoset: 'Marmoset Calbindin Cell Density Profile',
}

/** Normalised `@type` -> how such a feature is made. */
const BUILDERS: Readonly<Record<string, Build>> = {
  'siibra/feature/connectivitymatrix/v0.3': buildConnectivity,
  'siibra/feature/timeseries/activity/v0.1': buildTimeseries,
  'siibra/feature/fingerprint/receptor/v0.1': (reader, spec, spaces) => ({
    ...buildBase(reader, spec, spaces, 'ReceptorDensityFingerprint', 'Neurotransmitter receptor density'),
    kind: 'receptor-fingerprint',
    description: DESCRIPTIONS.fingerprint,
    url: reader.address(reader.text(spec, 'file'), 'file'),
  }),
  'siibra/feature/profile/receptor/v0.1': (reader, spec, spaces) => {
    const receptor = reader.text(spec, 'receptor')
    return {
      ...buildBase(reader, spec, spaces, 'ReceptorDensityProfile', `${receptor} receptor density`),
      kind: 'receptor-profile',
      description: DESCRIPTIONS.receptorProfile,
      receptor,
      url: reader.address(reader.text(spec, 'file'), 'file'),
    }
  },
  'siibra/feature/profile/celldensity/v0.1': (reader, spec, spaces) => ({
    ...buildBase(reader, spec, spaces, 'CellDensityProfile', 'Segmented cell body density'),
    kind: 'cell-density-profile',
    description: DESCRIPTIONS.cellDensityProfile,
    url: reader.address(reader.text(spec, 'file'), 'file'),
  }),
  'siibra/feature/fingerprint/celldensity/v0.1': (reader, spec, spaces) => ({
    ...buildBase(reader, spec, spaces, 'LayerwiseCellDensity', 'Cell body density'),
    kind: 'layerwise-cell-density',
    description: DESCRIPTIONS.layerwiseCellDensity,
    segmentUrls: reader.list(spec, 'segmentfiles').map((file) => reader.address(String(file), 'segmentfiles')),
    layerUrls: reader.list(spec, 'layerfiles').map((file) => reader.address(String(file), 'layerfiles')),
  }),
  'siibra/feature/profile/marmosetcelldensity/v0.1': buildMarmosetProfile,
  'siibra/feature/section/v0.1': buildImage,
  'siibra/feature/voi/v0.1': buildImage,
}

/** One specification, a feature of each region that its table has. */
const REGIONAL_VALUES = 'siibra/feature/tabular/regionalvalues/v0.1'

/** The normalised `@type`s that are understood. */
export const FEATURE_SPEC_TYPES: readonly string[] = [...Object.keys(BUILDERS), REGIONAL_VALUES]

export const isKnownFeatureSpec = (type: string): boolean => FEATURE_SPEC_TYPES.includes(type)

/** The features of a specification, mostly one. Throws BAD_CONFIGURATION (or UNSUPPORTED) with file and property. */
export function buildSpecified({ file, type, spec, baseUrl }: FeatureSpec, spaces: Spaces): PreconfiguredFeature[] {
  const reader = createReader(file, baseUrl)
  if (type === REGIONAL_VALUES) return buildRegionalValues(reader, spec, spaces)
  const build = BUILDERS[type]
  return build ? [build(reader, spec, spaces)] : reader.fail('@type', `${JSON.stringify(type)} is not known`)
}

function buildBase(
  reader: SpecificationReader,
  spec: Specification,
  spaces: Spaces,
  type: FeatureTypeName,
  modality: string,
  suffix = '',
) {
  const anchor = buildAnchor(reader, spec, spaces)
  const prefix = spec.prerelease === true ? '[PRERELEASE] ' : ''
  const name = `${prefix}${anchoredName(type, modality, anchor)}${suffix}`
  const datasets = buildDatasets(reader, spec)
  return {
    type,
    category: categoryOrUnknown(type),
    modality,
    id: reader.optionalText(spec, '@id') ?? featureId(name, datasets),
    name,
    description: null as string | null,
    anchor,
    datasets,
    file: reader.file,
  }
}

function buildAnchor(reader: SpecificationReader, spec: Specification, spaces: Spaces): Anchor {
  const parcellation = isObject(spec.parcellation) ? spec.parcellation : {}
  const regionSpec = [spec.region, parcellation['@id'], parcellation.name].find(
    (text) => typeof text === 'string' && text,
  )
  const location = parseLocation(reader, spec, 'location', spaces)
  if (regionSpec === undefined && location === null)
    return reader.fail('region', 'there is neither region nor location')
  const species = speciesOf(spec) ?? findSpecies(spec.ebrains) ?? location?.space.species
  if (species === undefined) return reader.fail('species', 'is not known')
  return { species, regionSpec: (regionSpec as string | undefined) ?? null, location }
}

function buildMatrixFiles(reader: SpecificationReader, spec: Specification): MatrixFiles {
  const files = reader.object(spec, 'files')
  const inOrder = reader.list(spec, 'files_order').map(String)
  const keys = inOrder.length > 0 ? inOrder : Object.keys(files)
  if (keys.length === 0) reader.fail('files', 'is empty')
  return {
    repository: buildRepository(reader, spec),
    files: new Map(keys.map((key) => [key, String(files[key])])),
    decoder: parseCsvOptions(spec.decoder),
    regionNames: reader.list(spec, 'regions').map(String),
    cohort: (reader.optionalText(spec, 'cohort') ?? '').toUpperCase(),
  }
}

function buildRepository(reader: SpecificationReader, spec: Specification): MatrixFiles['repository'] {
  const base = reader.optionalText(spec, 'base_url')
  if (base !== null) return { kind: 'folder', url: reader.address(base.endsWith('/') ? base : `${base}/`, 'base_url') }
  const repository = reader.object(spec, 'repository')
  const type = reader.text(repository, '@type')
  if (type === 'siibra/repository/zippedfile/v1.0.0') {
    return { kind: 'zip', url: reader.address(reader.text(repository, 'url'), 'repository.url') }
  }
  return reader.fail('repository.@type', `${JSON.stringify(type)} is not known`)
}

const CONNECTIVITY_TYPES: Readonly<Record<string, FeatureTypeName>> = {
  StreamlineCounts: 'StreamlineCounts',
  StreamlineLengths: 'StreamlineLengths',
  Functional: 'FunctionalConnectivity',
  RestingState: 'FunctionalConnectivity',
  FunctionalConnectivity: 'FunctionalConnectivity',
  Tracing: 'TracingConnectivity',
  TracingConnectivity: 'TracingConnectivity',
  AnatomoFunctionalConnectivity: 'AnatomoFunctionalConnectivity',
  RetrogradeTracer: 'InterarealConnectivityMatrix',
}

function buildConnectivity(reader: SpecificationReader, spec: Specification, spaces: Spaces): PreconfiguredFeature {
  const modality = reader.text(spec, 'modality')
  const type = CONNECTIVITY_TYPES[modality] ?? reader.fail('modality', `${JSON.stringify(modality)} is not known`)
  const matrices = buildMatrixFiles(reader, spec)
  const base = buildBase(reader, spec, spaces, type, modality, ` with cohort ${matrices.cohort}`)
  const description = reader.optionalText(spec, 'description') || null
  if (type === 'InterarealConnectivityMatrix') return { ...base, ...matrices, kind: 'interareal', description }
  const isFunctional = type === 'FunctionalConnectivity'
  const paradigm = isFunctional ? (reader.optionalText(spec, 'paradigm') ?? modality) : null
  const id = paradigm === null ? base.id : `${base.id}--${md5(paradigm)}`
  return { ...base, ...matrices, kind: 'connectivity', description, paradigm, id }
}

const TIMESERIES_MODALITIES = ['Regional BOLD signal', 'RegionalBOLD']

function buildTimeseries(reader: SpecificationReader, spec: Specification, spaces: Spaces): PreconfiguredFeature {
  const modality = reader.text(spec, 'modality')
  if (!TIMESERIES_MODALITIES.includes(modality)) reader.fail('modality', `${JSON.stringify(modality)} is not known`)
  const paradigm = reader.optionalText(spec, 'paradigm') ?? ''
  return {
    ...buildBase(reader, spec, spaces, 'RegionalBOLD', modality, ` with paradigm ${paradigm}`),
    ...buildMatrixFiles(reader, spec),
    kind: 'timeseries',
    description: reader.optionalText(spec, 'description') || null,
    paradigm,
    timestep: reader.optionalText(spec, 'timestep') ?? '1 no_unit',
  }
}

const MARMOSET_ID = /(?:^|--)calbindin-profile-(.*)/

function buildMarmosetProfile(reader: SpecificationReader, spec: Specification, spaces: Spaces): PreconfiguredFeature {
  const id = reader.text(spec, '@id')
  const regionCode = MARMOSET_ID.exec(id)?.[1] ?? reader.fail('@id', `${JSON.stringify(id)} does not name a region`)
  return {
    ...buildBase(reader, spec, spaces, 'MarmosetCalbindinDensityProfile', 'Segmented cell body density'),
    kind: 'marmoset-profile',
    description: DESCRIPTIONS.marmoset,
    archiveUrl: buildRepository(reader, spec).url,
    member: `${regionCode}.csv`,
    regionCode,
    decoder: parseCsvOptions(spec.decoder),
  }
}

/** `regions` has the names in the first column of `file`, which are regions of `parcellation`. */
function buildRegionalValues(reader: SpecificationReader, spec: Specification, spaces: Spaces): PreconfiguredFeature[] {
  const id = reader.text(spec, '@id')
  const parcellationId = reader.text(reader.object(spec, 'parcellation'), '@id')
  const modality = reader.text(spec, 'modality')
  const url = reader.address(reader.text(spec, 'file'), 'file')
  const decoder = parseCsvOptions(spec.decoder ?? { '@type': 'siibra/decoder/csv' })
  const description = reader.optionalText(spec, 'description') || `Values by region: ${modality}`
  const names = reader.list(spec, 'regions').map(String)
  if (names.length === 0) reader.fail('regions', 'is empty')
  return [...new Set(names)].map((regionName) => {
    const base = buildBase(reader, { ...spec, region: regionName }, spaces, 'RegionalValues', modality)
    return {
      ...base,
      kind: 'regional-values',
      id: `${id}--${md5(regionName)}`,
      description,
      anchor: { ...base.anchor, parcellationId },
      url,
      decoder,
      regionName,
    }
  })
}

/** Images have no region in their names; their location is the bounding box of their volume. */
function buildImage(reader: SpecificationReader, spec: Specification, spaces: Spaces): PreconfiguredFeature {
  const { type, modality } = imageTypeOf(reader, spec)
  const space = spaceOf(reader, spec, spaces)
  const volume = buildVolume(reader, spec, '', { spaceId: space.id })
  const box = parseLocation(reader, spec, 'boundingbox', spaces)
  const boundingBox = box?.kind === 'box' ? box : null
  const name = `${reader.optionalText(spec, 'name') ?? ''} (${modality})`
  const datasets = buildDatasets(reader, spec)
  return {
    kind: 'image',
    type,
    category: categoryOrUnknown(type),
    modality,
    id: reader.optionalText(spec, '@id') ?? featureId(name, datasets),
    name,
    description: `Image feature with modality ${modality} at Bounding box of image in ${space.name}`,
    anchor: { species: space.species, regionSpec: reader.optionalText(spec, 'region'), location: boundingBox },
    datasets,
    file: reader.file,
    volume: { ...volume, name },
    space,
    boundingBox,
  }
}

function spaceOf(reader: SpecificationReader, spec: Specification, spaces: Spaces): Space {
  const id = reader.object(spec, 'space')['@id']
  const space = typeof id === 'string' ? spaces.byId(id) : undefined
  return space ?? reader.fail('space', `is ${JSON.stringify(id)}, which the configuration does not have`)
}
