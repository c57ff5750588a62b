import { checkZstdFrames } from './zstd-frames.ts'

/**
 * zarrita, loaded when the first array is opened. Its Blosc reads behind the end of what is truncated, its Zstandard never ends there, so that
 * both are looked at before; and of several
 * codecs that it does not know it throws one, and leaves the others as rejections that nobody handles, which end a process: here they
 * are found, and throw when they are made.
 */
type Zarrita = typeof import('zarrita')

let loading: Promise<Zarrita> | undefined

export function loadZarrita(): Promise<Zarrita> {
  loading ??= import('zarrita').then((zarrita) => {
    for (const [codec, check] of Object.entries(CHECKS)) {
      for (const name of [codec, `numcodecs.${codec}`]) {
        const load = zarrita.registry.get(name)
        if (load) zarrita.registry.set(name, async () => checked(await load(), check) as never)
      }
    }
    const known = zarrita.registry.get.bind(zarrita.registry)
    zarrita.registry.get = (name) => known(name) ?? (() => unknownCodec(name) as never)
    return zarrita
  })
  return loading
}

function unknownCodec(name: string) {
  return {
    fromConfig() {
      throw new Error(`unknown codec ${JSON.stringify(name)}`)
    },
  }
}

interface BytesCodec {
  kind?: string
  encode(bytes: Uint8Array): Uint8Array | Promise<Uint8Array>
  decode(bytes: Uint8Array): Uint8Array | Promise<Uint8Array>
}

/** The header of a Blosc buffer: 16 bytes, of which the last four tell how long all of it is (little-endian). */
const HEADER_BYTES = 16

function checkBloscHeader(bytes: Uint8Array): void {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const told = bytes.length < HEADER_BYTES ? HEADER_BYTES : view.getUint32(12, true)
  if (told > bytes.length) throw new Error(`${bytes.length} bytes are no Blosc buffer of ${told}`)
}

/** What is looked at before a codec decodes. */
const CHECKS = { blosc: checkBloscHeader, zstd: checkZstdFrames }

function checked(codec: { fromConfig: unknown }, check: (bytes: Uint8Array) => void) {
  const make = codec.fromConfig as (configuration: unknown, meta: unknown) => BytesCodec
  return {
    kind: 'bytes_to_bytes',
    fromConfig(configuration: unknown, meta: unknown): BytesCodec {
      const inner = make.call(codec, configuration, meta)
      return {
        kind: 'bytes_to_bytes',
        encode: (bytes) => inner.encode(bytes),
        decode(bytes) {
          check(bytes)
          return inner.decode(bytes)
        },
      }
    },
  }
}
