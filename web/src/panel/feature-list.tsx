import { apiUrl, getJson, id, type Page } from '../api/client.ts'
import type { Feature } from '../api/types.ts'
import { How } from '../how/how.tsx'
import { address } from '../state/address.ts'
import { parcellation } from '../state/atlas.ts'
import { useLoaded } from '../use-loaded.ts'

/** Data sets at a region, by what they measure. */
export function FeatureList({ regionName }: { regionName: string }) {
  const query = { parcellation_id: parcellation.value?.['@id'], size: 100 }
  const path = `/regions/${id(regionName)}/features`
  const url = apiUrl(path, query)
  const loaded = useLoaded(url, (signal) => getJson<Page<Feature>>(path, query, { signal }))
  if (loaded.state === 'loading') return <p class="hint">Looking for data sets …</p>
  if (loaded.state === 'failed') return <p class="hint">Data sets: {loaded.message}</p>
  const groups = Map.groupBy(loaded.value.items, (feature) => feature.category ?? 'other')
  return (
    <section aria-label="Data sets">
      <h3>
        Data sets ({loaded.value.total}) <How what={`the data sets at ${regionName}`} url={url} />
      </h3>
      {[...groups].map(([category, features]) => (
        <details key={category} open={groups.size < 4}>
          <summary>
            {category} ({features.length})
          </summary>
          <ul class="plain">
            {features.map((feature) => (
              <li key={feature.id}>
                <button type="button" class="link" onClick={() => (address.feature.value = feature.id)}>
                  {feature.name}
                </button>
              </li>
            ))}
          </ul>
        </details>
      ))}
    </section>
  )
}
