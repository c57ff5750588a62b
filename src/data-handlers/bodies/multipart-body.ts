/** The file within a `multipart/form-data` body, as browsers and `curl -F` send them. */
import { Readable } from 'node:stream'
import { Busboy, type BusboyFileStream } from '@fastify/busboy'
import { SiibraError } from '../../siibra/index.ts'
import { bodyError, type StreamedBody } from '../../tasks/answer/body.ts'

/** The bytes of the first file in a body; other parts are passed over. Throws INVALID_PARAMETER where there is none, or it is cut off. */
export async function* firstFileOf(body: StreamedBody): AsyncGenerator<Uint8Array> {
  const source = Readable.from(body.chunks())
  const parser = new Busboy({
    headers: { 'content-type': `multipart/form-data; boundary="${body.boundary}"` },
    limits: { fields: 100, fieldSize: 1024 ** 2, parts: 200 },
  })
  let file: BusboyFileStream | undefined
  const found = new Promise<BusboyFileStream>((resolve, reject) => {
    parser.on('file', (_, stream) => {
      if (file !== undefined) return void stream.resume()
      file = stream
      resolve(stream)
    })
    parser.on('finish', () => reject(bodyError('The multipart body holds no file')))
    const fail = (error: unknown) => {
      file?.destroy(error as Error)
      reject(error as Error)
    }
    parser.on('error', fail)
    source.on('error', fail)
  })
  source.pipe(parser)
  try {
    yield* await found
  } catch (thrown) {
    if (thrown instanceof SiibraError) throw thrown
    throw bodyError(`The multipart body cannot be read: ${(thrown as Error).message}`)
  } finally {
    source.destroy()
    parser.destroy()
  }
}
