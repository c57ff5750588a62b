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

/** All genes, or those whose symbol is `find`, else those whose symbols hold all of its words (in any case). */
export async function findGenes(retrieval: Retrieval, find?: string): Promise<Gene[]> {
  const descriptions = await loadVocabulary<Record<string, string>>(retrieval, 'gene_names')
  const toGene = (symbol: string): Gene => ({ symbol, description: descriptions[symbol] ?? '' })
  const symbols = Object.keys(descriptions)
  if (find === undefined) return symbols.map(toGene)
  if (Object.hasOwn(descriptions, find)) return [toGene(find)]
  const words = splitWhitespace(find.toLowerCase())
  return symbols.filter((symbol) => words.every((word) => symbol.toLowerCase().includes(word))).map(toGene)
}
