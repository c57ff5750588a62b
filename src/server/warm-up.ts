/**
 * What siibra-explorer asks first, asked before it does: from the listings of the service itself, in order of criticality.
 * Spelled as that client spells it, so that the answers are found by the raw URL as well.
 */

import { setTimeout as sleep } from 'node:timers/promises'

export interface WarmUpAnswer {
  status: number
  body: string
}

export interface WarmUpOptions {
  /** Asks the service. */
  get(path: string): Promise<WarmUpAnswer>
  /** Waits until nothing more important is under way. */
  pause?: () => Promise<void>
  signal?: AbortSignal
}

export interface WarmUpReport {
  asked: number
  failed: number
  ms: number
}

/** Of an index that is being made. */
const NOT_YET = 503
const RETRY_MS = 2_000
const MAX_TRIES = 60

interface Identified {
  '@id': string
}
interface Atlas extends Identified {
  species?: string
  spaces?: Identified[]
  parcellations?: Identified[]
}
interface Versioned {
  version?: { prev?: Identified | null; next?: Identified | null } | null
}
interface Page<T> {
  items: T[]
  pages: number
}
interface MapOf {
  parcellation: Identified
  space: Identified
}

/** As Angular spells a value of a query; paths are left as they are, but for blanks. */
const value = (text: string) => encodeURIComponent(text).replace(/%(?:40|3A|24|2C|3B|3D|3F|2F)/g, decodeURIComponent)
const inPath = (id: string) => encodeURI(id)

/** Asks until all is asked, or `signal` is aborted. Failures are counted: what is missing is made when it is asked for. */
export async function warmUp({ get, pause, signal }: WarmUpOptions): Promise<WarmUpReport> {
  const startedMs = performance.now()
  const report = { asked: 0, failed: 0, ms: 0 }
  let lastStatus = 0
  const ask = async <T>(path: string): Promise<T | undefined> => {
    if (signal?.aborted) return undefined
    await pause?.()
    const { status, body } = await get(`/v3_0${path}`)
    lastStatus = status
    report.asked++
    if (status >= 500) report.failed++
    return status === 200 ? (JSON.parse(body) as T) : undefined
  }
  const askAll = async (paths: readonly string[]) => {
    for (const path of paths) await ask(path)
  }

  const atlases = (await ask<Page<Atlas>>('/atlases'))?.items ?? []
  const isHuman = ({ species }: Atlas) => species === 'Homo sapiens'
  const inOrder = [...atlases.filter(isHuman), ...atlases.filter((atlas) => !isHuman(atlas))]
  const newest = new Set<string>()
  for (const { spaces = [], parcellations = [] } of inOrder) {
    await askAll(spaces.map((space) => `/spaces/${inPath(space['@id'])}`))
    for (const parcellation of parcellations) {
      const { version } = (await ask<Versioned>(`/parcellations/${inPath(parcellation['@id'])}`)) ?? {}
      if (version?.prev && !version.next) newest.add(parcellation['@id'])
    }
  }
  const types = ask('/feature/_types')
  for (const { spaces = [], parcellations = [] } of inOrder) {
    for (const parcellation of parcellations) await warmParcellation(value(parcellation['@id']))
    await askAll(spaces.map((space) => `/maps?map_type=LABELLED&space_id=${value(space['@id'])}&page=1`))
  }
  await types
  await prepareAssignment()
  report.ms = performance.now() - startedMs
  return report

  /**
   * The first point in a map of probabilities needs the index of all of its regions: of the newest version of the first
   * parcellation that has versions, in the space with most such maps; without versions, of the first parcellation that has such a map. Any
   * point will do. An index that takes longer than a request waits is asked for until it is there.
   */
  async function prepareAssignment(): Promise<void> {
    const maps = (await ask<Page<MapOf>>('/maps?map_type=STATISTICAL&size=100'))?.items ?? []
    const inSpace = (id: string) => maps.filter(({ space }) => space['@id'] === id).length
    const candidates = maps.filter(({ parcellation }) => newest.has(parcellation['@id']))
    const bySpace = (a: MapOf, b: MapOf) => inSpace(b.space['@id']) - inSpace(a.space['@id'])
    const shown = inOrder.flatMap(({ parcellations = [] }) => parcellations)
    const first = shown.find((one) => maps.some(({ parcellation }) => parcellation['@id'] === one['@id']))
    const ofFirst = maps.filter(({ parcellation }) => parcellation['@id'] === first?.['@id'])
    const best = candidates.sort(bySpace)[0] ?? ofFirst.sort(bySpace)[0]
    if (best === undefined) return
    const where = `parcellation_id=${value(best.parcellation['@id'])}&space_id=${value(best.space['@id'])}`
    const path = `/map/assign?${where}&point=0mm,0mm,0mm`
    for (let tries = 0; tries < MAX_TRIES; tries++) {
      await ask(path)
      if (lastStatus !== NOT_YET || signal?.aborted) return
      report.failed--
      await sleep(RETRY_MS, undefined, { ref: false })
    }
  }

  /** What the choice of a parcellation leads to, in each space in which it is drawn. */
  async function warmParcellation(id: string): Promise<void> {
    const maps = await ask<Page<MapOf>>(`/maps?map_type=LABELLED&parcellation_id=${id}&page=1`)
    const { pages = 1 } = (await ask<Page<unknown>>(`/regions?parcellation_id=${id}`)) ?? {}
    for (let page = pages; page > 1; page--) await ask(`/regions?parcellation_id=${id}&page=${page}`)
    for (const map of maps?.items ?? [])
      await ask(`/map?map_type=LABELLED&parcellation_id=${id}&space_id=${value(map.space['@id'])}`)
  }
}
