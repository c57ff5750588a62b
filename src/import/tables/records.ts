/** Records of a delimited table put into the usual form: a heading first, a label and a side in each. */
import { parseWhole } from './rows.ts'
import type { Record } from './split.ts'

const isFilled = (cell: string) => cell.trim() !== ''

/** Without what stands above the table: lines of one cell, where the rest has more. */
export function withoutTitle(records: readonly Record[]): Record[] {
  const isTitle = ({ cells }: Record) => cells.filter(isFilled).length < 2
  const start = records.findIndex((record) => !isTitle(record))
  return start <= 0 || start > 5 || records.slice(start).filter(isTitle).length > 0.1 * records.length
    ? [...records]
    : records.slice(start)
}

const SIDED =
  /^(left|right|lh|rh|l|r)(id|ids|index|idx|label|value|roi)?$|^(?:id|index|idx|label|value|roi)(left|right|lh|rh|l|r)$/

function sideOfHeading(cell: string): 'left' | 'right' | undefined {
  const match = SIDED.exec(cell.toLowerCase().replace(/[^\p{L}\p{N}]+/gu, ''))
  const word = match?.[1] ?? match?.[3]
  return word === undefined ? undefined : word.startsWith('l') ? 'left' : 'right'
}

/** `name, left, right`, with the label of each half in a column of its own: a record for each half. Other tables stay as they are. */
export function oneSideEach(heading: Record, body: readonly Record[]): { heading: Record; body: readonly Record[] } {
  const isWhole = (column: number) => {
    const cells = body.map(({ cells: own }) => own[column] ?? '').filter(isFilled)
    return cells.length > 0 && cells.every((cell) => parseWhole(cell) !== undefined)
  }
  const columnOf = (side: 'left' | 'right') => {
    const found = heading.cells.flatMap((cell, at) => (sideOfHeading(cell) === side && isWhole(at) ? [at] : []))
    return found.length === 1 ? found[0] : undefined
  }
  const [left, right] = [columnOf('left'), columnOf('right')]
  const others = heading.cells.map((_, at) => at).filter((at) => at !== left && at !== right)
  // beside a column of labels they are something else: volumes, or the red of a colour
  if (left === undefined || right === undefined || others.some(isWhole)) return { heading, body }
  const rest = ({ cells }: Record) => others.map((at) => cells[at] ?? '')
  return {
    heading: { line: heading.line, cells: ['index', 'hemisphere', ...rest(heading)] },
    body: body.flatMap((record) =>
      (['left', 'right'] as const).flatMap((side) => {
        const label = record.cells[side === 'left' ? left : right] ?? ''
        return isFilled(label) ? [{ line: record.line, cells: [label, side, ...rest(record)] }] : []
      }),
    ),
  }
}
