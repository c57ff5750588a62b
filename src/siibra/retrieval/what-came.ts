/**
 * What bytes look like, for errors about files of others: their kind and length, and none of their text, which is not
 * ours to tell.
 */
const MAGICS: readonly [kind: string, magic: readonly number[]][] = [
  ['gzip', [0x1f, 0x8b]],
  ['a zip archive', [0x50, 0x4b]],
  ['HDF5', [0x89, 0x48, 0x44, 0x46]],
  ['PNG', [0x89, 0x50, 0x4e, 0x47]],
  ['JPEG', [0xff, 0xd8, 0xff]],
  ['SQLite', [0x53, 0x51, 0x4c, 0x69, 0x74, 0x65]],
]

/** For instance `a web page of 1234 bytes`. */
export function describeBytes(bytes: Uint8Array): string {
  if (bytes.length === 0) return 'nothing (0 bytes)'
  return `${kindOf(bytes)} of ${bytes.length} bytes`
}

function kindOf(bytes: Uint8Array): string {
  const magic = MAGICS.find(([, start]) => start.every((byte, i) => bytes[i] === byte))
  if (magic) return magic[0]
  const head = new TextDecoder().decode(bytes.subarray(0, 512)).trimStart().toLowerCase()
  if (/^(<!doctype html|<html|<head|<body)/.test(head) || (head.startsWith('<') && head.includes('<html')))
    return 'a web page'
  if (head.startsWith('<')) return 'XML'
  if (head.startsWith('{') || head.startsWith('[')) return 'JSON'
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what tells text from other bytes
  return /[\x00-\x08\x0e-\x1f\ufffd]/.test(head) ? 'binary data' : 'text'
}

/** Where JSON.parse stopped, out of its message, which quotes the text. */
export function jsonFault(bytes: Uint8Array, thrown: unknown): string {
  const position = /position (\d+)/.exec((thrown as Error).message)?.[1]
  return `it is ${describeBytes(bytes)}${position === undefined ? '' : `, and is no JSON from position ${position}`}`
}
