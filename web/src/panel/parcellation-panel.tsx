import { apiUrl, id } from '../api/client.ts'
import { How } from '../how/how.tsx'
import { tree } from '../regions/tree-view.tsx'
import { atlas, hasStatisticalMap, parcellation, parcellationSpaces, regions, space } from '../state/atlas.ts'
import { drawn } from '../state/shown.ts'
import { Downloads } from './downloads.tsx'
import { Fact } from './facts.tsx'

/** What is shown while no region is chosen: the parcellation itself. */
export function ParcellationPanel() {
  const chosen = parcellation.value
  if (!chosen) return null
  const description = chosen.datasets.find((one) => one.description)?.description
  return (
    <>
      <h2>{chosen.name}</h2>
      <dl class="facts">
        <Fact term="Species">{atlas.value?.species}</Fact>
        <Fact term="Regions">
          {regions.value.length}
          {drawn.value ? `, ${drawn.value.names.length} drawn here` : ''}
        </Fact>
        {chosen.modality ? <Fact term="Told apart by">{chosen.modality}</Fact> : null}
        <Fact term="Spaces">{parcellationSpaces.value.map((one) => one.shortName || one.fullName).join(', ')}</Fact>
        <Fact term="Probabilities">{hasStatisticalMap.value ? `yes, in ${space.value?.shortName}` : 'none here'}</Fact>
      </dl>
      {description ? <Description text={description} /> : null}
      <p class="hint">
        Click into the brain, or choose one of {tree.value.roots.length} branches of the tree, to see what is known
        there.
      </p>
      <p class="row">
        <How
          what={`the regions of ${chosen.name}`}
          url={apiUrl('/regions', { parcellation_id: chosen['@id'], size: 100 })}
        />
        <a href={apiUrl(`/parcellations/${id(chosen['@id'])}`)}>All of its data</a>
      </p>
      <Downloads />
    </>
  )
}

const SHORT = 220

function Description({ text }: { text: string }) {
  if (text.length <= SHORT) return <p>{text}</p>
  return (
    <details class="description">
      <summary>{text.slice(0, SHORT).replace(/\s\S*$/, '')} …</summary>
      <p>{text}</p>
    </details>
  )
}
