import { apiUrl, getJson, id, type Page } from '../api/client.ts'
import type { Region, RelatedRegion } from '../api/types.ts'
import { How } from '../how/how.tsx'
import { pathTo } from '../regions/tree.ts'
import { tree } from '../regions/tree-view.tsx'
import { address } from '../state/address.ts'
import { parcellation, space } from '../state/atlas.ts'
import { useLoaded } from '../use-loaded.ts'
import { Downloads } from './downloads.tsx'
import { FeatureList } from './feature-list.tsx'

/** What is known of the chosen region. */
export function RegionPanel() {
  const name = address.region.value ?? ''
  const query = { parcellation_id: parcellation.value?.['@id'], space_id: space.value?.['@id'] }
  const path = `/regions/${id(name)}`
  const isReady = query.parcellation_id !== undefined && query.space_id !== undefined
  const key = isReady ? apiUrl(path, query) : ''
  const loaded = useLoaded(key, (signal) => getJson<Region>(path, query, { signal }))
  const node = tree.value.byName.get(name)
  return (
    <div class="panel">
      <p class="path">
        {node
          ? pathTo(node)
              .slice(0, -1)
              .map(({ region }) => (
                <button
                  key={region.name}
                  type="button"
                  class="link"
                  onClick={() => (address.region.value = region.name)}
                >
                  {region.name}
                </button>
              ))
          : null}
      </p>
      <h2>
        <i class="dot" style={{ background: node?.region.hasAnnotation?.displayColor ?? 'transparent' }} />
        {name}
      </h2>
      {loaded.state === 'failed' ? <p class="hint">{loaded.message}</p> : null}
      {loaded.state === 'there' ? (
        <>
          <Centre region={loaded.value} />
          <How
            what={`the region ${name}`}
            url={key}
            siibra={`import siibra\n\nregion = siibra.get_region(${JSON.stringify(query.parcellation_id)}, ${JSON.stringify(name)})\nprint(region.compute_centroids(siibra.spaces[${JSON.stringify(query.space_id)}]))`}
          />
          <Downloads regionName={name} />
          <Related name={name} />
          <FeatureList regionName={name} />
        </>
      ) : null}
    </div>
  )
}

function Centre({ region }: { region: Region }) {
  const point = region.hasAnnotation?.bestViewPoint?.coordinates.map(({ value }) => value)
  if (!point) return <p class="hint">This region is not drawn in {space.value?.fullName}.</p>
  return (
    <p>
      Centre{' '}
      <button
        type="button"
        class="link"
        title="Go there"
        onClick={() => (address.point.value = point.map((value) => value.toFixed(1)).join(','))}
      >
        {point.map((value) => value.toFixed(1)).join(', ')} mm
      </button>
    </p>
  )
}

function Related({ name }: { name: string }) {
  const query = { parcellation_id: parcellation.value?.['@id'] }
  const path = `/regions/${id(name)}/related`
  const url = apiUrl(path, query)
  const loaded = useLoaded(url, (signal) => getJson<Page<RelatedRegion>>(path, query, { signal }))
  if (loaded.state !== 'there' || loaded.value.items.length === 0) return null
  return (
    <details>
      <summary>Related regions ({loaded.value.total})</summary>
      <ul class="plain">
        {loaded.value.items.map((one, at) => (
          <li key={at}>
            <span class="tag">{one.qualification.name}</span> {one.assigned_structure.name}{' '}
            <small>{one.assigned_structure_parcellation.name}</small>
          </li>
        ))}
      </ul>
      <How what={`the regions related to ${name}`} url={url} />
    </details>
  )
}
