import { useRef, useState } from 'preact/hooks'
import { getJson, id } from '../api/client.ts'
import type { DataFrame } from '../api/types.ts'
import { hasVoxels, parcellation, space } from '../state/atlas.ts'
import { report, withWork } from '../state/problems.ts'
import { dropped, refusal, take, takeText } from './dropped.ts'
import { ImageTask } from './image-task.tsx'
import { PointsTask } from './points-task.tsx'
import { ValuesTask } from './values-task.tsx'

/** What somebody brings along: images and tables, put into relation to the regions. */
export function DataPanel() {
  const brought = dropped.value
  return (
    <>
      <h2>Your data</h2>
      <ChooseFile />
      {refusal.value ? (
        <p class="wrong" role="alert">
          {refusal.value}
        </p>
      ) : null}
      {brought ? (
        <section aria-label={brought.name} key={brought.name}>
          <h3>{brought.name}</h3>
          {brought.kind === 'image' ? <ImageTask image={brought} /> : null}
          {brought.kind === 'points' ? <PointsTask points={brought} /> : null}
          {brought.kind === 'values' ? <ValuesTask values={brought} /> : null}
        </section>
      ) : (
        <Examples />
      )}
    </>
  )
}

function ChooseFile() {
  const input = useRef<HTMLInputElement>(null)
  const [pasted, setPasted] = useState('')
  return (
    <>
      <div class="dropzone">
        <p>
          Drop a NIfTI image, a CSV of points or of values by region anywhere on the page, or{' '}
          <button type="button" class="primary" onClick={() => input.current?.click()}>
            choose a file
          </button>
        </p>
        <input
          ref={input}
          type="file"
          hidden
          aria-label="Image or table"
          accept=".nii,.gz,.csv,.tsv,.txt"
          onChange={(event) => {
            const [file] = event.currentTarget.files ?? []
            if (file) take(file).catch(report)
            event.currentTarget.value = ''
          }}
        />
        <details>
          <summary>Paste a table</summary>
          <textarea
            aria-label="Table"
            rows={5}
            placeholder={'region,value\nArea 1 left,0.7'}
            value={pasted}
            onInput={(event) => setPasted(event.currentTarget.value)}
          />
          <button type="button" disabled={pasted.trim() === ''} onClick={() => takeText(pasted, 'Pasted table')}>
            Use it
          </button>
        </details>
      </div>
      <p class="hint">
        Files are sent to this service only, when you press the button below them, and are deleted when it has answered.
      </p>
    </>
  )
}

/** Tables that every atlas can make of itself, to see what happens. */
function Examples() {
  if (!space.value || !hasVoxels(space.value)) return null
  const load = (make: (table: DataFrame) => void) => () => {
    const path = `/parcellations/${id(parcellation.value?.['@id'] ?? '')}/region_table`
    const query = { space_id: space.value?.['@id'], leaf: 'true' }
    withWork('Measuring the regions', (signal) => getJson<DataFrame>(path, query, { signal })).then(make, report)
  }
  const column = ({ columns, data }: DataFrame, name: string) => data.map((row) => row[columns.indexOf(name)])
  const sizes = load((table) => {
    const volumes = column(table, 'volume_mm3')
    const lines = column(table, 'name').flatMap((name, at) => (volumes[at] ? [`"${name}",${volumes[at]}`] : []))
    takeText(`region,volume (mm³)\n${lines.join('\n')}`, 'Sizes of the regions')
  })
  const centres = load((table) => {
    const axes = ['x', 'y', 'z'].map((axis) => column(table, `centroid_${axis}_mm`))
    const lines = table.data.flatMap((_, row) =>
      typeof axes[0]?.[row] === 'number' ? [axes.map((axis) => (axis[row] as number).toFixed(1)).join(',')] : [],
    )
    takeText(`x,y,z\n${lines.join('\n')}`, 'Centres of the regions')
  })
  return (
    <section aria-label="Examples">
      <h3>Nothing at hand?</h3>
      <p class="row">
        <button type="button" onClick={sizes}>
          Sizes of the regions as colours
        </button>
        <button type="button" onClick={centres}>
          Centres of the regions as points
        </button>
      </p>
    </section>
  )
}
