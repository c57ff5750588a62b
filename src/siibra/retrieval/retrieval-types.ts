import type { DiskCache } from './cache/disk-cache.ts'
import type { ByteRange, ReadOptions, Store } from './stores/store.ts'

/** Reads remote data by URL: mirror first, then disk cache and origin. Missing (404) is `undefined`; `required` insists. */
export interface Retrieval {
  /** All of it as one store (keys are URLs). */
  store: Store
  bytes(url: string, options?: ReadOptions): Promise<Uint8Array | undefined>
  /** A part of a file; a range past the end gives what is there. */
  range(url: string, range: ByteRange, options?: ReadOptions): Promise<Uint8Array | undefined>
  /** Throws BAD_DATA where the file is no JSON. */
  json<T = unknown>(url: string, options?: ReadOptions): Promise<T | undefined>
  /** The JSON answer to a JSON body; retried like a read, so only for services without side effects. */
  postJson<T = unknown>(url: string, body: unknown, options?: ReadOptions): Promise<T>
  /**
   * One member of a zip archive, by ranges where the server allows them. `member` is its name or an end of it that is
   * unique in the archive. `undefined` where there is no such archive or member.
   */
  zipMember(url: string, member: string, options?: ReadOptions): Promise<Uint8Array | undefined>
  /**
   * Makes the files of a store readable below an address of their own, which is returned (`configuration://<name>/`): what lies beside a
   * configuration. They are asked past mirror, caches and network.
   */
  mount(name: string, files: Store): string
  /** What was read of these URLs could be decoded: caches keep it for as long as their policy says. */
  confirm?(urls: ReadonlySet<string>): Promise<void>
  /**
   * What was read of these URLs could not be decoded: caches forget it. False where all of them were asked for anew
   * within the last seconds: then another time would come too soon.
   */
  reject?(urls: ReadonlySet<string>): Promise<boolean>
  /** Bytes made out of remote data, kept on disk beside these and within the same bound; undefined without a cache folder. */
  derived?: DerivedBytes | undefined
  close(): Promise<void>
}

export interface DerivedBytes extends Pick<DiskCache, 'read' | 'write'>, Partial<Pick<DiskCache, 'lease'>> {
  /** Resolves when what was written is on the disk. */
  settle?(): Promise<void>
}
