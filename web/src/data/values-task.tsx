import { useEffect, useState } from 'preact/hooks'
import { saveAs } from '../panel/save.ts'
import { parcellation, regions, space } from '../state/atlas.ts'
import { showValues } from '../state/shown.ts'
import { toNumber, valueColumns } from './csv.ts'
import type { Dropped } from './dropped.ts'
import { Run } from './run.tsx'
import { matchRegions, valuesCsv } from './values.ts'

const CSV = 'text/csv'
const SHOWN_UNKNOWN = 8

/** Values by region: drawn as colours at once, and as an image to take along. */
export function ValuesTask({ values: { table, name } }: { values: Extract<Dropped, { kind: 'values' }> }) {
  const columns = valueColumns(table)
  const [column, setColumn] = useState(columns?.values[0] ?? 1)
  const pairs = table.rows.map((row) => [row[columns?.region ?? 0] ?? '', toNumber(row[column])] as const)
  const { values, unknown } = matchRegions(pairs)
  const title = table.columns[column] ?? name
  useEffect(() => {
    if (values.size > 0) showValues(title, values)
  }, [column, table, regions.value])
  return (
    <>
      {(columns?.values.length ?? 0) > 1 ? (
        <div class="field">
          <label for="column">Column</label>
          <select id="column" value={column} onChange={(event) => setColumn(Number(event.currentTarget.value))}>
            {columns?.values.map((at) => (
              <option key={at} value={at}>
                {table.columns[at]}
              </option>
            ))}
          </select>
        </div>
      ) : null}
      {values.size > 0 ? (
        <p role="status">{values.size} regions are drawn in the colours of their values.</p>
      ) : (
        <p class="wrong" role="alert">
          None of these names is a region of {parcellation.value?.name}.
        </p>
      )}
      {unknown.length > 0 && values.size > 0 ? (
        <p class="hint">
          Not known here: {unknown.slice(0, SHOWN_UNKNOWN).join(', ')}
          {unknown.length > SHOWN_UNKNOWN ? ` and ${unknown.length - SHOWN_UNKNOWN} more` : ''}.
        </p>
      ) : null}
      {values.size > 0 ? (
        <Run
          label="Save as NIfTI"
          path="/map/colorized.nii.gz"
          query={{ parcellation_id: parcellation.value?.['@id'], space_id: space.value?.['@id'] }}
          body={() => ({ content: new Blob([valuesCsv(values)]), mediaType: CSV })}
          sends="values.csv"
          mediaType={CSV}
          file="values.nii.gz"
          onAnswer={async (answer) => saveAs(answer, 'values.nii.gz')}
        />
      ) : null}
    </>
  )
}
