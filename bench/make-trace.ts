/**
 * Writes the trace of a session for the atlas that a running service serves: what siibra-explorer would ask, in its order
 * and groups, with ids from the service's own listings. bench/traces/demo.json was made with it from the demo atlas.
 *
 *   npx tsx bench/make-trace.ts --base http://127.0.0.1:5000 --to bench/traces/demo.json
 */
import { writeFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import type { Criticality, Sender, Step } from './session/trace.ts'

const { base, to } = parseArgs({
  options: { base: { type: 'string', default: 'http://127.0.0.1:5000' }, to: { type: 'string' } },
}).values

interface Page<T> {
  items: T[]
  pages: number
}
type Identified = { '@id': string }

const read = async <T>(path: string): Promise<T> => {
  const answer = await fetch(new URL(path, base))
  if (!answer.ok) throw new Error(`${path} answered ${answer.status}`)
  return answer.json() as Promise<T>
}

const { examples } = (await read<{ configuration: { examples: Record<string, string> } }>('/readyz')).configuration
const { atlas_id: atlasId, space_id: space, parcellation_id: parcellation, region_id: region } = examples
if (!atlasId || !space || !parcellation || !region) throw new Error('The configuration has no labelled map to select')

/** As Angular spells a value of a query, and a name in a path. */
const value = (text: string) => encodeURIComponent(text).replace(/%(?:40|3A|24|2C|3B|3D|3F|2F)/g, decodeURIComponent)
const name = (text: string) => encodeURI(text)
const query = (parameters: Record<string, string>) =>
  Object.entries(parameters)
    .map(([key, text]) => `${key}=${value(text)}`)
    .join('&')

const steps: Step[] = []
interface Group {
  phase: string
  parallelGroup: string
  criticality?: Criticality
  client?: Sender
}
const add = ({ phase, parallelGroup, criticality = 'critical', client = 'xhr' }: Group, ...paths: string[]) => {
  for (const path of paths)
    steps.push({ phase, parallelGroup, criticality, client, method: 'GET', path: `/v3_0${path}` })
}

const atlas = await read<{ spaces: Identified[]; parcellations: Identified[] }>(`/v3_0/atlases/${value(atlasId)}`)
add({ phase: 'cold_start', parallelGroup: 'cs1', client: 'fetch' }, '/atlases')
add({ phase: 'cold_start', parallelGroup: 'cs2' }, '/atlases')
const ofAtlas = [
  ...atlas.spaces.map((item) => `/spaces/${name(item['@id'])}`),
  ...atlas.parcellations.map((item) => `/parcellations/${name(item['@id'])}`),
]
add({ phase: 'cold_start', parallelGroup: 'cs3' }, ...ofAtlas)

const select = 'select_parcellation'
const ofParcellation = { parcellation_id: parcellation }
const inSpace = { space_id: space, ...ofParcellation }
const labelled = { map_type: 'LABELLED' }
add(
  { phase: select, parallelGroup: 'sel1' },
  `/maps?${query({ ...labelled, ...ofParcellation, page: '1' })}`,
  `/maps?${query({ ...labelled, space_id: space, page: '1' })}`,
)
add({ phase: select, parallelGroup: 'sel2' }, `/regions?${query(ofParcellation)}`)
const { pages } = await read<Page<unknown>>(`/v3_0/regions?${query(ofParcellation)}`)
for (let page = pages; page > 1; page--)
  add({ phase: select, parallelGroup: 'sel3' }, `/regions?${query({ ...ofParcellation, page: String(page) })}`)
add({ phase: select, parallelGroup: 'sel4' }, `/map?${query({ ...labelled, ...ofParcellation, space_id: space })}`)

const types = (await read<Page<{ name: string; category: string | null }>>('/v3_0/feature/_types?size=100')).items
const isOf = (parent: string) => types.filter((type) => type.name.split('.').includes(parent) && type.category)
const lastName = (type: { name: string }) => type.name.split('.').at(-1) as string
add({ phase: 'viewer_ready', parallelGroup: 'vr1', criticality: 'normal' }, '/feature/_types')
for (const type of isOf('Image')) {
  const where = query({ type: lastName(type), space_id: space, bbox: '[[-44.8,-44.8,-44.8],[44.8,44.8,44.8]]' })
  add(
    { phase: 'viewer_ready', parallelGroup: 'vr2', criticality: 'background' },
    `/feature/Image?${where}&page=1&size=50`,
  )
}

const click = { phase: 'click_region', criticality: 'normal' } as const
const form = (parameters: Record<string, string>) => new URLSearchParams(parameters).toString()
const ofRegion = { ...ofParcellation, region_id: region }
add(
  { ...click, parallelGroup: 'cr1', client: 'fetch' },
  `/map/statistical_map.nii.gz?${form({ ...ofRegion, space_id: space })}`,
)
add(
  { ...click, parallelGroup: 'cr1', criticality: 'critical' },
  `/regions/${name(region)}?${query({ ...ofParcellation, space_id: space })}`,
)
add(
  { ...click, parallelGroup: 'cr1' },
  `/regions/${name(region)}/related?${query({ ...ofParcellation, page: '1' })}`,
  `/maps?${query({ ...ofParcellation, space_id: space, page: '1' })}`,
)
const maps = (await read<Page<Identified>>(`/v3_0/maps?${query(inSpace)}`)).items
add(
  { ...click, parallelGroup: 'cr2', criticality: 'background' },
  ...maps.map((map) => `/maps/${encodeURIComponent(map['@id'])}`),
)
const listings = ['EbrainsDataFeature', 'CorticalProfile', 'Image', 'Tabular'].flatMap((group) =>
  isOf(group)
    .filter((type) => lastName(type) !== 'GeneExpressions' && (group !== 'Tabular' || !isCorticalProfile(type)))
    .map((type) => ({ group, type: lastName(type) })),
)
const listing = ({ group, type }: { group: string; type: string }) =>
  `/feature/${group}?${query({ type, ...inSpace, region_id: region })}&page=1&size=50`
add({ ...click, parallelGroup: 'cr3' }, ...listings.map(listing))

let opened = 0
for (const item of listings.filter(({ group }) => group === 'Tabular' || group === 'CorticalProfile')) {
  const [first] = (await read<Page<{ id: string }>>(`/v3_0${listing(item)}`)).items
  if (first === undefined || ++opened > 2) continue
  const group = { phase: 'open_feature', parallelGroup: `of${opened}`, criticality: 'normal' } as const
  add(group, `/feature/${name(first.id)}`, `/feature/${name(first.id)}/plotly?template=plotly_dark`)
}

const { bestViewPoint } = (
  await read<{ hasAnnotation?: { bestViewPoint?: { coordinates: { value: number }[] } } }>(
    `/v3_0/regions/${value(region)}?${query({ ...ofParcellation, space_id: space })}`,
  )
).hasAnnotation ?? { bestViewPoint: undefined }
const point = (bestViewPoint?.coordinates ?? []).map((coordinate) => `${coordinate.value}mm`).join(',')
if (point)
  add(
    { phase: 'point_assignment', parallelGroup: 'pa1', criticality: 'normal' },
    `/map/assign?${query({ ...ofParcellation, point, space_id: space })}`,
  )
const box = '[[-168,-168,-168],[168,168,168]]'
add(
  { phase: 'atlas_download', parallelGroup: 'ad1', criticality: 'background', client: 'fetch' },
  `/atlas_download?${form({ ...ofParcellation, space_id: space, bbox: box })}`,
)

const text = `${JSON.stringify(steps, null, 1)}\n`
if (to) writeFileSync(to, text)
else process.stdout.write(text)

function isCorticalProfile(type: { name: string }): boolean {
  return type.name.split('.').includes('CorticalProfile')
}
