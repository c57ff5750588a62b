/** The routes of the OpenAPI document that are about atlases, on an imported one, offline: an answer in its documented form, or a clear word of what there is not. */
import { cpSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { importAtlas } from '../../src/import/import-atlas.ts'
import { type Answer, startTestApp, type TestApp } from '../app.ts'
import { type DocumentedAnswers, loadOpenApi } from '../demo/openapi-document.ts'

vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 })

const FIXTURES = join(import.meta.dirname, '../fixtures/import')
const WORK = mkdtempSync(join(tmpdir(), 'siibra-every-'))
const PARCELLATION = 'parcellation_id=Blocks'
const SPACE = 'Blocks%20space'
const IN_SPACE = `${PARCELLATION}&space_id=${SPACE}`
const REGION = `${PARCELLATION}&region_id=Alpha_L`
const HERE = 'point=-11mm,-7mm,-5mm'
const MASK = `@/map/labelled_map.nii.gz?${IN_SPACE}&region_id=Alpha_L`

/** By name of the route: what is asked below `/v3_0`; `<listing>` in a path is the id of its first item. `POST` has a body behind it: JSON, or with `@` the file that a path gives. */
const REQUESTS: Record<string, string[]> = {
  get_all_atlases: ['/atlases'],
  get_single_atlas: ['/atlases/</atlases>'],
  get_all_spaces: ['/spaces'],
  get_single_space: ['/spaces/</spaces>'],
  get_all_parcellations: ['/parcellations'],
  get_single_parcellation: ['/parcellations/</parcellations>'],
  get_all_regions: [`/regions?${PARCELLATION}`, `/regions?${PARCELLATION}&find=alpha`, '/regions?find=alpha'],
  get_all_features_region: [`/regions/Alpha_L/features?${PARCELLATION}`],
  get_related_region: [`/regions/Alpha_L/related?${PARCELLATION}`],
  get_single_regions: [`/regions/Alpha_L?${PARCELLATION}`, `/regions/Alpha_L?${IN_SPACE}`],
  get_siibra_map: [`/map?${IN_SPACE}&map_type=LABELLED`],
  filter_map: ['/maps', `/maps?${IN_SPACE}`],
  single_map: ['/maps/</maps>'],
  get_resampled_map: [`/map/resampled_template?${IN_SPACE}`],
  get_parcellation_labelled_map: [
    `/map/labelled_map.nii.gz?${IN_SPACE}`,
    `/map/labelled_map.nii.gz?${IN_SPACE}&region_id=Alpha_L`,
  ],
  get_assign_point: [
    `/map/assign?${IN_SPACE}&${HERE}&assignment_type=labelled`,
    `/map/assign?${IN_SPACE}&${HERE}&sigma_mm=3&assignment_type=labelled`,
  ],
  post_assign_points: [`POST /map/assign?${IN_SPACE}&assignment_type=labelled {"points":[[-11,-7,-5]]}`],
  post_assign_image: [`POST /map/assign_image?${IN_SPACE}&assignment_type=labelled ${MASK}`],
  post_clusters: [`POST /map/clusters?space_id=${SPACE}&parcellation_ids=Blocks&stat_threshold=0.5 ${MASK}`],
  post_values: [`POST /map/values?${IN_SPACE} ${MASK}`],
  post_colorized_map: [`POST /map/colorized.nii.gz?${IN_SPACE} {"values":{"Alpha_L":1}}`],
  post_point_density: [`POST /map/density.nii.gz?space_id=${SPACE} {"points":[[-11,-7,-5]]}`],
  warp_points: [`/spaces/${SPACE}/warp?target_space_id=${SPACE}&point=1,2,3`],
  post_warp_points: [`POST /spaces/${SPACE}/warp?target_space_id=${SPACE} {"points":[[1,2,3]]}`],
  get_region_ancestors: [`/regions/Alpha_L/ancestors?${PARCELLATION}`],
  get_region_descendants: [`/regions/Alpha_L/descendants?${PARCELLATION}`],
  get_region_siblings: [`/regions/Alpha_L/siblings?${PARCELLATION}`],
  get_region_table: [`/parcellations/Blocks/region_table`, `/parcellations/Blocks/region_table?space_id=${SPACE}`],
  get_region_links: [`/regions/Alpha_L/links?${IN_SPACE}`],
  citations: [`/citations?${IN_SPACE}`],
  get_template_cutout: [`/spaces/${SPACE}/template.nii.gz`],
  get_map_overlap: [`/map/overlap?${IN_SPACE}&other_parcellation_id=Blocks`],
  get_structure_at: [`/spaces/${SPACE}/structure_at?${PARCELLATION}&${HERE}`],
  get_slice_png: [`/map/slice.png?${IN_SPACE}&region_id=Alpha_L`],
  get_slice_svg: [`/map/slice.svg?${IN_SPACE}&region_id=Alpha_L&plane=sagittal`],
  get_region_mesh_gii: [`/map/mesh.gii?${IN_SPACE}&region_id=Alpha_L`],
  get_region_mesh_glb: [`/map/mesh.glb?${IN_SPACE}&region_id=Alpha_L`],
  get_region_mesh_obj: [`/map/mesh.obj?${IN_SPACE}&region_id=Alpha_L`],
  get_picture_png: [`/map/picture.png?${IN_SPACE}&region_id=Alpha_L`],
  get_download_bundle: [`/atlas_download?${IN_SPACE}`],
  search_features: ['/features', `/features?${REGION}`],
  get_feature_matrix: [`/feature/matrix?${PARCELLATION}&type=RegionalValues`],
  get_region_overview: [`/regions/Alpha_L/overview?${IN_SPACE}`],
  get_all_feature_types: ['/feature/_types'],
  get_all_connectivity_features: [`/feature/RegionalConnectivity?${PARCELLATION}`],
  get_single_connectivity_feature: [
    `/feature/RegionalConnectivity/</feature/RegionalConnectivity?${PARCELLATION}>?${PARCELLATION}`,
  ],
  get_all_corticalprofile_features: [`/feature/CorticalProfile?${REGION}`],
  get_all_tabular: [`/feature/Tabular?${REGION}`],
  get_single_tabular: [`/feature/Tabular/</feature/Tabular?${REGION}>?${REGION}`],
  get_all_voi: [`/feature/Image?space_id=${SPACE}`],
  get_single_feature_plot: [`/feature/</feature/Tabular?${REGION}>/plotly`],
  get_single_feature_download: [`/feature/</feature/Tabular?${REGION}>/download`],
  get_single_feature: [`/feature/</feature/Tabular?${REGION}>`],
}

/** What an imported atlas has none of is told as such; by the statuses that may be. */
const WITHOUT: Record<string, [path: string, statuses: number[]]> = {
  get_region_statistical_map: [`/map/statistical_map.nii.gz?${IN_SPACE}&region_id=Alpha_L`, [400, 404]],
  get_region_statistical_map_metadata: [`/map/statistical_map.info.json?${IN_SPACE}&region_id=Alpha_L`, [400, 404]],
  get_labelled_surface: [`/map/labelled_surface.label.gii?${IN_SPACE}`, [400, 404]],
  get_single_corticalprofile_feature: [`/feature/CorticalProfile/none?${REGION}`, [404]],
  get_single_ebrains_df: [`/feature/EbrainsDataFeature/none?${REGION}`, [404, 503]],
  get_single_gene: [`/feature/GeneExpressions/none?${REGION}&gene=MAOA`, [404, 503]],
  get_all_gene: [`/feature/GeneExpressions?${REGION}&gene=MAOA`, [200, 503]],
  get_all_ebrains_df: [`/feature/EbrainsDataFeature?${REGION}`, [200, 503]],
}

let app: TestApp
let openApi: DocumentedAnswers
beforeAll(async () => {
  const source = join(WORK, 'source')
  cpSync(join(FIXTURES, 'regional-values/source'), source, { recursive: true })
  cpSync(join(FIXTURES, 'connectivity/source/streamline_counts.csv'), join(source, 'streamline_counts.csv'))
  const out = join(WORK, 'atlas')
  await importAtlas({
    source,
    out,
    name: 'Blocks',
    species: 'Homo sapiens',
    template: join(source, 'atlas.nii.gz'),
    yes: true,
  })
  app = await startTestApp({ configuration: out })
  openApi = await loadOpenApi(app, 'v3_0')
})
afterAll(async () => {
  await app.close()
  rmSync(WORK, { recursive: true, force: true })
})

const textOf = ({ bytes }: Answer) => new TextDecoder().decode(bytes.subarray(0, 500))

async function resolveIds(path: string): Promise<string> {
  const listing = /<(.+?)>/.exec(path)?.[1]
  if (listing === undefined) return path
  const { items } = (await app.get(`/v3_0${listing}`)).json<{ items: { '@id'?: string; id?: string }[] }>()
  return path.replace(`<${listing}>`, encodeURIComponent(items[0]!['@id'] ?? items[0]!.id!))
}

async function send(url: string, body: string): Promise<Answer> {
  if (!body.startsWith('@')) return app.send('POST', url, JSON.parse(body))
  const { bytes } = await app.get(`/v3_0${body.slice(1)}`)
  return app.send('POST', url, Buffer.from(bytes), { 'content-type': 'application/octet-stream' })
}

test('what is asked are routes', () => {
  // that a new route has a request is held by test/demo/every-route.test.ts
  const asked = [...Object.keys(REQUESTS), ...Object.keys(WITHOUT)]
  expect(asked.filter((name) => !openApi.operations.includes(name))).toEqual([])
})

test.each(Object.entries(REQUESTS).flatMap(([name, paths]) => paths.map((path) => [name, path] as const)))(
  '%s: %s',
  async (name, request) => {
    const [, path, body] = /^POST (\S+) (.+)$/.exec(request) ?? [undefined, await resolveIds(request)]
    const url = `/v3_0${path}`
    const answer = body === undefined ? await app.get(url) : await send(url, body)
    expect(answer.status, textOf(answer)).toBe(200)
    expect(answer.bytes.length).toBeGreaterThan(0)
    if (answer.contentType.startsWith('application/json')) expect(openApi.check(name, answer.json())).toEqual([])
  },
)

test.each(Object.entries(WITHOUT))('%s is told as what there is not', async (_, [path, statuses]) => {
  const answer = await app.get(`/v3_0${path}`)
  expect(statuses, textOf(answer)).toContain(answer.status)
})
