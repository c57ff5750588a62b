import type { Match } from '../siibra/index.ts'

/** Tells clients where an id was guessed from a fuzzy specification, what was taken, and what it fits as well. */
const MATCH_HEADER = 'x-siibra-match'

const MAX_NAME_CHARS = 200
const MAX_HEADER_CHARS = 1024
const MAX_OTHERS = 5

type NamedMatch = Pick<Match<{ name: string }>, 'object' | 'exact' | 'others'>

/**
 * `loose; parcellation=<name>; parcellation-others=<name>,<name>,+3` for what was guessed; nothing where all was exact.
 * Names are percent-encoded (what stands between `=`, `,` and `;` is one name) and long ones are cut; the others come
 * last, as many as there is room for, then how many more there are.
 */
export function matchHeaders(matches: Readonly<Record<string, NamedMatch | undefined>>): Record<string, string> {
  const loose = Object.entries(matches).flatMap(([kind, match]) => (match && !match.exact ? [{ kind, ...match }] : []))
  if (loose.length === 0) return {}
  let value = 'loose'
  for (const { kind, object } of loose) value += `; ${kind}=${encodeName(object.name)}`
  for (const { kind, others } of loose) value += encodeOthers(kind, others, MAX_HEADER_CHARS - value.length)
  return { [MATCH_HEADER]: value }
}

function encodeOthers(kind: string, others: NamedMatch['others'], room: number): string {
  const names = others.slice(0, MAX_OTHERS).map(({ name }) => encodeName(name))
  for (let told = names.length; told >= 0 && others.length > 0; told--) {
    const left = others.length - told
    const text = `; ${kind}-others=${[...names.slice(0, told), ...(left > 0 ? [`+${left}`] : [])].join(',')}`
    if (text.length <= room) return text
  }
  return ''
}

/** As `encodeURIComponent`, whole characters only, so many that the text keeps its bound; `...` stands for what was cut. */
function encodeName(name: string): string {
  let encoded = ''
  for (const character of name) {
    const next = /^\p{Surrogate}$/u.test(character) ? '%EF%BF%BD' : encodeURIComponent(character)
    if (encoded.length + next.length > MAX_NAME_CHARS) return `${encoded}...`
    encoded += next
  }
  return encoded
}
