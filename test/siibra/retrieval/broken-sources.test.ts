/**
 * Sources that answer 200 with something else than the file: a web page, nothing, half of it. While they do, nothing is
 * given to anybody; when they are mended, all is as it should be, with the same disk cache, in the same and in another
 * process. Over everything that the demo has, so over every format.
 */
import { createHash } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { demoConfigurationFiles, demoStore } from '../../../src/demo/index.ts'
import { featureIndex } from '../../../src/siibra/features/catalogue.ts'
import { anchoredParcellation } from '../../../src/siibra/features/describe.ts'
import { loadLabelledMatrix, loadTable } from '../../../src/siibra/features/load/load-table.ts'
import {
  type AtlasCore,
  createRetrieval,
  fetchLabelledMap,
  fetchLabelledSurface,
  fetchMesh,
  fetchStatisticalMap,
  fetchTemplate,
  findGenes,
  loadConfiguration,
  SiibraError,
} from '../../../src/siibra/index.ts'
import { runLiveQuery } from '../../../src/siibra/livequeries/run-live-query.ts'
import { fetchTemplateCutout } from '../../../src/siibra/maps/templates/template-cutout.ts'
import { sendBytes, startServer } from './http-stand-in.ts'

const PAGE = new TextEncoder().encode('<!DOCTYPE html><html><body>Please sign in</body></html>\n')
const BREAKAGES = {
  'a web page': () => PAGE,
  nothing: () => new Uint8Array(0),
  'half of it': (bytes: Uint8Array) => bytes.subarray(0, bytes.length >> 1),
}

let breakage: ((bytes: Uint8Array) => Uint8Array) | undefined
/** Which objects are broken. */
let concerned = /^/
let server: Awaited<ReturnType<typeof startServer>>
let folder: string
/** While nothing is broken: all that is read, and what it gives. */
let reads: Map<string, Read>
let expected: Map<string, string>

beforeAll(async () => {
  const store = demoStore()
  folder = mkdtempSync(join(tmpdir(), 'siibra-api-broken-'))
  server = await startServer(async (request, response) => {
    const bytes = await store.get(toKey(request.url ?? ''))
    if (!bytes) response.writeHead(404).end()
    else sendBytes(request, response, breakage && concerned.test(request.url ?? '') ? breakage(bytes) : bytes)
  })
  const healthy = await load(join(folder, 'healthy'))
  reads = await allReads(healthy)
  expect(reads.size).toBeGreaterThan(30)
  expected = await outcomes(healthy, reads)
  await healthy.retrieval.close()
})
afterAll(async () => {
  await server.close()
  rmSync(folder, { recursive: true, force: true })
})

/** Names of the demo's objects are those of a mirror folder. */
function toKey(url: string): string {
  const [path = '', query] = url.slice(1).split('?')
  const key = decodeURIComponent(path)
  if (query === undefined) return key
  const decoded = decodeURIComponent(query.replace(/%(?![0-9a-f]{2})/gi, '%25'))
  return `${key}@@${createHash('sha256').update(decoded).digest('hex').slice(0, 16)}`
}

const PAUSE_MS = 20

function load(cacheDir: string): Promise<AtlasCore> {
  const retrieval = createRetrieval({
    mirror: server.base,
    offline: true,
    cacheDir,
    rejectPauseMs: PAUSE_MS,
    retry: { attempts: 1 },
  })
  return loadConfiguration({ configuration: demoConfigurationFiles(), retrieval })
}

type Read = (core: AtlasCore) => Promise<unknown>

/** One read for each volume, surface, table, document and query of the demo. */
async function allReads(core: AtlasCore): Promise<Map<string, Read>> {
  const reads = new Map<string, Read>()
  for (const space of core.spaces.all) {
    const again = (other: AtlasCore) => other.spaces.lookUp(space.id).object
    const [volume] = space.volumes
    if (!volume) continue
    if ('nii' in volume.providers || 'neuroglancer/precomputed' in volume.providers) {
      reads.set(`template of ${space.name}`, (other) => fetchTemplate(other, again(other)))
      reads.set(`cutout of ${space.name}`, (other) => fetchTemplateCutout(other, again(other), { maxVoxels: 4096 }))
    } else reads.set(`mesh of ${space.name}`, (other) => fetchMesh(other.retrieval, volume))
  }
  for (const { id, mapType, indices, name } of core.maps.all) {
    const again = (other: AtlasCore) => other.maps.all.find((one) => one.id === id) as AtlasCore['maps']['all'][number]
    const [region = ''] = indices.keys()
    if (mapType === 'STATISTICAL') reads.set(`map ${name}`, (other) => fetchStatisticalMap(other, again(other), region))
    else {
      reads.set(`map ${name}`, async (other) =>
        fetchLabelledMap(other, again(other)).catch((thrown) => {
          if (thrown instanceof SiibraError && thrown.code === 'NOT_AVAILABLE')
            return fetchLabelledSurface(other, again(other))
          throw thrown
        }),
      )
    }
  }
  const index = await featureIndex(core)
  for (const feature of index.features) {
    if (feature.kind === 'image') continue
    reads.set(`${feature.kind} ${feature.id}`, async (other) => {
      if ('files' in feature) {
        const parcellation = await anchoredParcellation(other, feature)
        return loadLabelledMatrix(other.retrieval, feature, parcellation)
      }
      return loadTable(other.retrieval, feature)
    })
  }
  for (const type of ['GeneExpressions', 'BigBrainIntensityProfile', 'LocalFieldPotential'] as const) {
    for (const [parcellation, name] of [
      ['Harbour v2', 'Area B1 (Bow) left'],
      ['Burrow', 'Mouth (Burrow)'],
    ]) {
      reads.set(`${type} of ${name}`, (other) => {
        const { regions } = other.parcellations.lookUp(parcellation as string).object
        const region = regions.find((one) => one.name === name)
        if (!region) throw new Error(`no region ${name}`)
        return runLiveQuery(other, type, region, { genes: ['MAOA'] })
      })
    }
  }
  reads.set('genes', (other) => findGenes(other.retrieval, 'MAOA'))
  return reads
}

/** What a read gives, in short. */
async function outcome(read: Read, core: AtlasCore): Promise<string> {
  const plain = JSON.stringify(await read(core), (key, value) => {
    if (key === 'space' || key === 'parcellation' || key === 'region' || key === 'parent' || key === 'children')
      return value?.name
    if (ArrayBuffer.isView(value))
      return createHash('sha256')
        .update(new Uint8Array(value.buffer, value.byteOffset, value.byteLength))
        .digest('hex')
    return value instanceof Map ? [...value] : value
  })
  return createHash('sha256').update(plain).digest('hex')
}

async function outcomes(core: AtlasCore, reads: Map<string, Read>): Promise<Map<string, string>> {
  const found = new Map<string, string>()
  for (const [name, read] of reads) {
    const told = await outcome(read, core).catch((thrown) => (thrown as { code?: string }).code ?? String(thrown))
    found.set(name, told)
  }
  return found
}

describe.each(Object.entries(BREAKAGES))('while a source gives %s', (what, broken) => {
  it('nothing of it is given or kept, and all is right after it was mended', async () => {
    const cacheDir = join(folder, what.replaceAll(' ', '-'))
    const core = await load(join(cacheDir, 'shared'))
    breakage = broken
    try {
      const told = await outcomes(core, reads)
      const given = [...told].filter(([, code]) => !/^[A-Z_]+$/.test(code))
      // what was given all the same has to be what it should be (an empty list where the region is of another species)
      for (const [name, digest] of given) expect([name, digest]).toEqual([name, expected.get(name)])
      expect([...told.values()].filter((code) => code === 'BAD_DATA').length).toBeGreaterThan(25)
      expect([...told.values()]).not.toContain('INTERNAL')
    } finally {
      breakage = undefined
    }
    await core.retrieval.close()
    const another = await load(join(cacheDir, 'shared'))
    await delay(2 * PAUSE_MS)
    expect(await outcomes(core, reads)).toEqual(expected)
    expect(await outcomes(another, reads)).toEqual(expected)
    await core.retrieval.close()
    await another.retrieval.close()
  })
})

/** What is read after something else of the same source was read rightly. */
const LATER = {
  'chunks of precomputed volumes': /\d+-\d+_\d+-\d+/,
  'transform.json': /transform\.json$/,
  'areas of layers': /layerinfo\.txt$/,
  'boundaries of layers': /\/IV_V\.json$/,
  'the JSON of the Allen API': /query\.json/,
  meshes: /\.gii$/,
}

describe.each(Object.entries(LATER))('where only %s are broken', (what, pattern) => {
  it('nothing of it is given or kept, and all is right after it was mended', async () => {
    const cacheDir = join(folder, what.replaceAll(/\W/g, '-'))
    const core = await load(cacheDir)
    await featureIndex(core)
    breakage = BREAKAGES['half of it']
    concerned = pattern
    const told = await outcomes(core, reads)
    breakage = undefined
    concerned = /^/
    const failed = [...reads].filter(([name]) => told.get(name) === 'BAD_DATA')
    expect(failed.length).toBeGreaterThan(0)
    await delay(2 * PAUSE_MS)
    expect(await outcomes(core, new Map(failed))).toEqual(new Map(failed.map(([name]) => [name, expected.get(name)])))
    await core.retrieval.close()
  })
})
