/** Which form of an answer a request asks for: by parameters that every route of its kind has, or by `Accept`. */
import Type from 'typebox'
import { CITATION_FORMS, chooseCitationForm } from '../../../tables/citation-forms.ts'
import { chooseForm, MEDIA_TYPES, TABLE_FORMS } from '../../../tables/forms.ts'
import type { RouteRecord } from '../../routes/route.ts'

const MAX_FIELDS = 100

const format = Type.Enum(TABLE_FORMS, {
  description: 'Form of the answer; wins over the header `Accept`.',
})
const citationFormat = Type.Enum(CITATION_FORMS, {
  description: '`bibtex`, `csl`: what is to be cited, instead of the object; wins over the header `Accept`.',
})
const provenance = Type.Enum(['0', '1'] as const, {
  description: '`1`: CSV and TSV begin with lines (`# name: value`) that tell where the values come from.',
})
const fields = Type.Array(Type.String({ maxLength: 512 }), {
  description: 'Keeps only these members of each object: names, with dots between (`hasAnnotation.displayColor`).',
  maxItems: MAX_FIELDS,
  examples: [['name']],
})

/** Parameters that a route has because of what it answers. */
export function formParameters({ method, tag, response }: RouteRecord) {
  if (!('json' in response)) return {}
  const { forms } = response
  return {
    ...(forms === undefined ? {} : forms === 'citation' ? { format: citationFormat } : { format, provenance }),
    // these tell of tasks, and run none themselves
    ...(forms === 'table' || method !== 'GET' || tag === 'download' || tag === 'task' ? {} : { fields }),
  }
}

export type ChosenForm =
  /** Parameters with the form as part of them, so that it is part of every key; and those that do not count in it. */
  | { ok: true; params: Record<string, unknown>; ignored: readonly string[] }
  | { ok: false; status: 406 | 422; detail: string; allowed: readonly string[] }

const NONE: readonly string[] = []
const PAGING = ['page', 'size'] as const

/** Puts the form that is asked for into the parameters of a request: `format` where it is not JSON, `fields` as a plain list. */
export function applyForm(route: RouteRecord, given: Record<string, unknown>, accept: string | undefined): ChosenForm {
  const forms = 'json' in route.response ? route.response.forms : undefined
  if (forms === undefined && given.fields === undefined) return { ok: true, params: given, ignored: NONE }
  const params = { ...given }
  if (forms === undefined) return { ok: true, params: withFields(params), ignored: NONE }
  if (forms === 'citation') return { ok: true, params: withCitationForm(params, accept), ignored: NONE }
  const form = (given.format as string | undefined) ?? chooseForm(accept)
  if (form === undefined) {
    const allowed = Object.values(MEDIA_TYPES)
    return {
      ok: false,
      status: 406,
      detail: `There is none of the forms of Accept; there are ${allowed.join(', ')}`,
      allowed,
    }
  }
  if (form !== 'csv' && form !== 'tsv') delete params.provenance
  else if (params.provenance === '0') delete params.provenance
  if (form === 'json') {
    delete params.format
    return { ok: true, params: withFields(params), ignored: NONE }
  }
  params.format = form
  delete params.fields
  if (forms === 'table') return { ok: true, params, ignored: NONE }
  // a table of a listing is all of it
  const { properties } = route.params
  for (const name of PAGING) params[name] = (properties[name] as { default?: unknown }).default
  return { ok: true, params, ignored: [...PAGING, 'fields'] }
}

function withCitationForm(params: Record<string, unknown>, accept: string | undefined): Record<string, unknown> {
  const form = params.format ?? chooseCitationForm(accept)
  delete params.format
  if (form === 'json') return withFields(params)
  delete params.fields
  return { ...params, format: form }
}

/** Paths, sorted and without doubles, so that two spellings are one answer. */
function withFields(params: Record<string, unknown>): Record<string, unknown> {
  if (params.fields === undefined) return params
  const paths = (params.fields as string[]).flatMap((text) => text.split(',')).map((path) => path.trim())
  const distinct = [...new Set(paths)].filter((path) => path !== '').sort()
  if (distinct.length === 0) delete params.fields
  else params.fields = distinct
  return params
}
