/** How siibra writes and compares names. */

/** Taken out of region and parcellation names wherever they occur, in this order. */
const REMOVED_FROM_NAMES = ['hemisphere', ' -', '-brain', 'both', 'Both']

const REPLACED_IN_NAMES: readonly (readonly [search: string, replacement: string])[] = [
  ['ctx-lh-', 'left '],
  ['ctx-rh-', 'right '],
]

/** Whether a name has anything to clear; most have not, and there are tens of thousands of them. */
const TO_CLEAR = /hemisphere| -|-brain|both|Both|ctx-[lr]h-| {2}|^ | $/

/** A name without the words that do not tell regions apart: `Area 4p (PreCG) - left hemisphere` is `Area 4p (PreCG) left`. */
export function clearName(name: string): string {
  if (!TO_CLEAR.test(name)) return name
  let result = name
  for (const word of REMOVED_FROM_NAMES) result = result.replaceAll(word, '')
  for (const [search, replacement] of REPLACED_IN_NAMES) result = result.replaceAll(search, replacement)
  return result
    .split(' ')
    .filter((word) => word.length > 0)
    .join(' ')
}

/** Classes of ASCII are several times as fast as those of Unicode, and most names need no others. */
const IS_ASCII = /^[ -~]*$/

/** siibra's key of a name: upper case, every run of characters that are neither letters nor numbers an underscore. */
export function createKey(name: string): string {
  const others = IS_ASCII.test(name) ? /[^A-Za-z0-9]+/g : /[^\p{L}\p{N}]+/gu
  const key = name.replace(others, '_').toUpperCase()
  return key.slice(key.startsWith('_') ? 1 : 0, key.endsWith('_') ? -1 : undefined)
}

/**
 * The form in which names are compared, whatever their script: composed (NFC) and without case, so that `PRÉCUNÉUS` is
 * `précunéus`, `Straße` is `STRASSE` and every sigma is one. Of ASCII it is the lower case.
 */
export function foldCase(text: string): string {
  if (IS_ASCII.test(text)) return text.toLowerCase()
  return text.normalize('NFC').toUpperCase().toLowerCase().replaceAll('ς', 'σ').normalize('NFC')
}

/**
 * The words by which regions are compared: whatever stands between characters other than letters (of any script, with
 * the marks that belong to them), digits, dot and dash. Signs alone, and blanks, are no words.
 */
export function splitRegionWords(text: string): string[] {
  const others = IS_ASCII.test(text) ? /[^a-zA-Z0-9.-]/ : /[^\p{L}\p{M}\p{N}.-]/u
  return text.split(others).filter((word) => word.length > 0)
}

/** Python's `str.split()`: words between runs of white space, none of them empty. */
export function splitWhitespace(text: string): string[] {
  return text.split(/\s+/).filter((word) => word.length > 0)
}
