import { useState } from 'preact/hooks'
import type { Query } from '../api/client.ts'
import type { DataFrame } from '../api/types.ts'
import { DataTable } from '../panel/table.tsx'
import { hasStatisticalMap, parcellation, space } from '../state/atlas.ts'
import { showValues } from '../state/shown.ts'
import { type Dropped, LARGEST_DRAWN_BYTES } from './dropped.ts'
import { Run } from './run.tsx'
import { matchRegions } from './values.ts'

const TASKS = {
  assign_image: { label: 'Regions', does: 'Finds the regions of each connected component' },
  clusters: { label: 'Clusters', does: 'Clusters and peaks above a threshold, with their regions' },
  values: { label: 'Values', does: 'The mean of the image in each region' },
} as const
type Task = keyof typeof TASKS

/** An image: which regions it touches, its clusters, its values by region. */
export function ImageTask({ image }: { image: Extract<Dropped, { kind: 'image' }> }) {
  const [task, setTask] = useState<Task>('assign_image')
  const [threshold, setThreshold] = useState('0')
  const [answer, setAnswer] = useState<{ task: Task; frame: DataFrame }>()
  const fixed = { space_id: space.value?.['@id'] }
  const chosen = parcellation.value?.['@id']
  const queries: Record<Task, Query> = {
    assign_image: {
      parcellation_id: chosen,
      ...fixed,
      assignment_type: hasStatisticalMap.value ? 'statistical' : 'labelled',
      threshold,
    },
    clusters: { ...fixed, parcellation_ids: chosen, stat_threshold: threshold },
    values: { parcellation_id: chosen, ...fixed, assignment_type: 'labelled', strategy: 'mean' },
  }
  return (
    <>
      <p class="hint">
        {image.content.size > LARGEST_DRAWN_BYTES
          ? 'It is too large to be drawn here, but can be sent. '
          : 'Its voxels are drawn over the template. '}
        Its coordinates are taken as those of {space.value?.fullName}.
      </p>
      <fieldset class="choices">
        <legend class="sr-only">What is wanted</legend>
        {(Object.keys(TASKS) as Task[]).map((one) => (
          <label key={one} class={one === task ? 'chosen' : ''}>
            <input type="radio" name="task" checked={one === task} onChange={() => setTask(one)} />
            {TASKS[one].label}
          </label>
        ))}
      </fieldset>
      <p>{TASKS[task].does}.</p>
      {task === 'values' ? null : (
        <div class="field">
          <label for="threshold">Voxels count above</label>
          <input
            id="threshold"
            type="number"
            step="any"
            value={threshold}
            onInput={(event) => setThreshold(event.currentTarget.value || '0')}
          />
        </div>
      )}
      <Run
        label={`Find ${TASKS[task].label.toLowerCase()}`}
        path={`/map/${task}`}
        query={queries[task]}
        body={() => ({ content: image.content, mediaType: 'application/octet-stream' })}
        sends={image.name}
        mediaType="application/octet-stream"
        onAnswer={async (blob) => setAnswer({ task, frame: JSON.parse(await blob.text()) })}
      />
      {answer?.task === task ? <Answer {...answer} name={image.name} /> : null}
    </>
  )
}

function Answer({ task, frame, name }: { task: Task; frame: DataFrame; name: string }) {
  const title = `${TASKS[task].label} of ${name}`
  if (task !== 'values') return <DataTable frame={frame} name={title} />
  const show = () => {
    const [first = []] = frame.data
    const pairs = frame.columns.map((column, at) => [column, first[at] as number] as const)
    showValues(name, matchRegions(pairs).values)
  }
  return (
    <>
      <button type="button" onClick={show}>
        Draw as colours
      </button>
      <DataTable frame={transposed(frame)} name={title} />
    </>
  )
}

/** A row for each region is easier to read than a column. */
function transposed({ columns, data, index }: DataFrame): DataFrame {
  return {
    columns: ['region', ...index.map((one) => (index.length > 1 ? `volume ${one}` : 'value'))],
    index: columns.map((_, at) => at),
    data: columns.map((column, at) => [column, ...data.map((row) => row[at])]),
  }
}
