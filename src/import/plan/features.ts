/** Tables that are data of the regions: matrices of connectivity whose rows and columns are named, and values by region. */
import { some } from '../errors.ts'
import type { Journal } from '../journal.ts'
import type { NonEmpty } from '../non-empty.ts'
import type { Source, SourceFile } from '../source/files.ts'
import { contentLines, decodeText } from '../tables/text.ts'
import type { PlannedFeature, PlannedParcellation, PlannedRegion } from '../types.ts'
import { slugOf } from '../write/slug.ts'
import { speciesSpec } from '../write/species.ts'
import { type KnownRegions, knowRegions, parseRegionalValues, type RegionalValues } from './regional-values.ts'

const MAX_BYTES = 64 * 1024 ** 2

interface NamedMatrix {
  names: string[]
  values: number[][]
}

/** A square table whose first row and first column hold the same names (the corner is empty, or anything). */
export function parseNamedMatrix(text: string): NamedMatrix | undefined {
  const lines = contentLines(text)
  const [heading, ...further] = lines
  if (!heading || lines.length < 3) return undefined
  const delimiter = ['\t', ';', ','].find((one) => heading.text.split(one).length >= lines.length - 1)
  if (delimiter === undefined) return undefined
  const columns = splitQuoted(heading.text, delimiter)
  const body = further.map((line) => splitQuoted(line.text, delimiter))
  // R writes no cell for the corner
  const names = columns.length === body.length ? columns : columns.slice(1)
  if (names.length !== body.length || body.some((row) => row.length !== names.length + 1)) return undefined
  if (body.some((row, i) => row[0] !== names[i])) return undefined
  const values = body.map((row) => row.slice(1).map((cell) => (cell === '' ? Number.NaN : Number(cell))))
  const isNumeric = body.every((row) =>
    row.slice(1).every((cell) => cell === '' || /^nan$/i.test(cell) || Number.isFinite(Number(cell))),
  )
  return isNumeric ? { names, values } : undefined
}

function splitQuoted(line: string, delimiter: string): string[] {
  const cells: string[] = []
  let cell = ''
  let isQuoted = false
  for (const char of line) {
    if (char === '"') isQuoted = !isQuoted
    else if (char === delimiter && !isQuoted) {
      cells.push(cell.trim())
      cell = ''
    } else cell += char
  }
  return [...cells, cell.trim()]
}

interface FeatureSource {
  source: Source
  used: ReadonlySet<SourceFile>
  /** Matrices are of the first, values of the one that knows most of their names. */
  parcellations: NonEmpty<{ id: string; planned: PlannedParcellation }>
  species: string
  journal: Journal
}

/** Matrices whose names are regions of the parcellation (what one measures is told by its file's name, else a guess), and values by region. */
export async function planFeatures({
  source,
  used,
  parcellations,
  species,
  journal,
}: FeatureSource): Promise<{ features: PlannedFeature[]; files: SourceFile[] }> {
  const features: PlannedFeature[] = []
  const files: SourceFile[] = []
  if (source.main) return { features, files }
  const known = new Set<string>()
  const collect = (regions: readonly PlannedRegion[]) => {
    for (const { name, children } of regions) {
      known.add(name)
      collect(children)
    }
  }
  const [first] = parcellations
  collect(first.planned.regions)
  const knownRegions = parcellations.map(({ id, planned }) => ({ id, regions: knowRegions(planned) }))
  const stems = new Set<string>()
  for (const file of source.files) {
    if (file.kind !== 'text' || file.sizeBytes > MAX_BYTES) continue
    const text = decodeText(await file.read())?.text
    if (text === undefined) continue
    const matrix = used.has(file) ? undefined : parseNamedMatrix(text)
    if (!matrix) {
      const values = valuesOf(text, file, used.has(file), knownRegions, journal)
      if (!values) continue
      const { parcellationId, table } = values
      features.push(planValues(table, stemApart(file, stems), parcellationId, species))
      if (!used.has(file)) files.push(file)
      const count = new Set(table.rows.map(({ region }) => region)).size
      journal.taken.push(`values of ${count} regions from ${file.file}: ${some(table.measures)}`)
      continue
    }
    const unknown = matrix.names.filter((name) => !known.has(name))
    if (unknown.length > 0) {
      journal.leftOut.push({
        file: file.file,
        why: `a matrix, but ${unknown.length} of its ${matrix.names.length} names are no regions: ${unknown.slice(0, 5).join(', ')}`,
      })
      continue
    }
    const modality =
      modalityOf(file.file) ??
      (await journal.guess('--yes', `What ${file.file} measures is not said. Are they`, 'StreamlineCounts'))
    const stem = stemApart(file, stems)
    const data = `features/${stem}.csv`
    features.push({
      name: stem,
      spec: {
        '@id': `own/feature/${stem}`,
        '@type': 'siibra/feature/connectivitymatrix/v0.3',
        modality,
        ...speciesSpec(species),
        cohort: 'own',
        parcellation: { '@id': first.id },
        regions: matrix.names,
        files_indexed_by: 'subject',
        base_url: 'features/',
        files: { [stem]: `${stem}.csv` },
        decoder: { '@type': 'siibra/decoder/csv', delimiter: ',', header: null },
      },
      files: [
        {
          path: data,
          bytes: () => new TextEncoder().encode(`${matrix.values.map((row) => row.join(',')).join('\n')}\n`),
        },
      ],
    })
    files.push(file)
    journal.taken.push(`a matrix of ${matrix.names.length} regions from ${file.file}, as ${modality}`)
  }
  return { features, files }
}

/** The name of a file without folder and extension; files of one name are numbered. */
function stemApart({ file }: SourceFile, stems: Set<string>): string {
  const stem = slugOf(file.slice(file.lastIndexOf('/') + 1).replace(/\.[^.]+$/, ''))
  let apart = stem
  for (let number = 2; stems.has(apart); number++) apart = `${stem}-${number}`
  stems.add(apart)
  return apart
}

/** undefined, with a word where it looks like one, where the text is no table of values. */
function valuesOf(
  text: string,
  { file }: SourceFile,
  isOfAtlas: boolean,
  known: readonly { id: string; regions: KnownRegions }[],
  journal: Journal,
): { parcellationId: string; table: RegionalValues } | undefined {
  const [best] = known
    .flatMap(({ id, regions }) => {
      const table = parseRegionalValues(text, regions, isOfAtlas)
      return table ? [{ parcellationId: id, table }] : []
    })
    .sort((a, b) => b.table.rows.length - a.table.rows.length)
  if (!best) return undefined
  const { rows, unknown } = best.table
  const names = `${unknown.length} of the ${rows.length + unknown.length} names are no regions: ${some(unknown)}`
  if (unknown.length > rows.length) {
    if (!isOfAtlas) journal.leftOut.push({ file, why: `values by region, but ${names}` })
    return undefined
  }
  if (unknown.length > 0 && !isOfAtlas) journal.notes.push(`${file}: ${names}`)
  return best
}

function planValues(
  { measures, rows }: RegionalValues,
  stem: string,
  parcellationId: string,
  species: string,
): PlannedFeature {
  const quoted = (cell: string) => (/[",\n\r]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell)
  const lines = [
    ['region', ...measures].map(quoted).join(','),
    ...rows.map(({ region, values }) =>
      [quoted(region), ...values.map((value) => (Number.isNaN(value) ? '' : String(value)))].join(','),
    ),
  ]
  const file = `features/${stem}.csv`
  const [only] = measures.length === 1 ? measures : []
  return {
    name: stem,
    spec: {
      '@id': `own/feature/${stem}`,
      '@type': 'siibra/feature/tabular/regionalvalues/v0.1',
      modality: only ?? stem.replace(/[-_]+/g, ' '),
      ...speciesSpec(species),
      parcellation: { '@id': parcellationId },
      file,
      regions: [...new Set(rows.map(({ region }) => region))],
    },
    files: [{ path: file, bytes: () => new TextEncoder().encode(`${lines.join('\n')}\n`) }],
  }
}

function modalityOf(file: string): string | undefined {
  if (/length/i.test(file)) return 'StreamlineLengths'
  if (/count|streamline|sc\b|struct/i.test(file)) return 'StreamlineCounts'
  if (/func|fc\b|rest|bold|corr/i.test(file)) return 'FunctionalConnectivity'
  return /trac/i.test(file) ? 'TracingConnectivity' : undefined
}
