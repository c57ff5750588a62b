/** What is sent as a body that is not JSON: a volume, a table of points (texts count as CSV), a form. */
export type FileBody = Blob | Uint8Array<ArrayBuffer> | ArrayBuffer | FormData | string

declare const file: unique symbol
/** Stands for an answer that is no JSON: it is read by `bytes`, `nifti` or `text`. */
export interface FileAnswer {
  readonly [file]: true
}

export interface RequestOptions {
  /** Ends the request, and its repetitions. */
  signal?: AbortSignal | undefined
  /** Called as bytes arrive; `total` is undefined where the service does not say it. */
  onProgress?: (received: number, total: number | undefined) => void
  headers?: Readonly<Record<string, string>>
}

/** Of a request that sends a body. */
export interface BodyOptions extends RequestOptions {
  /** Of a body that is not JSON. Default: of a Blob its own, `text/csv` of a text, else `application/octet-stream`. */
  contentType?: string
}

export interface ClientOptions {
  /** How often a request is sent again after 429, 502, 503, 504 or a broken connection. Default: 3. */
  retries?: number
  /** The longest pause before a repetition; where `Retry-After` asks for more, the error is thrown. Default: 30 s. */
  maxPauseMs?: number
  /** Bytes of answers that are kept, fresh ones given again, others validated by their ETag. 0: none. Default: 16 MiB. */
  cacheBytes?: number
  /** Sent with every request. */
  headers?: Readonly<Record<string, string>>
  /** In place of the global `fetch`. */
  fetch?: typeof fetch
}
