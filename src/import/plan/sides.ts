/** Which half of the brain a name speaks of, and whether it lies there. */
import { type Side, sideOfName } from '../../siibra/index.ts'
import { some } from '../errors.ts'
import type { Journal } from '../journal.ts'
import type { TableRow } from '../types.ts'
import type { LabelCount } from '../volumes/census.ts'

export const sideOf = (row: Pick<TableRow, 'name' | 'side'>): Side | undefined => row.side ?? sideOfName(row.name)?.side

/**
 * Compares sided names with where their regions lie (left of the middle, which mostly is x = 0). Where most of them lie on the other side, that is told loudly: the
 * volume is mirrored, or its affine is wrong. A few exceptions are legitimate and only noted.
 */
export function checkSides(
  rows: readonly TableRow[],
  counts: ReadonlyMap<number, LabelCount>,
  file: string,
  journal: Journal,
  middleMm: number,
): void {
  const sided = rows.flatMap((row) => {
    const side = sideOf(row)
    const x = row.label === null ? undefined : counts.get(row.label)?.centroidMm[0]
    return side && x !== undefined && x !== middleMm ? [{ row, isWrong: x < middleMm !== (side === 'left') }] : []
  })
  const wrong = sided.filter(({ isWrong }) => isWrong)
  if (wrong.length === 0) return
  const names = some(
    wrong.map(({ row }) => row.name),
    6,
  )
  if (2 * wrong.length > sided.length) {
    journal.warnings.push(
      `${file}: ${wrong.length} of ${sided.length} regions whose names say left or right lie on the OTHER side (${names}). ` +
        'The volume is mirrored, or its affine is wrong, or the table names the wrong sides. Nothing was changed: ' +
        'look at it before you use it; --affine corrects an affine.',
    )
    return
  }
  journal.notes.push(
    `${wrong.length} of ${sided.length} regions whose names say left or right have their centre on the other side: ${names}`,
  )
}
