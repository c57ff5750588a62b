/** Asks a service past its response cache. */

/** What takes longer ends the bench. */
const LIMIT_MS = 60_000

export interface Timed<T> {
  ms: number
  status: number
  body: T
}

export async function timed<T = unknown>(url: string): Promise<Timed<T>> {
  const startMs = performance.now()
  const answer = await fetch(url, {
    headers: { 'x-bypass-fastapi-cache': '1' },
    signal: AbortSignal.timeout(LIMIT_MS),
  })
  const body = (await answer.json()) as T
  return { ms: performance.now() - startMs, status: answer.status, body }
}

/** The same, where anything but an answer is a fault of the bench. */
export async function ask<T>(url: string): Promise<T> {
  const { status, body } = await timed<T>(url)
  if (status !== 200) throw new Error(`${url}: ${status} ${JSON.stringify(body).slice(0, 200)}`)
  return body
}

/** All items of a listing. */
export async function askAll<T>(url: string): Promise<T[]> {
  const items: T[] = []
  for (let page = 1; ; page++) {
    const separator = url.includes('?') ? '&' : '?'
    const answer = await ask<{ items: T[]; pages: number }>(`${url}${separator}size=100&page=${page}`)
    items.push(...answer.items)
    if (page >= answer.pages) return items
  }
}
