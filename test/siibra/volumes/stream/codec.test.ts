/** A node whose undocumented handle does something else than is expected of it. */
import { afterEach, expect, test, vi } from 'vitest'

interface Handle {
  writeSync(...numbers: unknown[]): void
  onerror: unknown
}
interface Stream {
  _handle: Handle | undefined
  _writeState: Uint32Array
}
type Change = (stream: Stream) => void

/** Opens a codec where streams that inflate are changed. */
async function openWhere(change: Change, kind: 'inflate' | 'deflate' = 'deflate') {
  vi.resetModules()
  vi.doMock('node:zlib', async (importOriginal) => {
    const zlib = await importOriginal<typeof import('node:zlib')>()
    const createInflateRaw = (options: object) => {
      const stream = zlib.createInflateRaw(options)
      change(stream as unknown as Stream)
      return stream
    }
    return { ...zlib, createInflateRaw }
  })
  const { openCodec } = await import('../../../../src/siibra/volumes/stream/codec.ts')
  return openCodec(kind)
}

/** After each write, what the handle told and gave is changed. */
const afterWrite =
  (then: (state: Uint32Array, output: Uint8Array) => void): Change =>
  (stream) => {
    const handle = stream._handle!
    const write = handle.writeSync.bind(handle)
    handle.writeSync = (...numbers) => {
      write(...numbers)
      then(stream._writeState, numbers[4] as Uint8Array)
    }
  }

afterEach(() => {
  vi.doUnmock('node:zlib')
  vi.resetModules()
})

test('as it is, it is used', async () => {
  const codec = await openWhere(() => {}, 'inflate')
  expect(codec).toBeDefined()
  codec!.close()
})

test.each<[string, Change]>([
  [
    'what has no handle',
    (stream) => {
      stream._handle = undefined
    },
  ],
  [
    'what throws',
    afterWrite(() => {
      throw new Error('no such call')
    }),
  ],
  [
    'what takes another number of bytes',
    afterWrite((state) => {
      state[1]! += 1
    }),
  ],
  [
    'what gives another number of bytes',
    afterWrite((state) => {
      state[0]! += 1
    }),
  ],
  [
    'what gives other bytes',
    afterWrite((_, output) => {
      output[500]! ^= 1
    }),
  ],
])('%s is not used, in neither direction', async (_, change) => {
  expect(await openWhere(change, 'deflate')).toBeUndefined()
  expect(await openWhere(change, 'inflate')).toBeUndefined()
})
