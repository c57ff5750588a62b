/**
 * The demo atlas is made of parts, one per topic. A part brings configuration files (in the format of
 * siibra-configurations) and the remote objects that these files name. Everything in it was made up for this project:
 * names, numbers, shapes. Nothing is taken from a real atlas.
 */
export interface DemoPart {
  /** Path in the configuration folder -> content of the JSON file. */
  files: Record<string, unknown>
  /** `<host>/<path>` -> how to make the bytes; called on first read. */
  objects: Record<string, () => Uint8Array | Promise<Uint8Array>>
}

/** A host name that can never exist (RFC 6761): whoever sees it in an answer knows that it is the demo's. */
export const DEMO_HOST = 'demo.siibra.invalid'

/** The address by which configuration files name an object of the demo. */
export function demoUrl(path: string): string {
  return `https://${DEMO_HOST}/${path}`
}

export function mergeParts(parts: readonly DemoPart[]): DemoPart {
  const merged: DemoPart = { files: {}, objects: {} }
  for (const part of parts) {
    Object.assign(merged.files, part.files)
    Object.assign(merged.objects, part.objects)
  }
  return merged
}

/** Objects of the demo's own host, by path. */
export function onDemoHost(objects: DemoPart['objects']): DemoPart['objects'] {
  return Object.fromEntries(Object.entries(objects).map(([path, make]) => [`${DEMO_HOST}/${path}`, make]))
}

/** A JSON document as bytes. */
export function jsonBytes(value: unknown): Uint8Array {
  return new TextEncoder().encode(JSON.stringify(value))
}

export function textBytes(text: string): Uint8Array {
  return new TextEncoder().encode(text)
}
