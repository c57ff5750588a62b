/** Which column of a delimited table is what: by its heading, else by what stands in it. */
import { isNonEmpty, type NonEmpty } from '../non-empty.ts'

export type Role =
  | 'index'
  | 'name'
  | 'acronym'
  | 'side'
  | 'colour'
  | 'red'
  | 'green'
  | 'blue'
  | 'parent'
  | 'path'
  | 'key'
  | 'description'

/** Headings as they are met in the wild, squeezed to letters and digits; the first of a role are the surest. */
const HEADINGS: Readonly<Record<Role, readonly string[]>> = {
  index: [
    'index',
    'idx',
    'labelvalue',
    'annotationvalue',
    'value',
    'voxelvalue',
    'labelindex',
    'labelid',
    'labelnumber',
    'labelno',
    'roiindex',
    'roiid',
    'roinumber',
    'regionid',
    'regionindex',
    'id',
    'number',
    'num',
    'nr',
    'no',
    'key',
    'code',
    'intensity',
    'parcel',
    'parcelid',
    'parcelindex',
    'structureid',
    'roi',
    'label',
    'labels',
    'gray',
    'graylevel',
    'greylevel',
  ],
  name: [
    'name',
    'regionname',
    'labelname',
    'roiname',
    'structurename',
    'parcelname',
    'fullname',
    'longname',
    'anatomicalname',
    'anatomicallabel',
    'areaname',
    'region',
    'structure',
    'label',
    'labels',
    'roi',
    'area',
    'parcel',
    'title',
    'names',
    'regions',
    'difumonames',
    'aalname',
  ],
  acronym: [
    'abbreviation',
    'acronym',
    'abbrev',
    'abbr',
    'shortname',
    'short',
    'safename',
    'shortlabel',
    'roiabbr',
    'roiabbreviation',
    'roiacronym',
    'regionabbreviation',
    'regionacronym',
  ],
  side: ['hemisphere', 'hemi', 'side', 'lateralisation', 'lateralization', 'laterality', 'hem', 'lr'],
  colour: ['color', 'colour', 'hex', 'colorhextriplet', 'rgbtriplet', 'rgb', 'hexcolor', 'colorhex', 'rgbhex'],
  red: ['r', 'red', 'colorr'],
  green: ['g', 'green', 'colorg'],
  blue: ['b', 'blue', 'colorb'],
  parent: ['parent', 'parentid', 'parentidentifier', 'parentstructureid', 'parentindex'],
  path: ['structureidpath', 'rootidentifierpath', 'path', 'idpath'],
  key: ['identifier', 'id'],
  description: ['description', 'desc'],
}

const squeeze = (heading: string) => heading.toLowerCase().replace(/[^\p{L}\p{N}]+/gu, '')

/** How sure a heading is of a role: 0 is the surest, undefined where it is none of it. */
function rankOf(role: Role, heading: string): number | undefined {
  const rank = HEADINGS[role].indexOf(squeeze(heading))
  return rank < 0 ? undefined : rank
}

/** Whether a row can be the heading: some of its cells are words that tables use as such. */
export function isHeading(cells: readonly string[]): boolean {
  const roles = Object.keys(HEADINGS) as Role[]
  return cells.some((cell) => cell.trim() !== '' && roles.some((role) => rankOf(role, cell) !== undefined))
}

export interface Columns {
  /** Candidates of the index, best first. */
  index: NonEmpty<number>
  name: number
  others: Partial<Record<Role, number>>
}

/** What stands in a column. */
export interface ColumnContent {
  /** (Nearly) all of its cells are whole numbers. */
  isWhole: boolean
  /** How many characters its cells have together: names are longer than their codes. */
  length: number
  /** How many different values it has: many regions of one lobe have its name beside their own. */
  distinct: number
  /** All of its cells are sides, or empty. */
  isSides: boolean
}

/** A column at its place in the table. */
interface Column extends ColumnContent {
  at: number
}

/** Of several columns that may have the names, those with less than this part of the values of the most varied one are what regions belong to. */
const NAMES_VARY = 0.8

/**
 * @param heading  names of the columns; undefined where the table has none
 * @returns undefined where there is no column of numbers or none of names
 */
export function findColumns(
  heading: readonly string[] | undefined,
  contents: readonly ColumnContent[],
): Columns | undefined {
  const columns = contents.map((content, at): Column => ({ ...content, at }))
  const byRank = (role: Role, candidates: readonly Column[]) =>
    candidates
      .flatMap((column) => {
        const rank = heading && rankOf(role, heading[column.at] ?? '')
        return rank === undefined ? [] : [{ column, rank }]
      })
      .sort((a, b) => a.rank - b.rank)
      .map(({ column }) => column)

  const whole = columns.filter(({ isWhole }) => isWhole)
  const texts = columns.filter(({ isWhole }) => !isWhole)
  const others: Columns['others'] = {}
  const roles = ['acronym', 'side', 'colour', 'path', 'description', 'red', 'green', 'blue', 'parent'] as const
  for (const role of [...roles, 'key'] as const) {
    const [column] = byRank(role, columns)
    if (column !== undefined) others[role] = column.at
  }
  others.side ??= texts.find(({ isSides }) => isSides && texts.length > 1)?.at
  const taken = new Set(roles.map((role) => others[role]))
  const free = (candidates: readonly Column[]) => candidates.filter(({ at }) => !taken.has(at))

  const candidates = byRank('name', free(texts))
  const most = Math.max(...candidates.map(({ distinct }) => distinct))
  const named = candidates.filter(({ distinct }) => distinct >= NAMES_VARY * most)
  const byLength = free(texts).toSorted((a, b) => b.length - a.length)
  const [name] = named.length > 0 ? named : [...byLength, ...free(byRank('name', whole))]
  // `code name value`: what stands beside the names without a heading is short for them
  const [, shorter, ...more] = byLength
  if (!heading && shorter && more.length === 0) others.acronym = shorter.at
  const unnamed = free(whole).filter((column) => column !== name)
  const ranked = byRank('index', unnamed)
  // without a heading, every column of whole numbers may be the one
  const index = (heading && ranked.length > 0 ? ranked : unnamed).map(({ at }) => at)
  if (name === undefined || !isNonEmpty(index)) return undefined
  return { index, name: name.at, others }
}
