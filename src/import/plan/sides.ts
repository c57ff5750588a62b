/** Which half of the brain a name speaks of, and whether it lies there. */
import { some } from '../errors.ts'
import type { Journal } from '../journal.ts'
import type { Side, TableRow } from '../types.ts'
import type { LabelCount } from '../volumes/census.ts'

/** `left`, `L`, `lh` as a word of its own, at the start or end of the name, or `ctx-lh-`. */
const PATTERNS: readonly [RegExp, Side][] = [
  [/(?:^|[\s_.,\-([])(?:left|lh)(?=$|[\s_.,\-)\]])/i, 'left'],
  [/(?:^|[\s_.,\-([])(?:right|rh)(?=$|[\s_.,\-)\]])/i, 'right'],
  [/(?:[\s_.\-(]L(?=$|[)\]])|^L[\s_.-])/, 'left'],
  [/(?:[\s_.\-(]R(?=$|[)\]])|^R[\s_.-])/, 'right'],
]

/** The side that a name gives, and the name without it; undefined where it gives none, or both. */
export function sideOfName(name: string): { side: Side; stem: string } | undefined {
  const found = PATTERNS.filter(([pattern]) => pattern.test(name))
  const sides = new Set(found.map(([, side]) => side))
  if (sides.size !== 1) return undefined
  const [pattern, side] = found[0]!
  const stem = name
    .replace(pattern, ' ')
    .replace(/\(\s*\)|\[\s*\]/g, ' ')
    .replace(/^[\s_.,-]+|[\s_.,-]+$/g, '')
    .replace(/\s+/g, ' ')
  return stem === '' ? undefined : { side, stem }
}

export const sideOf = (row: Pick<TableRow, 'name' | 'side'>): Side | undefined => row.side ?? sideOfName(row.name)?.side

/**
 * Compares sided names with where their regions lie (left is x < 0). Where most of them lie on the other side, that is told loudly: the
 * volume is mirrored, or its affine is wrong. A few exceptions are legitimate and only noted.
 */
export function checkSides(
  rows: readonly TableRow[],
  counts: ReadonlyMap<number, LabelCount>,
  file: string,
  journal: Journal,
): void {
  const sided = rows.flatMap((row) => {
    const side = sideOf(row)
    const x = row.label === null ? undefined : counts.get(row.label)?.centroidMm[0]
    return side && x !== undefined && x !== 0 ? [{ row, isWrong: x < 0 !== (side === 'left') }] : []
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
