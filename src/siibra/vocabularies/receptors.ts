import { foldCase, splitWhitespace } from '../core/names.ts'
import type { Retrieval } from '../retrieval/retrieval.ts'
import { loadVocabulary } from './vocabularies.ts'

/** A name as it is written in plain text, Markdown and LaTeX. */
interface Spelling {
  name: string
  markdown: string
  latex: string
}

export interface Receptor {
  /** As tables of receptor densities have it. */
  symbol: string
  receptor: Spelling
  /** `label`: its abbreviation. */
  neurotransmitter: Spelling & { label: string }
}

type ReceptorSymbols = Readonly<
  Record<string, Partial<Record<'receptor' | 'neurotransmitter', Partial<Spelling & { label: string }>>>>
>

/** All receptors, or those whose symbols or names, or those of their neurotransmitter, hold all of these words (in any case). */
export async function findReceptors(retrieval: Retrieval, find = '', signal?: AbortSignal): Promise<Receptor[]> {
  const symbols = await loadVocabulary<ReceptorSymbols>(retrieval, 'receptor_symbols', signal)
  const words = splitWhitespace(foldCase(find))
  return Object.entries(symbols)
    .map(([symbol, { receptor, neurotransmitter }]): Receptor => {
      return {
        symbol,
        receptor: spellingOf(receptor),
        neurotransmitter: { ...spellingOf(neurotransmitter), label: neurotransmitter?.label ?? '' },
      }
    })
    .filter(({ symbol, receptor, neurotransmitter }) => {
      const text = foldCase([symbol, receptor.name, neurotransmitter.label, neurotransmitter.name].join(' '))
      return words.every((word) => text.includes(word))
    })
}

const spellingOf = ({ name = '', markdown = '', latex = '' }: Partial<Spelling> = {}): Spelling => ({
  name,
  markdown,
  latex,
})
