import { apiUrl, getBytes, getJson, id } from '../api/client.ts'
import type { DataFrame, Feature } from '../api/types.ts'
import { How } from '../how/how.tsx'
import { address } from '../state/address.ts'
import { report, withProgress } from '../state/problems.ts'
import { ownImage } from '../state/shown.ts'
import { theme } from '../theme-button.tsx'
import { useLoaded } from '../use-loaded.ts'
import { type Figure, Plot } from './plot.tsx'
import { DataTable } from './table.tsx'
import { Failed, Loading } from './waiting.tsx'

type FeatureWithData = Feature & { data?: DataFrame | null }

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
      {isVolume ? <ShowVolume name={feature.name} path={path} /> : <FeaturePlot name={feature.name} path={path} />}
      {feature.data ? <DataTable frame={feature.data} name={feature.name} /> : null}
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
