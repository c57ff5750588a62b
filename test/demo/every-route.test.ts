/**
 * The demo atlas has something to show on every route of the service's OpenAPI document, in the form that the document
 * promises. A route without a request here fails the first test.
 */
import { decode as decodePng } from 'fast-png'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { decodeNifti } from '../../src/siibra/volumes/nifti/decode.ts'
import { type Answer, startTestApp, type TestApp } from '../app.ts'
import { type DocumentedAnswers, loadOpenApi } from './openapi-document.ts'

/** In one process the first request of a download answers with the bundle; behind a queue these follow it. */
const ONLY_WITH_WORKERS = ['get_download_progress', 'get_download_result']

const PARCELLATION = 'siibra-api/demo/parcellation/harbour-2'
const SPACE = 'siibra-api/demo/space/harbour-mean'
const REGION = 'Area B1 (Bow) left'

const inParcellation = query({ parcellation_id: PARCELLATION })
const inRegion = query({ parcellation_id: PARCELLATION, region_id: REGION })
const inSpace = query({ parcellation_id: PARCELLATION, space_id: SPACE })
const onSurface = query({ parcellation_id: PARCELLATION, space_id: 'siibra-api/demo/space/harbour-surface' })
const region = `/regions/${encodeURIComponent(REGION)}`

type Check = (answer: Answer) => void
/** What is sent where that is not GET: the method, and the body (an object as JSON, a text as CSV, a function's bytes as a file). */
type Sent = [method: 'POST' | 'DELETE', body?: unknown | (() => Promise<Buffer>)]
type Request = [path: string | (() => Promise<string>), check: Check, sent?: Sent]

/** By name of the route: what is asked below `/v3_0` (or `/v1`, where that is said), and what the answer must hold. */
const REQUESTS: Record<string, Request[]> = {
  get_all_atlases: [['/atlases', isPage(2)]],
  get_single_atlas: [['/atlases/siibra-api/demo/atlas/harbour', hasFields('name', 'spaces')]],
  get_all_spaces: [['/spaces', isPage(4)]],
  get_single_space: [[`/spaces/${SPACE}`, hasFields('fullName', 'defaultImage')]],
  get_all_parcellations: [['/parcellations', isPage(4)]],
  get_single_parcellation: [[`/parcellations/${PARCELLATION}`, hasFields('name', 'version', 'brainAtlasVersions')]],
  get_all_regions: [
    [`/regions?${inParcellation}`, isPage(27)],
    [`/regions?${inParcellation}&find=bow`, isPage()],
    ['/regions?find=bow', isPage()],
  ],
  get_all_features_region: [[`${region}/features?${inParcellation}`, isPage()]],
  get_related_region: [
    [`/regions/${encodeURIComponent('Area S1 (Stern)')}/related?${inParcellation}`, isPage()],
    [`/regions/${encodeURIComponent('Chamber (Burrow)')}/related?parcellation_id=Burrow`, isPage()],
  ],
  get_single_regions: [
    [`${region}?${inParcellation}`, hasFields('name', 'hasParent')],
    [`${region}?${inSpace}`, hasFields('name', 'hasAnnotation')],
  ],
  get_siibra_map: [
    [`/map?${inSpace}&map_type=LABELLED`, hasFields('indices', 'volumes')],
    [`/map?${inSpace}&map_type=STATISTICAL`, hasFields('indices', 'volumes')],
  ],
  filter_map: [
    ['/maps', isPage(7)],
    [`/maps?${inSpace}`, isPage(2)],
  ],
  single_map: [[idOf('/maps'), hasFields('indices', 'volumes')]],
  genes: [
    ['/vocabularies/genes', isPage()],
    ['/vocabularies/genes?find=MAOA', isPage(1)],
  ],

  get_resampled_map: [[`/map/resampled_template?${inSpace}`, isImage]],
  get_parcellation_labelled_map: [
    [`/map/labelled_map.nii.gz?${inSpace}`, isImage],
    [`/map/labelled_map.nii.gz?${inSpace}&region_id=mantle`, isImage],
    ['/map/labelled_map.nii.gz?parcellation_id=Burrow&space_id=Burrow', isImage],
  ],
  get_region_statistical_map: [[`/map/statistical_map.nii.gz?${inSpace}&region_id=${REGION}`, isImage]],
  get_region_statistical_map_metadata: [
    [`/map/statistical_map.info.json?${inSpace}&region_id=${REGION}`, hasFields('min', 'max')],
  ],
  get_assign_point: [
    [`/map/assign?${inSpace}&point=-20mm,44mm,-5mm`, isAssignment],
    [`/map/assign?${inSpace}&point=-20mm,44mm,-5mm&assignment_type=labelled`, isAssignment],
    [`/map/assign?${inSpace}&point=-20mm,44mm,-5mm&sigma_mm=20`, isAssignment],
  ],

  post_assign_image: [
    [`/map/assign_image?${inSpace}`, isAssignment, ['POST', imageOfRegion]],
    [`/map/assign_image?${inSpace}&assignment_type=labelled`, isAssignment, ['POST', imageOfRegion]],
  ],
  post_clusters: [
    [
      `/map/clusters?space_id=${SPACE}&stat_threshold=0.5&parcellation_ids=${PARCELLATION}`,
      hasFields('data'),
      ['POST', imageOfRegion],
    ],
  ],
  post_values: [[`/map/values?${inSpace}`, hasFields('data'), ['POST', imageOfRegion]]],
  post_colorized_map: [
    [`/map/colorized.nii.gz?${inSpace}`, isImage, ['POST', { values: { [REGION]: 1.5 } }]],
    [`/map/colorized.nii.gz?${inSpace}`, isImage, ['POST', `region,value\n${REGION},2`]],
  ],
  post_point_density: [
    [`/map/density.nii.gz?space_id=${SPACE}&sigma_mm=4`, isImage, ['POST', { points: [[-20, 44, -5]] }]],
    [`/map/density.nii.gz?space_id=${SPACE}&resolution_mm=3`, isImage, ['POST', 'x,y,z\n-20,44,-5']],
  ],
  post_assign_points: [
    [`/map/assign?${inSpace}`, isAssignment, ['POST', { points: [[-20, 44, -5]] }]],
    [`/map/assign?${inSpace}&summary=region`, isAssignment, ['POST', 'x,y,z\n-20,44,-5']],
  ],
  warp_points: [[`/spaces/${SPACE}/warp?target_space_id=${SPACE}&point=1,2,3`, hasFields('points')]],
  post_warp_points: [
    [`/spaces/${SPACE}/warp?target_space_id=${SPACE}`, hasFields('points'), ['POST', { points: [[1, 2, 3]] }]],
  ],
  transform_points: [
    [
      '/v1/transform-points',
      hasFields('target_points'),
      ['POST', { source_space: SPACE, target_space: SPACE, source_points: [[1, 2, 3]] }],
    ],
  ],

  get_region_ancestors: [[`${region}/ancestors?${inParcellation}`, isPage()]],
  get_region_descendants: [[`/regions/mantle/descendants?${inParcellation}`, isPage()]],
  get_region_siblings: [[`${region}/siblings?${inParcellation}`, isPage()]],
  get_region_links: [[`${region}/links?${inSpace}`, hasFields('explorer', 'neuroglancer', 'position_mm')]],
  get_region_table: [
    [`/parcellations/${PARCELLATION}/region_table`, hasRows('name')],
    [`/parcellations/${PARCELLATION}/region_table?${query({ space_id: SPACE })}`, hasRows('voxels')],
  ],
  get_map_overlap: [
    [`/map/overlap?${inSpace}&other_parcellation_id=siibra-api/demo/parcellation/harbour-1`, hasRows('dice')],
  ],
  get_structure_at: [
    [`/spaces/${SPACE}/structure_at?${inParcellation}&point=-20mm,44mm,-5mm`, hasFields('@id', 'name', 'hemisphere')],
  ],
  get_slice_png: [
    [`/map/slice.png?${inSpace}&region_id=${REGION}&background=dark`, isPng],
    [`/map/slice.png?${inSpace}&region_id=${REGION}&plane=coronal&map_type=STATISTICAL`, isPng],
  ],
  get_slice_svg: [[`/map/slice.svg?${inSpace}&region_id=${REGION}&plane=sagittal`, isNotEmpty]],
  ...Object.fromEntries(
    ['gii', 'glb', 'obj'].flatMap((form): [string, Request[]][] => [
      [
        `get_region_mesh_${form}`,
        [
          [`/map/mesh.${form}?${inSpace}&region_id=${REGION}`, isNotEmpty],
          [`/map/mesh.${form}?${onSurface}&region_id=${REGION}`, isNotEmpty],
        ],
      ],
      [`get_template_mesh_${form}`, [[`/spaces/${SPACE}/mesh.${form}?decimate=0.5`, isNotEmpty]]],
    ]),
  ),
  get_template_cutout: [
    [`/spaces/${SPACE}/template.nii.gz`, isImage],
    [`/spaces/${SPACE}/template.nii.gz?bbox=[[-20,-20,-20],[20,20,20]]&max_voxels=100000`, isImage],
  ],
  get_map_zarr: [[zarrPath('/0/0/0/0'), isNotEmpty]],
  get_feature_image: [[imagePath('/image.nii.gz?max_voxels=1000000'), isImage]],
  get_labelled_surface: [[`/map/labelled_surface.label.gii?${onSurface}`, isNotEmpty]],
  get_picture_png: [[`/map/picture.png?${inSpace}&region_id=${REGION}`, isPng]],

  get_download_bundle: [[`/atlas_download?${inSpace}`, isNotEmpty]],
  get_download_progress: [[taskPath(''), hasFields('status')]],
  get_download_result: [[taskPath('/download'), isNotEmpty]],

  search_features: [
    ['/features', isPage()],
    [`/features?${inRegion}&find=receptor&species=Homo sapiens`, isPage()],
    [`/features?space_id=${SPACE}&bbox=[[-500,-500,-500],[500,500,500]]`, isPage()],
  ],
  get_feature_matrix: [
    [`/feature/matrix?${inParcellation}&type=ReceptorDensityFingerprint`, isAssignment],
    [`/feature/matrix?${inParcellation}&type=LayerwiseCellDensity`, isAssignment],
    [`/feature/matrix?${inParcellation}&gene=MAOA&gene=TAC1`, isAssignment],
  ],
  get_region_overview: [
    [`${region}/overview?${inSpace}`, hasFields('region', 'centre', 'ancestors', 'features')],
    [`/regions/${encodeURIComponent('Mouth (Burrow)')}/overview?parcellation_id=Burrow`, hasFields('features')],
  ],
  citations: [
    [`/citations?${inParcellation}&space_id=${SPACE}`, hasFields('items')],
    [`/citations?${inParcellation}&format=bibtex`, isNotEmpty],
  ],
  receptors: [
    ['/vocabularies/receptors', isPage(5)],
    ['/vocabularies/receptors?find=gaba', isPage(1)],
  ],
  recording_conditions: [['/vocabularies/lfp', hasFields('pathology', 'pharmacology', 'signal_quality')]],

  get_all_feature_types: [['/feature/_types', isPage()]],
  get_all_connectivity_features: [
    [`/feature/RegionalConnectivity?${inParcellation}`, isPage(4)],
    ...['AnatomoFunctionalConnectivity', 'StreamlineCounts', 'StreamlineLengths'].map(
      (type): Request => [`/feature/RegionalConnectivity?${inParcellation}&type=${type}`, isPage(1)],
    ),
    ['/feature/RegionalConnectivity?parcellation_id=Burrow&type=TracingConnectivity', isPage(1)],
  ],
  get_single_connectivity_feature: [
    [idOf(`/feature/RegionalConnectivity?${inParcellation}&type=StreamlineCounts`), hasFields('matrices')],
  ],
  get_all_corticalprofile_features: [
    [`/feature/CorticalProfile?${inRegion}`, isPage()],
    ...['CellDensityProfile', 'ReceptorDensityProfile', 'BigBrainIntensityProfile'].map(
      (type): Request => [`/feature/CorticalProfile?${inRegion}&type=${type}`, isPage()],
    ),
    // a table that is no profile has another route; a page that nobody can reach is empty
    [`/feature/CorticalProfile?${inRegion}&type=MarmosetCalbindinDensityProfile`, isEmptyPage()],
    [`/feature/CorticalProfile?${inRegion}&page=99999999999999999999`, isEmptyPage()],
  ],
  get_single_corticalprofile_feature: [
    [idOf(`/feature/CorticalProfile?${inRegion}&type=CellDensityProfile`), hasFields('name', 'data')],
  ],
  get_all_tabular: [
    ['/feature/Tabular?parcellation_id=Burrow&region_id=Mouth (Burrow)&pathology=healthy', isPage()],
    [`/feature/Tabular?${inRegion}`, isPage()],
    ...['ReceptorDensityFingerprint', 'LayerwiseCellDensity', 'LayerwiseBigBrainIntensities'].map(
      (type): Request => [`/feature/Tabular?${inRegion}&type=${type}`, isPage()],
    ),
  ],
  get_single_tabular: [
    [idOf(`/feature/Tabular?${inRegion}&type=ReceptorDensityFingerprint`), hasFields('name', 'data')],
  ],
  get_all_voi: [
    [`/feature/Image?${query({ space_id: SPACE })}`, isPage()],
    ['/feature/Image?space_id=siibra-api/demo/space/harbour-microscopic&type=BlockfaceVolumeOfInterest', isPage(1)],
    [
      '/feature/Image?space_id=siibra-api/demo/space/harbour-microscopic&type=CellbodyStainedSection&bbox=[[-30,-45,-30],[30,-35,30]]',
      isPage(1),
    ],
  ],
  get_all_gene: [[`/feature/GeneExpressions?${inRegion}&gene=MAOA`, isPage()]],
  get_single_gene: [[idOf(`/feature/GeneExpressions?${inRegion}&gene=MAOA`), hasFields('name', 'data')]],
  get_all_ebrains_df: [[`/feature/EbrainsDataFeature?${inRegion}`, isPage()]],
  get_single_ebrains_df: [[idOf(`/feature/EbrainsDataFeature?${inRegion}`), hasFields('name')]],
  get_single_feature_plot: [[featurePath('plotly'), hasFields('data', 'layout')]],
  get_single_feature_download: [[featurePath('download'), isNotEmpty]],
  get_single_feature: [[featurePath(''), hasFields('name', 'data')]],
  get_task: [[laterPath(''), hasFields('status', 'progress')]],
  get_task_result: [[laterPath('/result'), hasFields('items')]],
  delete_task: [[laterPath(''), isGone, ['DELETE']]],
}

let app: TestApp
let withWorkers: TestApp
let openApi: DocumentedAnswers
beforeAll(async () => {
  app = await startTestApp()
  withWorkers = await startTestApp(undefined, { hasWorkers: true })
  openApi = await loadOpenApi(app, 'v3_0')
})
afterAll(async () => {
  await app.close()
  await withWorkers.close()
})

describe('the demo atlas', () => {
  it('is asked on every route', () => {
    expect(openApi.operations.toSorted()).toEqual(Object.keys(REQUESTS).sort())
  })

  it('is asked on every route of the older version', async () => {
    const { operations } = await loadOpenApi(app, 'v1_0')
    expect(operations.filter((name) => !(name in REQUESTS))).toEqual([])
  })

  describe.each(Object.entries(REQUESTS))('%s', (name, requests) => {
    for (const [path, check, [method, body] = []] of requests) {
      const title = typeof path === 'string' ? path : 'by an id of its listing'
      it(title, async () => {
        const served = ONLY_WITH_WORKERS.includes(name) ? withWorkers : app
        const below = typeof path === 'string' ? path : await path()
        const url = below.startsWith('/v1/') ? below : `/v3_0${below}`
        const sent = typeof body === 'function' ? await body() : body
        const contentType = typeof sent === 'string' ? 'text/csv' : 'application/octet-stream'
        const type: Record<string, string> =
          typeof sent === 'string' || Buffer.isBuffer(sent) ? { 'content-type': contentType } : {}
        const answer = method === undefined ? await served.get(url) : await served.send(method, url, sent, type)
        const isRight = method === 'DELETE' ? 204 : 200
        expect(answer.status, new TextDecoder().decode(answer.bytes.subarray(0, 500))).toBe(isRight)
        check(answer)
        if (answer.contentType.startsWith('application/json')) expect(openApi.check(name, answer.json())).toEqual([])
      })
    }
  })
})

/** The mask of a region as a file. */
async function imageOfRegion(): Promise<Buffer> {
  return Buffer.from(
    (await app.get(`/v3_0/map/labelled_map.nii.gz?${inSpace}&region_id=${encodeURIComponent(REGION)}`)).bytes,
  )
}

function isGone({ bytes }: Answer): void {
  expect(bytes).toHaveLength(0)
}

function query(parameters: Record<string, string>): string {
  return new URLSearchParams(parameters).toString()
}

/** The path of the first item of a listing. */
function idOf(listing: string): () => Promise<string> {
  return async () => {
    const [path, search] = listing.split('?')
    const id = await firstId(listing)
    return `${path}/${encodeURIComponent(id)}${search === undefined ? '' : `?${search}`}`
  }
}

/** The path of a bundle that has been made. */
function taskPath(suffix: string): () => Promise<string> {
  return async () => {
    const { task_id } = (await withWorkers.get(`/v3_0/atlas_download?${inSpace}`)).json<{ task_id: string }>()
    const path = `/atlas_download/${task_id}`
    await vi.waitFor(async () => expect((await withWorkers.get(`/v3_0${path}`)).json().status).toBe('SUCCESS'), {
      timeout: 60_000,
    })
    return path + suffix
  }
}

/** The path of a task that was asked for later, and has ended. */
function laterPath(suffix: string): () => Promise<string> {
  return async () => {
    const asked = `/v3_0/regions/${encodeURIComponent(REGION)}/features?${inParcellation}`
    const path = String(
      (await app.get(asked, { prefer: 'respond-async', 'x-bypass-fastapi-cache': '1' })).headers.location,
    )
    await vi.waitFor(async () => expect((await app.get(path)).json().status).toBe('SUCCESS'), { timeout: 60_000 })
    return path.replace('/v3_0', '') + suffix
  }
}

/** A fingerprint's own path, without its region. */
function featurePath(suffix: string): () => Promise<string> {
  return async () => {
    const id = await firstId(`/feature/Tabular?${inRegion}&type=ReceptorDensityFingerprint`)
    return `/feature/${encodeURIComponent(id)}${suffix === '' ? '' : `/${suffix}`}`
  }
}

/** The path of a file of a labelled map's Zarr. */
function zarrPath(suffix: string): () => Promise<string> {
  return async () =>
    `/maps/${encodeURIComponent(await firstId(`/maps?${inSpace}&map_type=LABELLED`))}/labelled.zarr${suffix}`
}

/** The path of an image. */
function imagePath(suffix: string): () => Promise<string> {
  return async () => {
    const listing = '/feature/Image?space_id=siibra-api/demo/space/harbour-microscopic&type=BlockfaceVolumeOfInterest'
    return `/feature/${encodeURIComponent(await firstId(listing))}${suffix}`
  }
}

async function firstId(listing: string): Promise<string> {
  const { items } = (await app.get(`/v3_0${listing}`)).json<{ items: { '@id'?: string; id?: string }[] }>()
  const id = items[0]?.['@id'] ?? items[0]?.id
  expect(id, `${listing} has no item`).toBeDefined()
  return id!
}

/** A page with items: as many in all as given, or any number. */
function isPage(total?: number): Check {
  return (answer) => {
    const page = answer.json<{ items: unknown[]; total: number }>()
    if (total === undefined) expect(page.total).toBeGreaterThan(0)
    else expect(page.total).toBe(total)
    expect(page.items.length).toBeGreaterThan(0)
  }
}

function isEmptyPage(): Check {
  return (answer) => expect(answer.json().items).toEqual([])
}

/** All these fields, with something in them. */
function hasFields(...names: string[]): Check {
  return (answer) => {
    const object = answer.json()
    for (const name of names) {
      const value = object[name]
      expect(value ?? undefined, name).toBeDefined()
      if (typeof value === 'object') expect(Object.keys(value as object).length, name).toBeGreaterThan(0)
    }
  }
}

/** A NIfTI file with voxels that are not 0. */
function isImage({ bytes }: Answer): void {
  expect(decodeNifti(bytes).data.some((value) => value !== 0)).toBe(true)
}

/** A data frame with rows, and something in that column. */
function hasRows(column: string): Check {
  return (answer) => {
    const { columns, data } = answer.json<{ columns: string[]; data: unknown[][] }>()
    expect(columns).toContain(column)
    expect(data.some((row) => row[columns.indexOf(column)] !== null)).toBe(true)
  }
}

/** Assignments with their regions. */
function isAssignment(answer: Answer): void {
  hasRows('region')(answer)
}

function isPng({ bytes }: Answer): void {
  const { width, height } = decodePng(bytes)
  expect(width * height).toBeGreaterThan(10_000)
}

function isNotEmpty({ bytes }: Answer): void {
  expect(bytes.length).toBeGreaterThan(100)
}
