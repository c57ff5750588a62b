import { useState } from 'preact/hooks'
import type { DataFrame } from '../api/types.ts'
import { DataTable } from '../panel/table.tsx'
import { hasStatisticalMap, parcellation, space } from '../state/atlas.ts'
import { ownImage } from '../state/shown.ts'
import { type PointColumns, pointColumns, pointsCsv } from './csv.ts'
import type { Dropped } from './dropped.ts'
import { Run } from './run.tsx'

const CSV = 'text/csv'

/** Points: the regions of each of them, how many lie in each region, how densely they lie. */
export function PointsTask({ points }: { points: Extract<Dropped, { kind: 'points' }> }) {
  const [sigma, setSigma] = useState('0')
  const [isSummary, setSummary] = useState(false)
  const [frame, setFrame] = useState<DataFrame>()
  const { csv, count, left } = pointsCsv(points.table, pointColumns(points.table) as PointColumns)
  const body = () => ({ content: new Blob([csv]), mediaType: CSV })
  const query = {
    parcellation_id: parcellation.value?.['@id'],
    space_id: space.value?.['@id'],
    assignment_type: hasStatisticalMap.value ? 'statistical' : 'labelled',
    sigma_mm: sigma,
    summary: isSummary ? 'region' : undefined,
  }
  return (
    <>
      <p class="hint">
        {count.toLocaleString('en')} points in the coordinates of {space.value?.fullName}
        {left > 0 ? `; ${left} rows without three numbers are left out` : ''}.
      </p>
      <div class="field">
        <label for="points-sigma">Uncertainty of the points (mm, standard deviation)</label>
        <input
          id="points-sigma"
          type="number"
          min={0}
          step="any"
          value={sigma}
          onInput={(event) => setSigma(event.currentTarget.value || '0')}
        />
      </div>
      <label class="check">
        <input type="checkbox" checked={isSummary} onChange={(event) => setSummary(event.currentTarget.checked)} /> Only
        how many lie in each region
      </label>
      <Run
        label="Assign points"
        path="/map/assign"
        query={query}
        body={body}
        sends="points.csv"
        mediaType={CSV}
        onAnswer={async (answer) => setFrame(JSON.parse(await answer.text()))}
      />
      <Run
        label="Draw their density"
        path="/map/density.nii.gz"
        query={{ space_id: space.value?.['@id'], sigma_mm: Number(sigma) || 5 }}
        body={body}
        sends="points.csv"
        mediaType={CSV}
        file="density.nii.gz"
        onAnswer={async (answer) => {
          ownImage.value = { name: `Density of ${points.name}`, file: await answer.arrayBuffer() }
        }}
      />
      {frame ? <DataTable frame={frame} name={`Regions of ${points.name}`} /> : null}
    </>
  )
}
