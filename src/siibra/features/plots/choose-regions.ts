import { foldCase } from '../../core/names.ts'
import type { Region } from '../../core/types.ts'
import { SiibraError } from '../../errors.ts'
import type { RegionLabel } from '../load/load-matrices.ts'

/**
 * Which columns of a matrix a text of names asks for: names as the data set writes them, or those of the regions they
 * stand for, in any case, with blanks or commas between. Names may hold both themselves, so at each place the longest
 * name that fits is taken. Throws INVALID_PARAMETER where none does.
 */
export function chooseColumns(text: string, names: readonly string[], labels: readonly RegionLabel[]): number[] {
  const columns = new Map<string, number>()
  const known = names.flatMap((name, column) => [
    [name, column] as const,
    ...regionsOf(labels[column]).map(({ name: own }) => [own, column] as const),
  ])
  for (const [name, column] of known) {
    const folded = foldCase(name).trim()
    if (folded !== '' && !columns.has(folded)) columns.set(folded, column)
  }
  const longestFirst = [...columns].sort(([a], [b]) => b.length - a.length)
  const chosen: number[] = []
  let rest = foldCase(text).replace(SEPARATORS, '')
  while (rest !== '') {
    const found = longestFirst.find(([name]) => rest.startsWith(name) && /^(?:[\s,]|$)/.test(rest.slice(name.length)))
    if (!found) {
      const what = JSON.stringify(rest.slice(0, 200))
      throw new SiibraError('INVALID_PARAMETER', `regions: ${what} is none of this feature's regions`, {
        parameter: 'regions',
        allowed: [...names],
      })
    }
    const [name, column] = found
    if (!chosen.includes(column)) chosen.push(column)
    rest = rest.slice(name.length).replace(SEPARATORS, '')
  }
  return chosen
}

const SEPARATORS = /^[\s,]+/

function regionsOf(label: RegionLabel | undefined): readonly Region[] {
  if (label === undefined || typeof label === 'string') return []
  return 'name' in label ? [label] : label
}
