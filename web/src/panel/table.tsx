import { useState } from 'preact/hooks'
import type { DataFrame } from '../api/types.ts'
import { tree } from '../regions/tree-view.tsx'
import { chooseRegion } from '../state/shown.ts'
import { saveAs } from './save.ts'

const STEP = 50

/** A table of numbers, some rows at a time, and all of it as a file. */
export function DataTable({ frame, name }: { frame: DataFrame; name: string }) {
  const [shown, setShown] = useState(STEP)
  const rows = frame.data.slice(0, shown)
  const csv = () => {
    const lines = [['', ...frame.columns.map(textOf)], ...frame.data.map((row, at) => [frame.index[at], ...row])]
    return lines.map((line) => line.map(cell).join(',')).join('\n')
  }
  const save = () => saveAs(new Blob([csv()], { type: 'text/csv' }), `${name.slice(0, 60)}.csv`)
  return (
    <div class="table">
      <p class="row">
        <span class="hint">{rowCount(frame.data.length)}</span>
        <button type="button" onClick={save}>
          Save as CSV
        </button>
      </p>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, by keys too */}
      <section class="scroll" tabIndex={0} aria-label={`Table of ${name}`}>
        <table>
          <thead>
            <tr>
              <th scope="col">#</th>
              {frame.columns.map((column, at) => (
                <th scope="col" key={at}>
                  {textOf(column)}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {rows.map((row, at) => (
              <tr key={at}>
                <th scope="row">{textOf(frame.index[at])}</th>
                {row.map((value, column) => (
                  <td key={column} class={typeof value === 'number' ? 'number' : ''}>
                    <Cell value={value} />
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </section>
      {frame.data.length > shown ? (
        <button type="button" onClick={() => setShown(shown + STEP)}>
          More rows
        </button>
      ) : null}
    </div>
  )
}

const rowCount = (count: number) => (count === 1 ? '1 row' : `${count.toLocaleString('en')} rows`)

/** Names of regions lead to them. */
function Cell({ value }: { value: unknown }) {
  const text = textOf(value)
  if (typeof value === 'number' || !tree.value.byName.has(text)) return <>{text}</>
  return (
    <button type="button" class="link" onClick={() => chooseRegion(text)}>
      {text}
    </button>
  )
}

/** Regions by their name, numbers to six digits. */
function textOf(value: unknown): string {
  if (value === null || value === undefined) return ''
  if (typeof value === 'number') return String(Number(value.toPrecision(6)))
  if (Array.isArray(value)) return value.map(textOf).join(', ')
  if (typeof value === 'object') return String((value as { name?: string }).name ?? JSON.stringify(value))
  return String(value)
}

function cell(value: unknown): string {
  const text = typeof value === 'number' ? String(value) : textOf(value)
  return /[",\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}
