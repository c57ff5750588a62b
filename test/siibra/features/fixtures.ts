import { readFileSync } from 'node:fs'

type Numbers = (number | null)[]

/** What make_features.py wrote. */
export interface Fixtures {
  matrices: {
    name: string
    text: string
    delimiter: string
    skipRows: number
    shape: [number, number]
    values: Numbers
    integral: boolean
  }[]
  frames: {
    text: string
    delimiter: string
    indexColumn: number | null
    index: (string | number)[]
    columns: string[]
    data: (string | number | null)[][]
    csv: string
  }[]
  arrays: { bytes: string; shape: number[]; values: number[] }[]
  rasters: Record<'small' | 'linear' | 'quadratic' | 'filled', number[][]> & Record<'rows' | 'columns', number[]>
  cellDensity: { files: Record<string, string>; boundaries: number[]; densities: Numbers }
  moments: { count: number; mean: number; deviation: number }[]
  samples: number[]
  numbers: [number, string][]
  singles: [number, string][]
  indices: [number[], string][]
  gzipped: string
}

const file = new URL('../../fixtures/features/features.json', import.meta.url)
export const fixtures: Fixtures = JSON.parse(readFileSync(file, 'utf8'))
