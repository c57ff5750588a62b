import { serializeCitation, toBibtex, toCsl } from '../serialization/citations.ts'
import { type AtlasCore, type Citable, createGaps, loadCitations } from '../siibra/index.ts'
import { CITATION_MEDIA_TYPES, type CitationForm } from '../tables/citation-forms.ts'
import type { HandlerAnswer } from '../tasks/task.ts'
import { gapHeaders } from './gap-header.ts'

/** The form that a request asks for, where it is not the JSON of the object (server/http/parameters/forms.ts). */
export interface CitationFormParams {
  format?: Exclude<CitationForm, 'json'>
}

/** What is to be cited of some objects: publications, then data sets, none twice. */
export async function citationAnswer(
  core: AtlasCore,
  citables: readonly Citable[],
  format: CitationForm = 'json',
  headers: Record<string, string> = {},
): Promise<HandlerAnswer> {
  const gaps = createGaps()
  const citations = await loadCitations(core, citables, gaps)
  const all = { ...headers, ...gapHeaders(gaps) }
  if (format === 'json') return { json: { items: citations.map(serializeCitation) }, headers: all }
  const items = citations.map(toCsl)
  const text = format === 'csl' ? JSON.stringify(items) : toBibtex(items)
  return { bytes: Buffer.from(text), contentType: `${CITATION_MEDIA_TYPES[format]}; charset=utf-8`, headers: all }
}
