/** The forms in which objects can be cited. */

export const CITATION_FORMS = ['json', 'bibtex', 'csl'] as const
export type CitationForm = (typeof CITATION_FORMS)[number]

export const CITATION_MEDIA_TYPES: Readonly<Record<Exclude<CitationForm, 'json'>, string>> = {
  bibtex: 'application/x-bibtex',
  csl: 'application/vnd.citationstyles.csl+json',
}

const JSON_RANGES: ReadonlySet<string> = new Set(['application/json', 'application/*', '*/*', 'text/html'])

/**
 * The form that the header `Accept` names: BibTeX or CSL where it names one of them, and likes nothing that JSON is better (of those
 * that it likes equally the first). JSON in all other cases.
 */
export function chooseCitationForm(accept: string | undefined): CitationForm {
  let best: { form: CitationForm; quality: number } = { form: 'json', quality: 0 }
  for (const range of accept?.toLowerCase().split(',') ?? []) {
    const [type = '', ...options] = range.split(';').map((part) => part.trim())
    const told = options.find((option) => option.startsWith('q='))
    const quality = told === undefined ? 1 : Number(told.slice(2)) || 0
    const named =
      type === CITATION_MEDIA_TYPES.bibtex ? 'bibtex' : type === CITATION_MEDIA_TYPES.csl ? 'csl' : undefined
    const form = named ?? (JSON_RANGES.has(type) ? 'json' : undefined)
    if (form !== undefined && quality > best.quality) best = { form, quality }
  }
  return best.form
}
