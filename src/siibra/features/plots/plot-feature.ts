/** The figure of a feature, whatever its kind. */

import type { AtlasCore } from '../../atlas/atlas-core.ts'
import { SiibraError } from '../../errors.ts'
import { featureIndex } from '../catalogue.ts'
import { anchoredParcellation, describeFeature } from '../describe.ts'
import type { Feature, InterarealFeature, TimeseriesFeature } from '../feature.ts'
import { labelRegions, loadMatrix } from '../load/load-matrices.ts'
import { isProfile, loadMarmosetProfile, loadProfile, loadTable, loadUnit } from '../load/load-table.ts'
import { chooseColumns } from './choose-regions.ts'
import type { Figure } from './figure.ts'
import { plotExpressions } from './plot-expressions.ts'
import { plotMarmosetProfile } from './plot-marmoset.ts'
import { plotHeatMap, plotMeans, plotProjections } from './plot-matrix.ts'
import { plotBars, plotProfile } from './plot-profile.ts'
import { plotSpectrum } from './plot-spectrum.ts'
import type { TemplateName } from './templates.ts'

export interface PlotOptions {
  template: TemplateName
  /** Whose matrix or time series; without one the mean over all subjects. */
  subject?: string | undefined
  /** Names: the target whose connections are plotted, or the regions whose time series are. */
  regions?: string | undefined
  signal?: AbortSignal | undefined
}

/**
 * A figure for plotly.js. Throws NOT_AVAILABLE for features that have none (images, data sets, connectivity between
 * hundreds of regions), INVALID_PARAMETER for an unknown subject or region.
 */
export async function plotFeature(core: AtlasCore, feature: Feature, options: PlotOptions): Promise<Figure> {
  const { retrieval } = core
  const { template, signal } = options
  const modality = feature.modality ?? ''
  switch (feature.kind) {
    case 'image':
    case 'ebrains-dataset':
    case 'connectivity':
      throw new SiibraError(
        'NOT_AVAILABLE',
        `There is no plot of ${feature.id}: a feature of type ${feature.type} has none`,
        {
          feature: feature.id,
          type: feature.type,
        },
      )
    case 'marmoset-profile': {
      const { table, breakpoints } = await loadMarmosetProfile(retrieval, feature, signal)
      return plotMarmosetProfile(table, breakpoints, feature.regionCode, template)
    }
    case 'interareal':
    case 'timeseries':
      return plotRegionalMatrix(core, feature, options)
    case 'field-potential':
      return plotSpectrum(modality + feature.conditions, await loadTable(retrieval, feature, signal), template)
    default: {
      if (isProfile(feature)) {
        const { name } = await describeFeature(core, feature)
        return plotProfile(name, modality, await loadProfile(retrieval, feature, signal), template)
      }
      const table = await loadTable(retrieval, feature, signal)
      if (feature.type === 'GeneExpressions') {
        return plotExpressions(`${modality} measured in ${feature.anchor.regionSpec}`, table, template)
      }
      const title = `${modality} in ${(await anchoredNames(core, feature)).join(', ')}`
      return plotBars(title, table, await loadUnit(retrieval, feature, signal), template)
    }
  }
}

async function anchoredNames(core: AtlasCore, feature: Feature): Promise<string[]> {
  const regions = (await featureIndex(core)).regionsOf(feature.anchor)
  return [...new Set(regions.map(({ region }) => region.name))].sort()
}

async function plotRegionalMatrix(
  core: AtlasCore,
  feature: InterarealFeature | TimeseriesFeature,
  { template, subject, regions, signal }: PlotOptions,
): Promise<Figure> {
  const names = feature.regionNames
  const matrix = await loadMatrix(core.retrieval, feature, subject, signal)
  const columns = regions?.trim()
    ? chooseColumns(regions, names, labelRegions(await anchoredParcellation(core, feature), names))
    : undefined
  if (feature.kind === 'timeseries') return plotMeans(feature.name, matrix, names, template, columns)
  if (columns === undefined) return plotHeatMap(feature.name, matrix, names, template)
  const [column = 0] = columns
  const name = columns.length === 1 ? names[column] : undefined
  if (name === undefined) {
    throw new SiibraError('INVALID_PARAMETER', 'regions: one target is expected, whose connections are plotted', {
      parameter: 'regions',
      allowed: [...names],
    })
  }
  return plotProjections(name, matrix, names, column, template)
}
