import { splitWhitespace } from '../core/names.ts'
import { SiibraError } from '../errors.ts'
import type { Retrieval } from '../retrieval/retrieval.ts'

/** Vocabularies that siibra-python 0.4 holds in files; they are remote data here. */
const FOLDER = 'https://raw.githubusercontent.com/FZJ-INM1-BDA/siibra-python/v0.4EOL/siibra/vocabularies'

export type VocabularyName = 'gene_names' | 'receptor_symbols' | 'region_aliases'

export interface Gene {
  symbol: string
  description: string
}

const VOCABULARIES = new WeakMap<Retrieval, Map<VocabularyName, Promise<unknown>>>()

/** A vocabulary as it stands in its file, read once. Throws UPSTREAM_UNAVAILABLE. */
export function loadVocabulary<T>(retrieval: Retrieval, name: VocabularyName): Promise<T> {
  let known = VOCABULARIES.get(retrieval)
  if (!known) {
    known = new Map()
    VOCABULARIES.set(retrieval, known)
  }
  const before = known.get(name)
  if (before) return before as Promise<T>
  const loading = readVocabulary(retrieval, name)
  known.set(name, loading)
  loading.catch(() => known.delete(name))
  return loading as Promise<T>
}

async function readVocabulary(retrieval: Retrieval, name: VocabularyName): Promise<unknown> {
  const url = `${FOLDER}/${name}.json`
  const vocabulary = await retrieval.json(url)
  if (vocabulary === undefined) throw new SiibraError('UPSTREAM_UNAVAILABLE', `There is no ${url}`, { url })
  return vocabulary
}

const GENES = new WeakMap<object, { all: Gene[]; bySymbol: Map<string, Gene>; lowerSymbols: string[] }>()

/** All genes, or those whose symbol is `find`, else those whose symbols hold all of its words (in any case). */
export async function findGenes(retrieval: Retrieval, find?: string): Promise<readonly Gene[]> {
  const descriptions = await loadVocabulary<Record<string, string>>(retrieval, 'gene_names')
  let genes = GENES.get(descriptions)
  if (!genes) {
    const all = Object.entries(descriptions).map(([symbol, description]) => ({ symbol, description }))
    const bySymbol = new Map(all.map((gene) => [gene.symbol, gene]))
    genes = { all, bySymbol, lowerSymbols: all.map(({ symbol }) => symbol.toLowerCase()) }
    GENES.set(descriptions, genes)
  }
  const { all, bySymbol, lowerSymbols } = genes
  if (find === undefined) return all
  const exact = bySymbol.get(find)
  if (exact) return [exact]
  const words = splitWhitespace(find.toLowerCase())
  return all.filter((_, i) => words.every((word) => lowerSymbols[i]!.includes(word)))
}
