import { apiUrl, getJson, id } from '../api/client.ts'
import type { DataFrame, Feature } from '../api/types.ts'
import { How } from '../how/how.tsx'
import { address } from '../state/address.ts'
import { theme } from '../theme-button.tsx'
import { useLoaded } from '../use-loaded.ts'
import { type Figure, Plot } from './plot.tsx'
import { DataTable } from './table.tsx'

type FeatureWithData = Feature & { data?: DataFrame | null }

/** One data set: what it is, its plot, its numbers. */
export function FeatureView() {
  const featureId = address.feature.value ?? ''
  const path = `/feature/${id(featureId)}`
  const url = apiUrl(path)
  const loaded = useLoaded(url, (signal) => getJson<FeatureWithData>(path, {}, { signal }))
  const template = theme.value === 'dark' ? 'plotly_dark' : 'plotly_white'
  const plotUrl = apiUrl(`${path}/plotly`, { template })
  const figure = useLoaded(plotUrl, (signal) => getJson<Figure>(`${path}/plotly`, { template }, { signal }))
  return (
    <div class="panel">
      <button type="button" class="link" onClick={() => (address.feature.value = '')}>
        ← back to {address.region.value || 'the point'}
      </button>
      {loaded.state === 'loading' ? <p class="hint">Loading …</p> : null}
      {loaded.state === 'failed' ? <p class="hint">{loaded.message}</p> : null}
      {loaded.state === 'there' ? (
        <>
          <h2>{loaded.value.name}</h2>
          <p>
            <span class="tag">{loaded.value.category}</span> {loaded.value.modality}
          </p>
          {loaded.value.description ? (
            <details>
              <summary>Description</summary>
              <p>{loaded.value.description}</p>
            </details>
          ) : null}
          <p class="row">
            <How what="this data set" url={url} />
            <a href={apiUrl(`${path}/download`)} download={`${featureId.slice(0, 40)}.zip`}>
              Download
            </a>
          </p>
          {figure.state === 'there' ? <Plot figure={figure.value} label={loaded.value.name} /> : null}
          {loaded.value.data ? <DataTable frame={loaded.value.data} name={loaded.value.name} /> : null}
        </>
      ) : null}
    </div>
  )
}
