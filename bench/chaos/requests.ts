/** What the load asks of the demo atlas: every queue, small and large answers, bodies, tasks that are fetched later. */
import { fail, type Outcome, type Reply, send } from './exchange.ts'

export interface Kind {
  name: string
  /** One request of this kind, or the few that belong together; what it gives is compared with what came before the fault. */
  ask(base: string, headers: Record<string, string>): Promise<Outcome>
}

const PARCELLATION = 'siibra-api/demo/parcellation/harbour-2'
const SPACE = 'siibra-api/demo/space/harbour-mean'
const REGION = 'Area B1 (Bow) left'

const query = (parameters: Record<string, string>) => new URLSearchParams(parameters).toString()
const inParcellation = query({ parcellation_id: PARCELLATION })
const inRegion = query({ parcellation_id: PARCELLATION, region_id: REGION })
const inSpace = query({ parcellation_id: PARCELLATION, space_id: SPACE })
const region = `/regions/${encodeURIComponent(REGION)}`
const POINT = 'point=-20mm,44mm,-5mm'

const READ = [
  '/atlases',
  `/spaces/${SPACE}`,
  `/parcellations/${PARCELLATION}`,
  `/regions?${inParcellation}`,
  `${region}?${inSpace}`,
  `${region}/overview?${inSpace}`,
  `/map?${inSpace}&map_type=STATISTICAL`,
  `/map/assign?${inSpace}&${POINT}`,
  `/map/assign?${inSpace}&${POINT}&sigma_mm=8`,
  `/map/statistical_map.info.json?${inSpace}&region_id=${REGION}`,
  `/map/statistical_map.nii.gz?${inSpace}&region_id=${REGION}`,
  `/map/labelled_map.nii.gz?${inSpace}`,
  `/map/slice.png?${inSpace}&region_id=${REGION}`,
  `/parcellations/${PARCELLATION}/region_table?${query({ space_id: SPACE })}`,
  `/feature/Tabular?${inRegion}&type=ReceptorDensityFingerprint`,
  `/feature/RegionalConnectivity?${inParcellation}&type=StreamlineCounts`,
  `/feature/GeneExpressions?${inRegion}&gene=MAOA`,
  `/feature/matrix?${inParcellation}&type=ReceptorDensityFingerprint`,
  `/features?${inRegion}`,
  '/vocabularies/genes?find=MAOA',
  // what is refused has to be refused in the same words
  '/atlases/nothing',
  `/map/assign?${inSpace}&point=here`,
]

const points = Array.from({ length: 200 }, (_, i) => `${-40 + (i % 80)},${44 - (i % 50)},${(i % 30) - 15}`)
const SENT = [
  { path: `/map/assign?${inSpace}&summary=region`, type: 'text/csv', body: ['x,y,z', ...points].join('\n') },
  {
    path: `/map/colorized.nii.gz?${inSpace}`,
    type: 'application/json',
    body: JSON.stringify({ values: { [REGION]: 1.5 } }),
  },
]

/** A bundle: itself, in role all; else the task that makes it is looked at until it is there. It is told where it lacks parts. */
const bundle = async (base: string, path: string, headers: Record<string, string>): Promise<Outcome> => {
  const asked = await send(base, path, { headers })
  if (asked.status !== 200 || !asked.headers['content-type']?.includes('json')) return asked.outcome()
  const place = `/v3_0/atlas_download/${JSON.parse(asked.bytes.toString()).task_id}`
  return follow(base, place, `${place}/download`)
}

/** A task that is sent, looked at until it has ended, and fetched. One that Redis has lost with all its data is not known any more. */
const untilDone = async (base: string, path: string, headers: Record<string, string>): Promise<Outcome> => {
  const asked = await send(base, path, { headers: { ...headers, prefer: 'respond-async' } })
  const place = asked.headers.location
  if (asked.status !== 202 || place === undefined) return asked.outcome()
  return follow(base, place, `${place}/result`)
}

async function follow(base: string, place: string, resultPlace: string): Promise<Outcome> {
  const giveUpMs = performance.now() + LATER_WITHIN_MS
  for (;;) {
    const state: Reply = await send(base, place)
    if (isForgotten(state)) return FORGOTTEN
    if (state.status !== 200) return state.outcome()
    const { status } = JSON.parse(state.bytes.toString())
    if (status === 'SUCCESS' || status === 'FAILURE') {
      const result = await send(base, resultPlace)
      // a bundle that lacked parts, and that somebody else has asked for again: it is made anew
      if (result.status === 404 && result.headers['retry-after'] !== undefined) continue
      return isForgotten(result) ? FORGOTTEN : result.outcome()
    }
    if (performance.now() > giveUpMs) return fail('a task has not ended')
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
}
const isForgotten = ({ status }: Reply) => status === 404
const LATER_WITHIN_MS = 40_000
const FORGOTTEN: Outcome = { kind: 'refused', why: 'a task that was sent is not known any more (404)' }

export const KINDS: readonly Kind[] = [
  ...READ.map((path) => ({
    name: `GET ${path}`,
    ask: async (base: string, headers: Record<string, string>) =>
      (await send(base, `/v3_0${path}`, { headers })).outcome(),
  })),
  ...SENT.map(({ path, type, body }) => ({
    name: `POST ${path}`,
    ask: async (base: string, headers: Record<string, string>) =>
      (
        await send(base, `/v3_0${path}`, { method: 'POST', body, headers: { ...headers, 'content-type': type } })
      ).outcome(),
  })),
  {
    name: 'GET a bundle',
    ask: (base, headers) =>
      bundle(base, `/v3_0/atlas_download?${inSpace}&region_id=${encodeURIComponent(REGION)}`, headers),
  },
  {
    name: 'GET later',
    ask: (base, headers) => untilDone(base, `/v3_0${region}/features?${inParcellation}`, headers),
  },
]
