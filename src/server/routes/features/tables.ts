import Type from 'typebox'
import { CitationsModel, CitationsParams } from '../../../models/citations.ts'
import { pageOf } from '../../../models/common.ts'
import {
  FeatureMatrixParams,
  ReceptorModel,
  RecordingConditionsModel,
  RegionOverviewModel,
  RegionOverviewParams,
  SearchFeaturesParams,
  VocabularyParams,
} from '../../../models/feature-tables.ts'
import { DataFrameModel, FeatureModel } from '../../../models/features.ts'
import { ALWAYS, type CacheRule, type RouteRecord, V3 } from '../route.ts'

const base = { method: 'GET', versions: V3, criticality: 'normal', cache: ALWAYS, extension: true } as const
const UNLESS_FIND: CacheRule = { kind: 'unless', parameters: ['find'] }

/** Features and what is known of regions, put together: searches, matrices, overviews, vocabularies. */
export const featureTableRoutes: readonly RouteRecord[] = [
  {
    ...base,
    name: 'search_features',
    tool: 'find_features',
    path: '/features',
    tag: 'feature',
    summary: 'Search the features of the configuration',
    description:
      'All that is given must hold. Features that are made when they are asked for (gene expressions, field potentials, EBRAINS data sets, profiles of BigBrain) have listings of their own.',
    params: SearchFeaturesParams,
    response: { json: pageOf(FeatureModel, 'FeatureModel') },
    task: { name: 'search_features', queue: 'features' },
    cache: { kind: 'unless', parameters: ['find', 'bbox', 'modality', 'licence', 'dataset_id'] },
    python: [
      'if parcellation_id is not None:',
      '    concept = siibra.get_region(parcellation_id, region_id) if region_id else siibra.parcellations[parcellation_id]',
      'else:',
      '    concept = siibra.spaces[space_id]',
      'for feature in siibra.features.get(concept, type or siibra.features.Feature):',
      '    if all(word in feature.name.lower() for word in (find or "").lower().split()):',
      '        print(feature.id, feature.name)',
    ].join('\n'),
  },
  {
    ...base,
    name: 'get_feature_matrix',
    tool: 'feature_matrix',
    path: '/feature/matrix',
    tag: 'feature',
    summary: 'What was measured in the regions of a parcellation, as one table: receptors, layers or genes',
    description:
      'Columns `region`, `region_id`, then a column for each receptor, layer or gene. Of receptors and layers there is a row for each region that has data of its own (the mean of several); of genes for each region that a labelled map draws in MNI 152.',
    params: FeatureMatrixParams,
    response: { json: DataFrameModel, forms: 'table' },
    task: { name: 'feature_matrix', queue: 'features', isHeavy: ({ gene }) => gene !== undefined },
    python: [
      'import pandas as pd',
      'parcellation = siibra.parcellations[parcellation_id]',
      'features = siibra.features.get(parcellation, type)',
      'print(pd.DataFrame({f.anchor.regions.copy().popitem()[0].name: f.data["mean"] for f in features}).T)',
    ].join('\n'),
  },
  {
    ...base,
    name: 'get_region_overview',
    tool: 'describe_region',
    path: '/regions/{region_id}/overview',
    tag: 'region',
    summary: 'A region with its centre, ancestors, children, related regions, and the first features of each type',
    params: RegionOverviewParams,
    response: { json: RegionOverviewModel },
    task: { name: 'region_overview', queue: 'features' },
    python: [
      'region = siibra.get_region(parcellation_id, region_id)',
      'print(region.name, region.ancestors, region.children)',
      'if space_id is not None:\n    print(region.compute_centroids(siibra.spaces[space_id]))',
      'for relation in region.get_related_regions():\n    print(relation.qualification, relation.assigned_structure)',
      'for feature in siibra.features.get(region, siibra.features.Feature):\n    print(feature.id, feature.name)',
    ].join('\n'),
  },
  {
    ...base,
    name: 'citations',
    tool: 'cite',
    path: '/citations',
    tag: 'feature',
    summary:
      'What is to be cited of parcellations, spaces, maps and features: publications and data sets, with their licences',
    params: CitationsParams,
    response: { json: CitationsModel, forms: 'citation' },
    task: { name: 'citations', queue: 'features' },
    python: [
      'for one in parcellation_id or []:',
      '    parcellation = siibra.parcellations[one]',
      '    print(parcellation.publications, [dataset.urls for dataset in parcellation.datasets], parcellation.LICENSE)',
    ].join('\n'),
  },
  {
    ...base,
    name: 'receptors',
    path: '/vocabularies/receptors',
    tag: 'vocabularies',
    summary: 'Receptors that tables of densities name, with their neurotransmitters',
    params: VocabularyParams,
    response: { json: pageOf(ReceptorModel, 'ReceptorModel') },
    task: { name: 'receptor_vocabulary', queue: 'features' },
    cache: UNLESS_FIND,
    python: 'from siibra.vocabularies import RECEPTOR_SYMBOLS\nprint(RECEPTOR_SYMBOLS)',
  },
  {
    ...base,
    name: 'recording_conditions',
    path: '/vocabularies/lfp',
    tag: 'vocabularies',
    summary:
      'How recordings of local field potentials were made: values of `pathology`, `pharmacology`, `signal_quality`',
    params: Type.Object({}),
    response: { json: RecordingConditionsModel },
    task: { name: 'recording_vocabulary', queue: 'features' },
  },
]
