/**
 * Reads a JSON object whose long lists are handed on in parts: as one value, a million points would be a hundred megabytes of small
 * lists, made in one go of half a second.
 */
import type { Steps } from '../../siibra/index.ts'
import { bodyError, notJson, textOf } from './body.ts'

/** Takes the items of a list, some at a time; `first` is the number of the first of them, 0 where the list begins (anew). */
export type TakeItems = (items: readonly unknown[], first: number) => void

/** Bytes that are parsed, or looked at, in one step. */
const STEP_BYTES = 32 * 1024

const [TAB, LINE_END, RETURN, SPACE, QUOTE, COMMA, COLON, BACKSLASH] = [9, 10, 13, 32, 34, 44, 58, 92]
const [OPEN_LIST, CLOSE_LIST, OPEN_OBJECT, CLOSE_OBJECT] = [91, 93, 123, 125]

/**
 * The members of the object that some bytes are. Of those named in `lists` that are lists the items are handed on, and the member
 * is their number. Throws INVALID_PARAMETER where the bytes are no JSON, or no object.
 */
export function* readJsonLists(
  bytes: Uint8Array,
  lists: Readonly<Record<string, TakeItems>>,
): Steps<Record<string, unknown>> {
  let at = bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf ? 3 : 0

  const skipSpace = () => {
    while (isSpace(bytes[at])) at++
  }
  const need = (sign: number) => {
    skipSpace()
    if (bytes[at] !== sign) throw notJson(at < bytes.length ? at : undefined)
  }
  const expect = (sign: number) => {
    need(sign)
    at++
  }
  const parse = (from: number, to: number, [before, after] = ['', '']): unknown => {
    try {
      return JSON.parse(before + textOf(bytes.subarray(from, to)) + after)
    } catch (thrown) {
      if (thrown instanceof SyntaxError) throw notJson(from)
      throw thrown
    }
  }
  const skipText = () => {
    for (at++; bytes[at] !== QUOTE; at++) {
      if (bytes[at] === undefined) throw notJson()
      if (bytes[at] === BACKSLASH) at++
    }
    at++
  }

  /** Goes to the sign that ends a value: a comma or bracket that is not in it. */
  function* skipValue(): Steps<void> {
    let depth = 0
    for (let next = at + STEP_BYTES; ; ) {
      const sign = bytes[at]
      if (sign === undefined) throw notJson()
      if (sign === OPEN_LIST || sign === OPEN_OBJECT) depth++
      else if (depth === 0 && isEnd(sign)) return
      else if (sign === CLOSE_LIST || sign === CLOSE_OBJECT) depth--
      if (sign === QUOTE) skipText()
      else at++
      if (at < next) continue
      next = at + STEP_BYTES
      yield
    }
  }

  function* readList(take: TakeItems): Steps<number> {
    let count = 0
    for (at++; ; at++) {
      const from = at
      yield* skipValue()
      while (bytes[at] === COMMA && at - from < STEP_BYTES) {
        at++
        yield* skipValue()
      }
      if (bytes[at] === CLOSE_OBJECT) throw notJson(at)
      const items = parse(from, at, ['[', ']']) as unknown[]
      const isLast = bytes[at] === CLOSE_LIST
      // nothing stands between two commas, or before the end
      if (items.length === 0 && (count > 0 || !isLast)) throw notJson(at)
      take(items, count)
      count += items.length
      if (isLast) break
      yield
    }
    at++
    return count
  }

  skipSpace()
  if (bytes[at] !== OPEN_OBJECT) throw bodyError('The body is not JSON with an object: `{"points": [[x, y, z], ...]}`')
  at++
  const members: Record<string, unknown> = Object.create(null)
  skipSpace()
  let isMore = bytes[at] !== CLOSE_OBJECT
  while (isMore) {
    need(QUOTE)
    const from = at
    skipText()
    const name = parse(from, at) as string
    expect(COLON)
    skipSpace()
    const take = Object.hasOwn(lists, name) ? lists[name] : undefined
    if (take !== undefined && bytes[at] === OPEN_LIST) members[name] = yield* readList(take)
    else {
      const start = at
      yield* skipValue()
      members[name] = parse(start, at)
    }
    skipSpace()
    isMore = bytes[at] === COMMA
    if (isMore) at++
  }
  expect(CLOSE_OBJECT)
  skipSpace()
  if (at < bytes.length) throw notJson(at)
  return members
}

const isSpace = (sign: number | undefined) => sign === SPACE || sign === LINE_END || sign === RETURN || sign === TAB

const isEnd = (sign: number) => sign === COMMA || sign === CLOSE_LIST || sign === CLOSE_OBJECT
