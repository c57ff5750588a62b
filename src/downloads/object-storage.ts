/** Finished downloads in an S3-compatible object storage: for servers and workers that share no folder. */
import { createReadStream } from 'node:fs'
import { stat } from 'node:fs/promises'
import type { Readable } from 'node:stream'
import { setTimeout as delay } from 'node:timers/promises'
import type { S3Client } from '@aws-sdk/client-s3'
import { loadOptional } from '../platform/optional-package.ts'
import { SiibraError } from '../siibra/index.ts'
import { ANSWER_FILE_PREFIX, bodyName, isAnswerFileName, isBodyName, isBundleName } from '../tasks/answer/file-names.ts'
import { LONG_TASK_KEPT_MS } from '../tasks/long-tasks.ts'

/** Where the objects lie: `<endpoint>/<bucket>/<prefix><name>`. */
export interface BucketPlace {
  endpoint: string
  bucket: string
  /** Empty, or with a slash at its end. */
  prefix: string
}

/** Every function rejects with UPSTREAM_UNAVAILABLE where the storage cannot be asked or refuses. */
export interface ObjectStorage {
  /** Copies a file; at most a few pieces of it are in memory. */
  put(name: string, path: string): Promise<void>
  /** Size of an object; undefined where there is none. */
  bytesOf(name: string): Promise<number | undefined>
  /** Its bytes from `start` to `end`, both included, as they come. */
  read(name: string, start: number, end: number): Promise<Readable>
  remove(name: string): Promise<void>
  /** Removes bundles, bodies of requests and large answers older than a day, and nothing else; gives how many. */
  sweep(nowMs?: number): Promise<number>
  close(): void
}

/** What the names of all bundles, of all bodies of requests and of all large answers begin with. */
const PREFIXES = ['atlas-download-', bodyName(''), ANSWER_FILE_PREFIX]
const SWEEP_EVERY_MS = 3600 * 1000
const CONNECT_WITHIN_MS = 5_000
/** Longest silence on a connection. */
const SILENT_FOR_MS = 60_000
const SILENT = { debug() {}, info() {}, warn() {}, error() {} }
const PUT_ATTEMPTS = 3
const PUT_AGAIN_AFTER_MS = 500

/**
 * Opens a bucket; its credentials are found by the official client (AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY ...), which
 * is loaded here and nowhere else: it costs 80 ms and 20 MB. Throws a ConfigError where it is not installed.
 */
export async function openObjectStorage(place: BucketPlace, region: string): Promise<ObjectStorage> {
  const s3 = await loadOptional('SIIBRA_API_S3_URL', '@aws-sdk/client-s3', () => import('@aws-sdk/client-s3'))
  const client: S3Client = new s3.S3Client({
    endpoint: place.endpoint,
    region,
    forcePathStyle: true,
    // Checksums at the end of a body are an extension that other storages than Amazon's may not know.
    requestChecksumCalculation: 'WHEN_REQUIRED',
    responseChecksumValidation: 'WHEN_REQUIRED',
    // What goes wrong is told by whoever asked, not on the console.
    logger: SILENT,
    requestHandler: { connectionTimeout: CONNECT_WITHIN_MS, socketTimeout: SILENT_FOR_MS },
  })
  const objectOf = (name: string) => ({ Bucket: place.bucket, Key: `${place.prefix}${name}` })

  /** The answer to a question; what goes wrong with it is the storage's fault. */
  const ask = async <T>(question: () => Promise<T>): Promise<T> => {
    try {
      return await question()
    } catch (thrown) {
      if (thrown instanceof SiibraError) throw thrown
      throw unavailable(place, reasonOf(thrown), thrown)
    }
  }
  const remove = (name: string) => ask(async () => void (await client.send(new s3.DeleteObjectCommand(objectOf(name)))))

  return {
    async put(name, path) {
      const { size } = await stat(path)
      for (let attempt = 1; ; attempt++) {
        // A stream is read once, so that the client itself cannot try again.
        const body = createReadStream(path)
        try {
          await client.send(
            new s3.PutObjectCommand({
              ...objectOf(name),
              Body: body,
              ContentLength: size,
              ContentType: 'application/zip',
            }),
          )
          return
        } catch (thrown) {
          const status = statusOf(thrown) ?? 500
          if (attempt === PUT_ATTEMPTS || status < 500) throw unavailable(place, reasonOf(thrown), thrown)
        } finally {
          body.destroy()
        }
        await delay(PUT_AGAIN_AFTER_MS * attempt)
      }
    },
    bytesOf: (name) =>
      ask(async () => {
        try {
          return (await client.send(new s3.HeadObjectCommand(objectOf(name)))).ContentLength
        } catch (thrown) {
          if (statusOf(thrown) === 404) return undefined
          throw thrown
        }
      }),
    read: (name, start, end) =>
      ask(async () => {
        const range = `bytes=${start}-${end}`
        const answer = await client.send(new s3.GetObjectCommand({ ...objectOf(name), Range: range }))
        const body = answer.Body as Readable
        if (answer.ContentLength !== end - start + 1) {
          body.destroy()
          throw unavailable(place, `${answer.ContentLength} bytes of ${name} instead of ${range}`)
        }
        return body
      }),
    remove,
    async sweep(nowMs = Date.now()) {
      let removed = 0
      for (const prefix of PREFIXES) {
        let next: string | undefined
        do {
          const page = await ask(() =>
            client.send(
              new s3.ListObjectsV2Command({
                Bucket: place.bucket,
                Prefix: `${place.prefix}${prefix}`,
                ContinuationToken: next,
              }),
            ),
          )
          for (const { Key = '', LastModified } of page.Contents ?? []) {
            const name = Key.slice(place.prefix.length)
            const isOurs = isBundleName(name) || isBodyName(name) || isAnswerFileName(name)
            if (!isOurs || !LastModified || nowMs - LastModified.getTime() < LONG_TASK_KEPT_MS) continue
            await remove(name)
            removed++
          }
          next = page.IsTruncated ? page.NextContinuationToken : undefined
        } while (next !== undefined)
      }
      return removed
    },
    close: () => client.destroy(),
  }
}

/** Sweeps a storage now and every hour. */
export function keepStorageSwept(storage: ObjectStorage, onProblem: (message: string) => void): NodeJS.Timeout {
  const sweep = () => void storage.sweep().catch((thrown: Error) => onProblem(thrown.message))
  sweep()
  return setInterval(sweep, SWEEP_EVERY_MS).unref()
}

const statusOf = (thrown: unknown): number | undefined =>
  (thrown as { $metadata?: { httpStatusCode?: number } }).$metadata?.httpStatusCode

/** What went wrong: the client's names (AccessDenied, NoSuchBucket) say more than its messages, which may be missing. */
function reasonOf(thrown: unknown): string {
  const { name, message } = thrown as Error
  const status = statusOf(thrown)
  return [name, status === undefined ? '' : `(${status})`, message].filter(Boolean).join(' ')
}

function unavailable({ endpoint, bucket }: BucketPlace, reason: string, cause?: unknown): SiibraError {
  const url = `${endpoint}/${bucket}`
  return new SiibraError('UPSTREAM_UNAVAILABLE', `The object storage ${url} failed: ${reason}`, { url }, { cause })
}
