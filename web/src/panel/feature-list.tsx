import { useState } from 'preact/hooks'
import { apiUrl, getAll, id } from '../api/client.ts'
import type { Feature, Overview } from '../api/types.ts'
import { How } from '../how/how.tsx'
import { address } from '../state/address.ts'
import { parcellation } from '../state/atlas.ts'
import { report } from '../state/problems.ts'

type Group = Overview['features'][number]

/** Data sets at a region, by their type. */
export function FeatureList({ regionName, groups }: { regionName: string; groups: readonly Group[] }) {
  const total = groups.reduce((sum, group) => sum + (group.total ?? 0), 0)
  const url = apiUrl(`/regions/${id(regionName)}/features`, { parcellation_id: parcellation.value?.['@id'] })
  return (
    <section aria-label="Data sets">
      <h3>
        Data sets <span class="count">{total}</span> <How what={`the data sets at ${regionName}`} url={url} />
      </h3>
      {groups.length === 0 ? <p class="hint">There are no data sets at this region.</p> : null}
      {groups.map((group) => (
        <FeatureGroup key={`${regionName} ${group.type}`} regionName={regionName} group={group} />
      ))}
    </section>
  )
}

function FeatureGroup({ regionName, group }: { regionName: string; group: Group }) {
  const [all, setAll] = useState<Feature[]>()
  const features = all ?? group.items
  const query = { parcellation_id: parcellation.value?.['@id'], type: group.type }
  const showAll = () => {
    getAll<Feature>(`/regions/${id(regionName)}/features`, query)
      .then(setAll)
      .catch(report)
  }
  return (
    <details>
      <summary>
        {group.display_name} <span class="count">{group.total ?? '–'}</span>
      </summary>
      {group.total === null ? <p class="hint">The service that holds them does not answer at the moment.</p> : null}
      <ul class="plain">
        {features.map((feature) => (
          <li key={feature.id}>
            <button
              type="button"
              class="link"
              onClick={() => {
                address.feature.value = feature.id
              }}
            >
              {shortName(feature)}
            </button>
          </li>
        ))}
      </ul>
      {group.total !== null && features.length < group.total ? (
        <button type="button" onClick={showAll}>
          Show all {group.total}
        </button>
      ) : null}
    </details>
  )
}

/** Names tell type, place and region, which the list says already: what is left is what tells data sets apart. */
function shortName({ name, '@type': type }: Feature): string {
  const [what = name] = name.split(/ anchored at /)
  const isVolume = type.includes('volume') || type.includes('dataset')
  const within = /\((.*)\)/.exec(what)?.[1]
  return isVolume || !within
    ? what
    : name.replace(/^\w+ \((.*)\) anchored at .*? with /, '$1, ').replace(/^\w+ \((.*)\) anchored at.*$/, '$1')
}
