/** An answer as it came. */
export interface Kept {
  bytes: Uint8Array<ArrayBuffer>
  etag: string
  freshUntilMs: number
}

export interface AnswerCache {
  get(key: string): Kept | undefined
  set(key: string, kept: Kept): void
}

/** Keeps answers up to a number of bytes; those that were asked for longest ago go first. */
export function createAnswerCache(maxBytes: number): AnswerCache {
  const known = new Map<string, Kept>()
  let size = 0
  const remove = (key: string) => {
    size -= known.get(key)?.bytes.length ?? 0
    known.delete(key)
  }
  return {
    get(key) {
      const kept = known.get(key)
      if (kept) {
        known.delete(key)
        known.set(key, kept)
      }
      return kept
    },
    set(key, kept) {
      remove(key)
      if (kept.bytes.length > maxBytes / 4) return
      known.set(key, kept)
      size += kept.bytes.length
      for (const oldest of known.keys()) {
        if (size <= maxBytes) break
        remove(oldest)
      }
    },
  }
}

/** Until when an answer may be given again without asking, by its `Cache-Control`. */
export function freshUntilMs(headers: Headers): number {
  const seconds = /(?:^|[\s,])max-age=(\d+)/.exec(headers.get('cache-control') ?? '')?.[1]
  return Date.now() + Number(seconds ?? 0) * 1000
}
