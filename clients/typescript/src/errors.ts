/** Why a request has no answer, in the words of the service. */
export class ApiError extends Error {
  override readonly name = 'ApiError'
  /** HTTP status; 0 where the service could not be reached. */
  readonly status: number
  /** `NOT_FOUND`, `INVALID_PARAMETER` ...; `UNREACHABLE` where the service could not be reached. */
  readonly code: string
  /** A text, or a list of what is wrong with which parameter. */
  readonly detail: unknown
  readonly url: string

  constructor(status: number, code: string, detail: unknown, url: string, options?: ErrorOptions) {
    super(typeof detail === 'string' ? detail : JSON.stringify(detail), options)
    this.status = status
    this.code = code
    this.detail = detail
    this.url = url
  }
}

/** The error that an answer tells: reads the service's envelope, whose `message` is JSON with `detail` and `code`; proxies between send other things. */
export async function errorOf(response: Response, url: string): Promise<ApiError> {
  const { status } = response
  const text = await response.text().catch(() => '')
  try {
    const { detail, code } = JSON.parse(JSON.parse(text).message)
    return new ApiError(status, code, detail, url)
  } catch {
    return new ApiError(status, `HTTP_${status}`, text.slice(0, 300) || `status ${status}`, url)
  }
}
