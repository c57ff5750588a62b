/** Citations as CSL-JSON and as BibTeX. */
import type { CitationModel } from '../models/citations.ts'
import type { Citation } from '../siibra/index.ts'

export const serializeCitation = (citation: Citation): CitationModel => ({
  ...citation,
  authors: [...citation.authors],
  licences: [...citation.licences],
})

interface CslName {
  family?: string
  given?: string
  literal?: string
}

/** What of CSL-JSON is filled in. */
export interface CslItem {
  id: string
  type: 'article-journal' | 'dataset'
  title: string
  author?: CslName[]
  issued?: { 'date-parts': [[number]] }
  DOI?: string
  URL?: string
  note?: string
}

/** Without what is not known. The note has the reference as its source writes it, and the licences. */
export function toCsl({ kind, id, title, authors, doi, url, text, licences }: Citation): CslItem {
  const year = kind === 'article' ? yearIn(text ?? '') : undefined
  const notes = [...(text && text !== title ? [text] : []), ...licences.map((licence) => `Licence: ${licence}`)]
  const named = authors.filter((name) => name.trim() !== '')
  return {
    id,
    type: kind === 'article' ? 'article-journal' : 'dataset',
    title,
    ...(named.length > 0 ? { author: named.map(toCslName) } : {}),
    ...(year === undefined ? {} : { issued: { 'date-parts': [[year]] as [[number]] } }),
    ...(doi === null ? {} : { DOI: doi }),
    ...(url === null ? {} : { URL: url }),
    ...(notes.length > 0 ? { note: notes.join('; ') } : {}),
  }
}

/** The year of a reference: in parentheses, else the first number that can be one. */
function yearIn(text: string): number | undefined {
  const plain = text.replaceAll(/\b10\.\d{4,9}\/\S+/g, '').replaceAll(/https?:\S+/g, '')
  const [, year] = /\(((?:19|20)\d\d)[a-z]?\)/.exec(plain) ?? /(?<!\d)((?:19|20)\d\d)(?!\d)/.exec(plain) ?? []
  return year === undefined ? undefined : Number(year)
}

/** `Family, Given` or `Given Family`; a single word, or the name of an institution, is taken as it stands. */
function toCslName(name: string): CslName {
  const [family = '', ...given] = name.split(',').map((part) => part.trim())
  if (given.length > 0) return given.join(' ') === '' ? { literal: family } : { family, given: given.join(' ') }
  const words = family.split(/\s+/)
  const last = words.pop()
  if (words.length === 0 || /\b(universit|institut|cent(er|re)|consortium|forschung|project|group|team)/i.test(name))
    return { literal: name.trim() }
  // small words belong to the family's name: van den Heuvel
  while (words.length > 1 && /^\p{Ll}/u.test(words.at(-1) ?? '')) words.pop()
  const kept = words.join(' ')
  return { family: family.slice(kept.length).trim() || (last ?? ''), given: kept }
}

/**
 * All of them as one BibTeX file in UTF-8; keys are made of author, year and title, none twice. Written here: @citation-js 0.7
 * either drops letters that LaTeX has no command for, or escapes nothing.
 */
export function toBibtex(items: readonly CslItem[]): string {
  const used = new Map<string, number>()
  return items
    .map((item) => {
      const key = keyOf(item)
      const before = used.get(key) ?? 0
      used.set(key, before + 1)
      const fields = Object.entries(fieldsOf(item)).flatMap(([name, value]) =>
        value === undefined ? [] : [`  ${name} = {${value}}`],
      )
      const type = item.type === 'dataset' ? 'misc' : 'article'
      return `@${type}{${[before === 0 ? key : `${key}-${before + 1}`, ...fields].join(',\n')}\n}\n`
    })
    .join('\n')
}

function fieldsOf({ author, title, issued, DOI, URL, note }: CslItem): Record<string, string | undefined> {
  return {
    author: author?.map(bibtexName).join(' and '),
    title: `{${escapeTex(title)}}`,
    year: issued && String(issued['date-parts'][0][0]),
    doi: DOI && escapeUrl(DOI),
    url: URL && escapeUrl(URL),
    note: note && escapeTex(note),
  }
}

const bibtexName = ({ family = '', given, literal }: CslName): string =>
  literal === undefined ? escapeTex(given ? `${family}, ${given}` : family) : `{${escapeTex(literal)}}`

function keyOf({ author, issued, title }: CslItem): string {
  const [first] = author ?? []
  const word = /[\p{L}\p{N}]{4,}/u.exec(title)?.[0] ?? ''
  const text = [first?.family ?? first?.literal ?? '', issued?.['date-parts'][0][0] ?? '', word].join('')
  return text.normalize('NFKD').replaceAll(/[^A-Za-z0-9]/g, '') || 'citation'
}

/** BibTeX counts braces even behind a backslash, so that they have names. */
const TEX: Readonly<Record<string, string>> = {
  '\\': '\\textbackslash{}',
  '{': '\\textbraceleft{}',
  '}': '\\textbraceright{}',
  '~': '\\textasciitilde{}',
  '^': '\\textasciicircum{}',
}

const escapeTex = (text: string): string =>
  text.replaceAll(/\s+/g, ' ').replaceAll(/[\\{}~^&%$#_]/g, (letter) => TEX[letter] ?? `\\${letter}`)

const escapeUrl = (text: string): string => text.replaceAll(/[\s{}\\]/g, encodeURIComponent)
