/** Tables that are data of the regions: matrices of connectivity whose rows and columns are named. */
import type { Journal } from '../journal.ts'
import type { Source, SourceFile } from '../source/files.ts'
import { contentLines, decodeText } from '../tables/text.ts'
import type { PlannedFeature, PlannedParcellation, PlannedRegion } from '../types.ts'

const MAX_BYTES = 64 * 1024 ** 2

interface NamedMatrix {
  names: string[]
  values: number[][]
}

/** A square table whose first row and first column hold the same names (the corner is empty, or anything). */
export function parseNamedMatrix(text: string): NamedMatrix | undefined {
  const lines = contentLines(text)
  const [heading] = lines
  if (!heading || lines.length < 3) return undefined
  const delimiter = ['\t', ';', ','].find((one) => heading.text.split(one).length >= lines.length - 1)
  if (delimiter === undefined) return undefined
  const cells = lines.map((line) => splitQuoted(line.text, delimiter))
  const columns = cells[0]!
  const body = cells.slice(1)
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
  parcellation: PlannedParcellation
  parcellationId: string
  species: string
  journal: Journal
}

/** Matrices whose names are regions of the parcellation; what a matrix measures is told by its file's name, else a guess. */
export async function planFeatures({
  source,
  used,
  parcellation,
  parcellationId,
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
  collect(parcellation.regions)
  for (const file of source.files) {
    if (file.kind !== 'text' || used.has(file) || file.sizeBytes > MAX_BYTES) continue
    const text = decodeText(await file.read())?.text
    const matrix = text === undefined ? undefined : parseNamedMatrix(text)
    if (!matrix) continue
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
    const stem = file.file.slice(file.file.lastIndexOf('/') + 1).replace(/\.[^.]+$/, '')
    const data = `features/${stem}.csv`
    features.push({
      name: stem,
      spec: {
        '@id': `own/feature/${stem}`,
        '@type': 'siibra/feature/connectivitymatrix/v0.3',
        modality,
        species,
        cohort: 'own',
        parcellation: { '@id': parcellationId },
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

function modalityOf(file: string): string | undefined {
  if (/length/i.test(file)) return 'StreamlineLengths'
  if (/count|streamline|sc\b|struct/i.test(file)) return 'StreamlineCounts'
  if (/func|fc\b|rest|bold|corr/i.test(file)) return 'FunctionalConnectivity'
  return /trac/i.test(file) ? 'TracingConnectivity' : undefined
}
