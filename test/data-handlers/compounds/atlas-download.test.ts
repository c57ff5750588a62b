import { rmSync } from 'node:fs'
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { DEMO } from '../../../src/atlas/choose-configuration.ts'
import { loadCore } from '../../../src/atlas/load-core.ts'
import { parseConfig } from '../../../src/config.ts'
import { atlasDownload, type BundleAnswer } from '../../../src/data-handlers/compounds/atlas-download.ts'
import { HARBOUR_V2_ID, SURFACE_SPACE_ID, TEMPLATE_SPACE_ID } from '../../../src/demo/ids.ts'
import type { AtlasDownloadParams } from '../../../src/models/parameters/compounds.ts'
import { type AtlasCore, findRegionMask, maskImage, type Region, surfaceLabelFiles } from '../../../src/siibra/index.ts'
import { decodeNifti } from '../../../src/siibra/volumes/nifti/decode.ts'
import type { HandlerContext } from '../../../src/tasks/task.ts'
import { unzip } from '../../unzip.ts'

let core: AtlasCore
let folder: string
beforeAll(async () => {
  core = (await loadCore({ ...parseConfig({}), configuration: DEMO })).core
  folder = await mkdtemp(join(tmpdir(), 'siibra-api-bundle-'))
})
afterAll(() => rm(folder, { recursive: true }))

const region = () => {
  const parcellation = core.parcellations.get(HARBOUR_V2_ID)
  const map = core.maps.all.find((one) => one.mapType === 'STATISTICAL' && one.parcellation === parcellation)
  return parcellation.regions.find(({ name }) => map?.indices.has(name))!
}

async function download(params: AtlasDownloadParams, context: Partial<HandlerContext> = {}) {
  const progress: number[] = []
  const answer = await atlasDownload.run(params, {
    core: async () => core,
    signal: new AbortController().signal,
    sharedDir: folder,
    progress: (fraction) => void progress.push(fraction),
    ...context,
  })
  const { file, bytes, failures } = (answer as { json: BundleAnswer }).json
  const content = await readFile(join(folder, file))
  expect(content.length).toBe(bytes)
  return { members: unzip(content), failures, progress, headers: answer.headers ?? {} }
}

test('a bundle holds region, parcellation and space in this order, each with what is known about it', async () => {
  const { key, name } = region()
  const { members, failures, progress } = await download({
    space_id: TEMPLATE_SPACE_ID,
    parcellation_id: HARBOUR_V2_ID,
    region_id: name,
  })
  const [parcellation, space] = [core.parcellations.get(HARBOUR_V2_ID), core.spaces.get(TEMPLATE_SPACE_ID)]
  expect(failures).toEqual([])
  expect([...members.keys()]).toEqual([
    'README.md',
    'LICENCE.txt',
    `${key}.nii.gz`,
    `${key}.nii.gz.info.md`,
    `${key}.mask.nii.gz`,
    `${parcellation.key}.label.nii.gz`,
    `${parcellation.key}.label.nii.gz.info.md`,
    `${space.key}.nii.gz`,
    `${space.key}.nii.gz.info.md`,
  ])
  expect(gunzipSync(members.get(`${key}.nii.gz`)!).readInt32LE(0)).toBe(348)
  expect(String(members.get('README.md'))).toContain(`parcellation_id=${HARBOUR_V2_ID}, region_id=${name}, bbox=None`)
  const info = String(members.get(`${parcellation.key}.label.nii.gz.info.md`))
  expect(info).toMatch(
    /^name:\n---\n\n.+\n\ndescription:\n---\n\n[\s\S]*\n\ncitations:\n---\n[\s\S]*\n\nlicense:\n---\n/,
  )
  expect(info).toContain(parcellation.name)
  expect(progress).toEqual(progress.toSorted((a, b) => a - b))
  expect(progress.length).toBeGreaterThanOrEqual(members.size)
})

test('a part that fails is told by a file of its own, the rest is there', async () => {
  const { members, failures, headers } = await download({
    space_id: TEMPLATE_SPACE_ID,
    parcellation_id: HARBOUR_V2_ID,
    region_id: 'no such region',
    feature_id: 'no such feature',
  })
  expect([...members.keys()]).toContain('UNKNOWN_REGION.error.txt')
  expect([...members.keys()]).toContain('no such feature.error.txt')
  expect(String(members.get('UNKNOWN_REGION.error.txt'))).toContain('no such region')
  expect(members.size).toBe(2 + 2 + 4)
  expect(failures.map(({ path }) => path)).toContain('UNKNOWN_REGION')
  expect(headers, 'asking again gives no more').toEqual({})
})

test.each([
  [{ space_id: 'nope' }, 'UNKNOWN_SPACE.error.txt'],
  [{ parcellation_id: 'nope' }, 'UNKNOWN_PARCELLATION.error.txt'],
  [{ space_id: TEMPLATE_SPACE_ID, bbox: 'nope' }, undefined],
  [{ space_id: TEMPLATE_SPACE_ID, bbox: '[[0,0,0],[0,0,0]]' }, undefined],
])('%j fails in the bundle, not as a whole', async (params, errorFile) => {
  const { members, failures } = await download(params)
  expect(failures).toHaveLength(1)
  expect([...members.keys()]).toContain(errorFile ?? `${core.spaces.get(TEMPLATE_SPACE_ID).key}.nii.gz.error.txt`)
})

test('with strict_mode only the most special part is there', async () => {
  const { members } = await download({ space_id: TEMPLATE_SPACE_ID, parcellation_id: HARBOUR_V2_ID, strict_mode: '1' })
  const { key } = core.parcellations.get(HARBOUR_V2_ID)
  expect([...members.keys()].slice(2)).toEqual([`${key}.label.nii.gz`, `${key}.label.nii.gz.info.md`])
})

test('a space of surfaces gives its meshes', async () => {
  const { members, failures } = await download({ space_id: SURFACE_SPACE_ID })
  const space = core.spaces.get(SURFACE_SPACE_ID)
  expect(failures).toEqual([])
  const meshes = [...members].filter(([path]) => path.startsWith(`${space.key}/`))
  expect(meshes.length).toBeGreaterThan(0)
  for (const [, bytes] of meshes) expect(String(bytes)).toContain('<GIFTI')
})

test('the mask of a region is that of the map route, with the extent that is asked for', async () => {
  const parcellation = core.parcellations.get(HARBOUR_V2_ID)
  const space = core.spaces.get(TEMPLATE_SPACE_ID)
  const whole = parcellation.children.find(({ children }) => children.length > 0) as Region
  for (const extent of [undefined, 'drawn'] as const) {
    const params = { space_id: space.id, parcellation_id: parcellation.id, region_id: whole.name, strict_mode: '1' }
    const { members } = await download({ ...params, ...(extent ? { extent } : {}) })
    const mask = await findRegionMask(core, whole, space, { extent })
    const member = members.get(`${whole.key}.mask.nii.gz`)
    expect(member && decodeNifti(member).data).toEqual(mask && maskImage(mask).data)
    if (extent) expect(member).toBeDefined()
  }
})

test('a parcellation of a surface gives the files of its labels', async () => {
  const map = core.maps.all.find(({ space, mapType }) => space.id === SURFACE_SPACE_ID && mapType === 'LABELLED')
  const { members } = await download({ space_id: SURFACE_SPACE_ID, parcellation_id: map?.parcellation.id as string })
  const labels = [...members].filter(([path]) => path.startsWith(`${map?.parcellation.key}.label/`))
  expect(labels.length).toBeGreaterThan(0)
  const files = map?.volumes.flatMap(surfaceLabelFiles) ?? []
  expect(labels.map(([path]) => path.split('/').at(-1))).toEqual(files.map(({ name }) => name))
  for (const [n, [, bytes]] of labels.entries()) {
    expect(bytes).toEqual(Buffer.from((await core.retrieval.bytes(files[n]?.url as string)) as Uint8Array))
  }
})

test('a box of the template is cut out', async () => {
  const whole = await download({ space_id: TEMPLATE_SPACE_ID })
  const part = await download({ space_id: TEMPLATE_SPACE_ID, bbox: '[[-10,-10,-10],[10,10,10]]' })
  const path = `${core.spaces.get(TEMPLATE_SPACE_ID).key}.nii.gz`
  expect(part.failures).toEqual([])
  expect(part.members.get(path)!.length).toBeLessThan(whole.members.get(path)!.length)
})

test('a bundle that nobody waits for leaves nothing behind', async () => {
  const before = await readdir(folder)
  const gone = new AbortController()
  const left = download(
    { space_id: TEMPLATE_SPACE_ID, parcellation_id: HARBOUR_V2_ID },
    { signal: gone.signal, progress: () => gone.abort() },
  )
  await expect(left).rejects.toThrow()
  expect(await readdir(folder)).toEqual(before)
})

test('a folder that is emptied while a bundle is made does not fail it', async () => {
  const own = await mkdtemp(join(tmpdir(), 'siibra-api-emptied-'))
  let isEmptied = false
  const context: HandlerContext = {
    core: async () => core,
    signal: new AbortController().signal,
    sharedDir: own,
    progress(fraction) {
      if (isEmptied || fraction < 1) return
      isEmptied = true
      rmSync(own, { recursive: true })
    },
  }
  const answer = await atlasDownload.run({ space_id: TEMPLATE_SPACE_ID }, context)
  expect(isEmptied).toBe(true)
  const { file, bytes } = (answer as { json: BundleAnswer }).json
  expect((await readFile(join(own, file))).length).toBe(bytes)
  await rm(own, { recursive: true })
})

test('whatever a thing is called, its member stays within the folder where the bundle is unpacked', async () => {
  for (const featureId of ['c:', '..', 'c:\\windows', '/etc/passwd', '../../x']) {
    const { members } = await download({ feature_id: featureId } as AtlasDownloadParams)
    const names = [...members.keys()]
    expect(names.some((name) => name.endsWith('.error.txt'))).toBe(true)
    for (const name of names) expect(name).not.toMatch(/^[A-Za-z]:|^\/|\\|(^|\/)\.\.(\/|$)/)
  }
})
