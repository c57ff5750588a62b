import { apiUrl, getBytes, getJson, id } from '../api/client.ts'
import type { DataFrame, Feature } from '../api/types.ts'
import { How } from '../how/how.tsx'
import { tree } from '../regions/tree-view.tsx'
import { address } from '../state/address.ts'
import { report, withProgress } from '../state/problems.ts'
import { ownImage, showValues } from '../state/shown.ts'
import { theme } from '../theme-button.tsx'
import { useLoaded } from '../use-loaded.ts'
import { type Figure, Plot } from './plot.tsx'
import { DataTable } from './table.tsx'
import { Failed, Loading } from './waiting.tsx'

type FeatureWithData = Feature & { data?: DataFrame | null; matrices?: Record<string, DataFrame> | null }

/** One data set: what it is, its plot, its numbers. */
export function FeatureView() {
  const featureId = address.feature.value ?? ''
  const path = `/feature/${id(featureId)}`
  const url = apiUrl(path)
  const loaded = useLoaded(url, (signal) => getJson<FeatureWithData>(path, {}, { signal }))
  return (
    <>
      <button
        type="button"
        class="link back"
        onClick={() => {
          address.feature.value = ''
        }}
      >
        ← {address.region.value || 'back'}
      </button>
      {loaded.state === 'loading' ? <Loading what="the data set" /> : null}
      {loaded.state === 'failed' ? <Failed message={loaded.message} /> : null}
      {loaded.state === 'there' ? <FeatureContent feature={loaded.value} path={path} /> : null}
    </>
  )
}

function FeatureContent({ feature, path }: { feature: FeatureWithData; path: string }) {
  const isVolume = feature['@type'].includes('volume')
  const frame = feature.data ?? Object.values(feature.matrices ?? {})[0]
  return (
    <>
      <h2>{feature.name}</h2>
      <p>
        {feature.category && feature.category !== 'Unknown category' ? (
          <span class="tag">{feature.category}</span>
        ) : null}{' '}
        {feature.modality}
      </p>
      {feature.description ? (
        <details>
          <summary>Description</summary>
          <p>{feature.description}</p>
        </details>
      ) : null}
      <p class="row">
        <a href={apiUrl(`${path}/download`)} download={`${feature.name.slice(0, 60)}.zip`}>
          Download
        </a>
        <a href={apiUrl(path, { format: 'bibtex' })} download="citation.bib">
          Citation
        </a>
        <How what="this data set" url={apiUrl(path)} />
      </p>
      {isVolume ? <ShowVolume name={feature.name} path={path} /> : null}
      {feature['@type'].includes('tabular') ? <FeaturePlot name={feature.name} path={path} /> : null}
      {feature.matrices && frame ? <Plot figure={matrixFigure(frame)} label={feature.name} /> : null}
      {frame ? <DrawProfile frame={frame} name={feature.modality ?? feature.name} /> : null}
      {frame ? <DataTable frame={frame} name={feature.name} /> : null}
    </>
  )
}

function FeaturePlot({ name, path }: { name: string; path: string }) {
  const template = theme.value === 'dark' ? 'plotly_dark' : 'plotly_white'
  const url = apiUrl(`${path}/plotly`, { template })
  const figure = useLoaded(url, (signal) => getJson<Figure>(`${path}/plotly`, { template }, { signal }))
  if (figure.state === 'loading') return <div class="plot loading" aria-busy="true" />
  if (figure.state === 'failed') return null
  return (
    <>
      <Plot figure={figure.value} label={name} />
      <p class="row">
        <How what="this figure (plotly)" url={url} />
      </p>
    </>
  )
}

/** The service has no figure of a matrix of regions: its numbers as colours. */
function matrixFigure({ index, columns, data }: DataFrame): Figure {
  const color = theme.value === 'dark' ? '#a2adb9' : '#56606b'
  const axis = { showticklabels: columns.length <= MOST_TICKS, automargin: true }
  return {
    data: [{ type: 'heatmap', z: data, x: columns.map(nameOf), y: index.map(nameOf), colorscale: 'Viridis' }],
    layout: { font: { color, size: 10 }, xaxis: axis, yaxis: { ...axis, autorange: 'reversed' } },
  }
}

/** With more regions their names cannot be read. */
const MOST_TICKS = 40

const nameOf = (value: unknown) => String((value as { name?: string } | null)?.name ?? value)

/** Where a matrix has a column for the chosen region: how strongly each other region is connected with it, drawn as its colour. */
function DrawProfile({ frame, name }: { frame: DataFrame; name: string }) {
  const regionName = address.region.value ?? ''
  const column = frame.columns.findIndex((one) => nameOf(one) === regionName)
  const pairs = frame.index.flatMap((one, at) => {
    const value = frame.data[at]?.[column]
    return tree.value.byName.has(nameOf(one)) && typeof value === 'number' ? [[nameOf(one), value] as const] : []
  })
  if (column < 0 || pairs.length === 0) return null
  return (
    <p class="row">
      <button type="button" class="primary" onClick={() => showValues(`${name} with ${regionName}`, new Map(pairs))}>
        Draw as colours of the regions
      </button>
    </p>
  )
}

/** An image that lies in the brain is drawn there. */
function ShowVolume({ name, path }: { name: string; path: string }) {
  const url = apiUrl(`${path}/image.nii.gz`)
  const show = () => {
    withProgress(`Loading ${name}`, async (signal, onProgress) => {
      const file = await getBytes(`${path}/image.nii.gz`, { max_voxels: 4_000_000 }, { signal, onProgress })
      ownImage.value = { name, file }
    }).catch(report)
  }
  return (
    <p class="row">
      <button type="button" class="primary" onClick={show}>
        Show in the brain
      </button>
      <a href={url} download={`${name.slice(0, 60)}.nii.gz`}>
        NIfTI
      </a>
      <How what="the image" url={url} file="image.nii.gz" />
    </p>
  )
}
