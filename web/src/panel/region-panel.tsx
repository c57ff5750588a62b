import { useEffect } from 'preact/hooks'
import { apiUrl, getJson, id } from '../api/client.ts'
import type { Overview, RelatedRegion } from '../api/types.ts'
import { How } from '../how/how.tsx'
import { namesWithin, pathTo } from '../regions/tree.ts'
import { tree } from '../regions/tree-view.tsx'
import { address } from '../state/address.ts'
import { parcellation, parcellations, space } from '../state/atlas.ts'
import { chooseRegion, drawn, parsePoint, roundedMm } from '../state/shown.ts'
import { useLoaded } from '../use-loaded.ts'
import { Downloads } from './downloads.tsx'
import { Facts } from './facts.tsx'
import { FeatureList } from './feature-list.tsx'
import { Failed, Loading } from './waiting.tsx'

/** How many data sets of each type are listed at first. */
const FIRST_FEATURES = 5

/** What is known of the chosen region. */
export function RegionPanel() {
  const name = address.region.value ?? ''
  const query = {
    parcellation_id: parcellation.value?.['@id'],
    space_id: space.value?.['@id'],
    size: FIRST_FEATURES,
  }
  const path = `/regions/${id(name)}/overview`
  const url = query.parcellation_id && query.space_id ? apiUrl(path, query) : ''
  const loaded = useLoaded(url, (signal) => getJson<Overview>(path, query, { signal }))
  const node = tree.value.byName.get(name)
  useCentred(name, loaded.state === 'there' ? loaded.value.centre : null)
  const parents = node ? pathTo(node).slice(0, -1) : []
  return (
    <>
      <p class="path">
        {parents.map(({ region }) => (
          <button key={region.name} type="button" class="link" onClick={() => chooseRegion(region.name)}>
            {region.name}
          </button>
        ))}
      </p>
      <h2>
        <i class="dot" style={{ background: node?.colour ?? 'transparent' }} />
        {name}
        <button type="button" class="quiet" aria-label="Choose no region" onClick={() => chooseRegion('')}>
          ×
        </button>
      </h2>
      {loaded.state === 'loading' ? <Loading what="what is known of it" /> : null}
      {loaded.state === 'failed' ? <Failed message={loaded.message} /> : null}
      {loaded.state === 'there' ? (
        <>
          <Facts name={name} centre={loaded.value.centre} />
          <p class="row">
            <How what={`the region ${name}`} url={url} />
          </p>
          <Parts names={loaded.value.children.map((one) => one.name)} />
          <Related related={loaded.value.related} />
          <FeatureList regionName={name} groups={loaded.value.features} />
          <Downloads regionName={name} />
        </>
      ) : null}
    </>
  )
}

/** A region that was not chosen in the brain itself is brought to the cross. */
function useCentred(name: string, centre: number[] | null) {
  const isDrawn = drawn.value !== undefined
  useEffect(() => {
    const node = tree.value.byName.get(name)
    const point = parsePoint(address.point.peek())
    const there = point && drawn.peek()?.at(point)
    if (!centre || !isDrawn || !node || (there && namesWithin(node).has(there))) return
    address.point.value = roundedMm(centre)
  }, [name, centre, isDrawn])
}

function Parts({ names }: { names: readonly string[] }) {
  if (names.length === 0) return null
  return (
    <details>
      <summary>Parts ({names.length})</summary>
      <ul class="plain">
        {names.map((name) => (
          <li key={name}>
            <button type="button" class="link" onClick={() => chooseRegion(name)}>
              {name}
            </button>
          </li>
        ))}
      </ul>
    </details>
  )
}

/** Regions of other parcellations and versions that overlap with this one, or are the same. */
function Related({ related }: { related: Overview['related'] }) {
  if (related.items.length === 0) return null
  return (
    <details>
      <summary>Related regions ({related.total})</summary>
      <ul class="plain">
        {related.items.map((one, at) => (
          <li key={at}>
            <span class="tag">{one.qualification.name}</span> <RelatedLink related={one} />{' '}
            <small>{one.assigned_structure_parcellation.name}</small>
          </li>
        ))}
      </ul>
    </details>
  )
}

function RelatedLink({ related }: { related: RelatedRegion }) {
  const { assigned_structure: region, assigned_structure_parcellation: other } = related
  if (!parcellations.value.some((one) => one['@id'] === other['@id'])) return <>{region.name}</>
  const open = () => {
    address.parcellation.value = other['@id']
    chooseRegion(region.name)
  }
  return (
    <button type="button" class="link" onClick={open}>
      {region.name}
    </button>
  )
}
