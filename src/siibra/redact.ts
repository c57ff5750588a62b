/** Credentials in texts: every URL that leaves the process, in an answer or a log, goes through here. */

const MASK = '***'
const URL_IN_TEXT = /\b[a-z][a-z0-9+.-]*:\/\/[^\s"'`<>\\]+/gi
/** A URL within the query of another one. */
const ENCODED_USER_INFO = /(%3A%2F%2F)(?:(?!%2F|%3F|%23)[^\s"'`<>\\&])*%40/gi
/** `name=value` as in queries, fragments and forms, where the name says that the value is a secret. */
const SECRET_PARAMETER =
  /([?&#;])([\w.%~-]*(?:token|secret|passw|passphrase|pwd|signature|credential|api[-_.]?key|access[-_.]?key|private[-_.]?key|session|authorization|jwt)[\w.%~-]*|auth|sig|key|code|pass|pw)=([^&#;\s"'`<>\\]+)/gi
const AUTHORIZATION = /\b(Basic|Bearer)\s+[A-Za-z0-9+/_.~-]{6,}=*/g

/**
 * A text without the credentials that its URLs hold: user info (`https://user:password@host`) and the values of
 * parameters whose names say that they are secret. All else stays as it is, so that who reads it can still search for it.
 * What is masked can put another mark next to an authority, so it is looked at again until nothing changes.
 */
export function redactCredentials(text: string): string {
  let before = text
  let after = redactOnce(text)
  while (after !== before) {
    before = after
    after = redactOnce(before)
  }
  return after
}

function redactOnce(text: string): string {
  let result = text
  if (result.includes('://')) result = result.replace(URL_IN_TEXT, withoutUserInfo)
  if (/%3a%2f%2f/i.test(result)) result = result.replace(ENCODED_USER_INFO, `$1${MASK}%40`)
  if (result.includes('=')) result = result.replace(SECRET_PARAMETER, `$1$2=${MASK}`)
  if (/\b(?:Basic|Bearer)\s/.test(result)) result = result.replace(AUTHORIZATION, `$1 ${MASK}`)
  return result
}

/** User info ends at the last `@` of the authority; where the whole is no URL (a bare slash in a password), at the last of all. */
function withoutUserInfo(url: string): string {
  const start = url.indexOf('://') + 3
  const authority = url.slice(start).replace(/[/?#].*$/s, '')
  const end = authority.includes('@')
    ? authority.lastIndexOf('@')
    : URL.canParse(url)
      ? -1
      : url.slice(start).lastIndexOf('@')
  return end < 0 ? url : `${url.slice(0, start)}${MASK}${url.slice(start + end)}`
}

/** The same for any value that becomes JSON: texts in arrays and objects, at any depth. */
export function mapTexts<T>(value: T, change: (text: string) => string): T {
  if (typeof value === 'string') return change(value) as T
  if (Array.isArray(value)) return value.map((item) => mapTexts(item, change)) as T
  if (value === null || typeof value !== 'object' || Object.getPrototypeOf(value) !== Object.prototype) return value
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, mapTexts(item, change)])) as T
}
