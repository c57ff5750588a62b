import { createContext, runInContext } from 'node:vm'
import { RE2JS } from 're2js'
import { SiibraError } from '../../errors.ts'
import { shorten } from '../registry.ts'

/** Tells for each of several texts whether it matches. */
export type TextsTest = (texts: readonly string[]) => boolean[]

/** Python's flags that may follow a pattern: ASCII, ignore case, locale, multi-line, dot matches all, Unicode, verbose. */
const PYTHON_FLAGS = 'aiLmsux'
const MAX_PATTERN_CHARS = 1000
/** Instructions times characters of all names: RE2 takes a second at most. */
const MAX_RE2_STEPS = 1e8
/** For a search by V8; names are short, so nothing sensible comes near. */
const MAX_V8_SEARCH_MS = 80
/** For one whose pattern cannot explode, so that a busy machine does not refuse it. */
const MAX_HARMLESS_SEARCH_MS = 1000

/**
 * The test that a specification of the form `/pattern/flags` stands for; `undefined` for any other. Patterns are those of
 * Python's `re.search`, run in linear time by RE2; those that RE2 does not have (look-around, back references) run in
 * V8's engine under a time limit. Throws INVALID_PARAMETER for what is broken, too long or too slow.
 */
export function parseRegionPattern(spec: string): TextsTest | undefined {
  const parts = /^\/(.+)\/([a-zA-Z]*)\n?$/.exec(spec)
  if (!parts) return undefined
  const [, source = '', flags = ''] = parts
  const refuse = (why: string) =>
    new SiibraError('INVALID_PARAMETER', `The regular expression '${shorten(spec)}' ${why}`, {
      parameter: 'find',
      spec: shorten(spec),
    })
  if (source.length > MAX_PATTERN_CHARS) throw refuse(`has more than ${MAX_PATTERN_CHARS} characters`)
  for (const flag of flags) {
    if (!PYTHON_FLAGS.includes(flag))
      throw refuse(`has the flag '${flag}'; allowed are ${[...PYTHON_FLAGS].join(', ')}`)
  }
  if (flags.includes('L')) throw refuse(`has the flag 'L', which is for bytes, not for text`)
  if (flags.includes('a') && flags.includes('u')) throw refuse(`has the flags 'a' and 'u', which exclude each other`)
  return compile(source, flags, refuse)
}

type Refuse = (why: string) => SiibraError

function compile(source: string, flags: string, refuse: Refuse): TextsTest {
  const inline = /^\(\?([aimsux]+)\)/.exec(source)
  const allFlags = flags + (inline?.[1] ?? '')
  let pattern = inline ? source.slice(inline[0].length) : source
  if (allFlags.includes('x')) pattern = withoutVerboseParts(pattern)
  pattern = pattern.replace(PYTHON_ONLY, (token, most) => (most === undefined ? keepEscapes(token) : `{0,${most}}`))
  let compiled: RE2JS
  try {
    compiled = RE2JS.compile(toRe2Syntax(pattern, allFlags.includes('a')), re2Flags(allFlags))
  } catch {
    return compileForV8(pattern, allFlags, refuse)
  }
  return (texts) => {
    const chars = texts.reduce((sum, text) => sum + text.length, 0)
    if (compiled.programSize() * chars > MAX_RE2_STEPS) throw refuse('takes too long')
    return texts.map((text) => compiled.test(text))
  }
}

/** `{,n}` and comments; escapes and classes are matched so that nothing in them is taken for either. */
const PYTHON_ONLY = /\\.|\[\^?\]?(?:\\.|[^\]\\])*\]|\{,(\d+)\}|\(\?#[^)]*\)/gs
const keepEscapes = (token: string) => (token.startsWith('(?#') ? '' : token)

function re2Flags(flags: string): number {
  return (
    (flags.includes('i') ? RE2JS.CASE_INSENSITIVE : 0) |
    (flags.includes('m') ? RE2JS.MULTILINE : 0) |
    (flags.includes('s') ? RE2JS.DOTALL : 0)
  )
}

/**
 * Python's classes are those of Unicode unless the flag `a` is given; RE2's are ASCII. `\Z` is RE2's `\z`, `\u0041` its
 * `\x{0041}`; a bracket within a class is itself to Python, while RE2 reads `[[:alpha:]]` as a class of POSIX.
 */
function toRe2Syntax(pattern: string, isAscii: boolean): string {
  let inClass = false
  return pattern.replace(/\\(u[\da-fA-F]{4}|U[\da-fA-F]{8}|.)|\[\^?\]?|\]/gs, (token, escaped: string | undefined) => {
    if (escaped === undefined) {
      const isWithin = inClass && token !== ']'
      inClass = isWithin ? !token.endsWith(']') : token !== ']'
      return isWithin ? `\\${token}` : token
    }
    if (/^u./i.test(escaped)) return `\\x{${escaped.slice(1)}}`
    if (escaped === 'Z') return '\\z'
    if (isAscii) return token
    if (escaped === 'd') return '\\p{Nd}'
    if (escaped === 'D') return '\\P{Nd}'
    if (escaped === 'w') return inClass ? '\\p{L}\\p{N}_' : '[\\p{L}\\p{N}_]'
    if (escaped === 'W' && !inClass) return '[^\\p{L}\\p{N}_]'
    return token
  })
}

/** Takes white space and `# comments` out of a verbose pattern, but not out of its character classes. */
function withoutVerboseParts(pattern: string): string {
  const parts = /\\.|\[\^?\]?(?:\\.|[^\]\\])*\]|\s+|#[^\n]*/gs
  return pattern.replace(parts, (token) => (/^[\s#]/.test(token) ? '' : token))
}

function compileForV8(pattern: string, flags: string, refuse: Refuse): TextsTest {
  const source = pattern
    .replace(/\(\?P<([A-Za-z_]\w*)>/g, '(?<$1>')
    .replace(/\(\?P=([A-Za-z_]\w*)\)/g, '\\k<$1>')
    .replace(/\\A/g, '(?<![^])')
    .replace(/\\Z/g, '(?![^])')
  const v8Flags = [...new Set(flags)].filter((flag) => 'ims'.includes(flag)).join('')
  const timeout = isHarmless(pattern) ? MAX_HARMLESS_SEARCH_MS : MAX_V8_SEARCH_MS
  try {
    new RegExp(source, v8Flags)
  } catch (error) {
    throw refuse(`cannot be used: ${(error as Error).message}`)
  }
  return (texts) => {
    const context = createContext(Object.assign(Object.create(null), { source, v8Flags, texts: JSON.stringify(texts) }))
    const code =
      'const pattern = new RegExp(source, v8Flags); JSON.stringify(JSON.parse(texts).map((t) => pattern.test(t)))'
    try {
      return JSON.parse(runInContext(code, context, { timeout }))
    } catch {
      throw refuse('takes too long')
    }
  }
}

/** Two repetitions at most, none of a group: the time is polynomial then. */
function isHarmless(pattern: string): boolean {
  return (pattern.match(/[*+{]/g) ?? []).length <= 2 && !/\)[*+{]/.test(pattern)
}
