/** How many pages are asked, and how many at a time. */
const PAGES = 3000
const CONCURRENCY = 16

export interface PagesRun {
  perSecond: number
  /** CPU time of all processes of the service, a page. */
  cpuMs: number
}

/**
 * Asks for pages of the regions of a parcellation, of all sizes, past the cache. Throws where one is refused.
 *
 * @param cpuS  CPU seconds that the service has used so far
 */
export async function askPages(base: string, cpuS: () => number): Promise<PagesRun> {
  const listing = async (path: string) =>
    ((await (await fetch(`${base}/v3_0/${path}`)).json()) as { items: { '@id': string }[] }).items
  const [atlas] = await listing('atlases')
  const [first] = await listing(`parcellations?atlas_id=${encodeURIComponent(atlas?.['@id'] ?? '')}`)
  const parcellation = encodeURIComponent(first?.['@id'] ?? '')
  const startedCpuS = cpuS()
  const startedMs = performance.now()
  let next = 0
  const ask = async () => {
    while (next < PAGES) {
      const number = next++
      const query = `parcellation_id=${parcellation}&page=1&size=${1 + (number % 100)}`
      const answer = await fetch(`${base}/v3_0/regions?${query}`, { headers: { 'x-bypass-fastapi-cache': '1' } })
      await answer.arrayBuffer()
      if (answer.status !== 200) throw new Error(`${answer.url}: ${answer.status}`)
    }
  }
  await Promise.all(Array.from({ length: CONCURRENCY }, ask))
  const seconds = (performance.now() - startedMs) / 1000
  return { perSecond: PAGES / seconds, cpuMs: ((cpuS() - startedCpuS) / PAGES) * 1000 }
}
