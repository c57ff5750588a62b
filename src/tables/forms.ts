/** The forms in which a table can be sent. */

export const TABLE_FORMS = ['json', 'csv', 'tsv', 'arrow', 'ndjson'] as const
export type TableForm = (typeof TABLE_FORMS)[number]

export const MEDIA_TYPES: Readonly<Record<TableForm, string>> = {
  json: 'application/json',
  csv: 'text/csv',
  tsv: 'text/tab-separated-values',
  arrow: 'application/vnd.apache.arrow.stream',
  ndjson: 'application/x-ndjson',
}

/** Other names of the forms. Browsers send the first two; they get JSON, as from all routes. */
const ALIASES: Readonly<Record<string, TableForm>> = {
  'text/html': 'json',
  'application/xhtml+xml': 'json',
  'application/xml': 'json',
  'application/ndjson': 'ndjson',
}

interface Liking {
  form: TableForm
  quality: number
  /** 2: named; 1: by its kind (`text/*`); 0: by `*\/*`. */
  exactness: number
  position: number
}

/**
 * The form that a client likes most, by its header `Accept` with qualities; of those that it likes equally the one that it
 * names more exactly, or first. No header, or one that names none in particular, means JSON. Undefined where it takes none of them.
 */
export function chooseForm(accept: string | undefined): TableForm | undefined {
  if (accept === undefined || accept.trim() === '') return 'json'
  const ranges = accept.split(',').map(parseRange)
  const likings = TABLE_FORMS.flatMap((form) => likingOf(form, ranges))
  likings.sort((a, b) => b.quality - a.quality || b.exactness - a.exactness || a.position - b.position)
  return likings[0]?.form
}

function parseRange(text: string, position: number) {
  const [type = '', ...options] = text.split(';').map((part) => part.trim().toLowerCase())
  const quality = options.find((option) => option.startsWith('q='))
  return { type, position, quality: quality === undefined ? 1 : Number(quality.slice(2)) || 0 }
}

/** How a form is liked by the range that names it most exactly; an empty list where that is not at all. */
function likingOf(form: TableForm, ranges: readonly ReturnType<typeof parseRange>[]): Liking[] {
  const names = [MEDIA_TYPES[form], ...Object.keys(ALIASES).filter((alias) => ALIASES[alias] === form)]
  const kinds = new Set(names.map((name) => `${name.split('/', 1)[0]}/*`))
  const fits = ranges.flatMap(({ type, position, quality }) => {
    const exactness = names.includes(type) ? 2 : kinds.has(type) ? 1 : type === '*/*' ? 0 : undefined
    return exactness === undefined ? [] : [{ form, quality, exactness, position }]
  })
  fits.sort((a, b) => b.exactness - a.exactness || b.quality - a.quality)
  const [best] = fits
  return best === undefined || best.quality === 0 ? [] : [best]
}
