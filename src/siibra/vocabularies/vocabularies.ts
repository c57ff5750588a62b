import { splitWhitespace } from '../core/names.ts'
import { shorten } from '../core/registry.ts'
import { didYouMean, suggestNames } from '../core/search/suggest.ts'
import { SiibraError } from '../errors.ts'
import { createByteBoundedCache } from '../retrieval/cache/byte-bounded-cache.ts'
import { oncePer } from '../retrieval/cache/once-per.ts'
import type { Retrieval } from '../retrieval/retrieval.ts'
import { required } from '../retrieval/upstream-errors.ts'

/** Vocabularies that siibra-python 0.4 holds in files; they are remote data here. */
const FOLDER = 'https://raw.githubusercontent.com/FZJ-INM1-BDA/siibra-python/v0.4EOL/siibra/vocabularies'

export type VocabularyName = 'gene_names' | 'receptor_symbols' | 'region_aliases'

export interface Gene {
  symbol: string
  description: string
}

/** More than all of them take. */
const MAX_BYTES = 64 * 1024 ** 2

function createVocabularies(_: Retrieval) {
  return createByteBoundedCache<object>({ maxBytes: MAX_BYTES, sizeOf: (words) => Object.keys(words).length * 128 })
}

/** A vocabulary as it stands in its file, read once. Throws UPSTREAM_UNAVAILABLE, BAD_DATA. */
export async function loadVocabulary<T>(retrieval: Retrieval, name: VocabularyName, signal?: AbortSignal): Promise<T> {
  const read = (shared: AbortSignal) => readVocabulary(retrieval, name, shared)
  return (await oncePer(retrieval, createVocabularies).load(name, read, signal)) as T
}

async function readVocabulary(retrieval: Retrieval, name: VocabularyName, signal: AbortSignal): Promise<object> {
  const url = `${FOLDER}/${name}.json`
  const vocabulary = required(await retrieval.json(url, { signal }), url)
  if (typeof vocabulary === 'object' && vocabulary !== null && !Array.isArray(vocabulary)) return vocabulary
  throw new SiibraError('BAD_DATA', `${url} is no vocabulary: an object is expected`, { url })
}

type GeneNames = Readonly<Record<string, string>>

function indexGenes(descriptions: GeneNames) {
  const all: Gene[] = Object.entries(descriptions).map(([symbol, description]) => ({ symbol, description }))
  const bySymbol = new Map(all.map((gene) => [gene.symbol, gene]))
  return { all, bySymbol, lowerSymbols: all.map(({ symbol }) => symbol.toLowerCase()) }
}

/** All genes, or those whose symbol is `find`, else those whose symbols hold all of its words (in any case). */
export async function findGenes(retrieval: Retrieval, find?: string): Promise<readonly Gene[]> {
  const descriptions = await loadVocabulary<GeneNames>(retrieval, 'gene_names')
  const { all, bySymbol, lowerSymbols } = oncePer(descriptions, indexGenes)
  if (find === undefined) return all
  const exact = bySymbol.get(find)
  if (exact) return [exact]
  const words = splitWhitespace(find.toLowerCase())
  return all.filter((_, i) => words.every((word) => lowerSymbols[i]?.includes(word)))
}

/** NOT_FOUND, with the symbols that may have been meant. */
export function unknownGene(symbols: readonly string[], gene: string): SiibraError {
  const similar = suggestNames(
    symbols.map((name) => ({ name, texts: [name] })),
    gene,
  )
  const message = `There is no gene ${JSON.stringify(shorten(gene))}.${didYouMean(similar)}`
  return new SiibraError('NOT_FOUND', message, { parameter: 'gene', spec: shorten(gene), similar })
}
