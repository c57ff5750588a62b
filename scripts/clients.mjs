#!/usr/bin/env node
/**
 * Generates clients from the OpenAPI document as it is served, compiles them and makes calls: openapi-typescript 6.1.0 (which
 * siibra-explorer uses) and 7 with openapi-fetch, each in a package of its own with the TypeScript that it wants, and
 * openapi-python-client; and reads tables in every form with pyarrow and pandas. Serves the demo atlas with the built program.
 *
 *   npm run build && node scripts/clients.mjs [part of a client's name]
 *
 * A generator that cannot be installed (no registry, no Python) is skipped, and said to be. Status 1 where one failed.
 */
import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { serveDemo } from './serve-demo.mjs'

const folder = mkdtempSync(join(tmpdir(), 'siibra-api-clients-'))

/** Schemas that siibra-explorer imports by name, or may. */
const NAMES = [
  ...['SiibraAtlasModel', 'SiibraParcellationModel', 'ParcellationEntityVersionModel', 'CommonCoordinateSpaceModel'],
  ...[
    'MapModel',
    'VolumeModel',
    'BestViewPoint',
    'Qualification',
    'MapType',
    'PlotlyTemplate',
    'RegionRelationAsmtModel',
  ],
  ...['FeatureMetaModel', 'SiibraVoiModel', 'SiibraTabularModel', 'SiibraCorticalProfileModel', 'EbrainsDatasetModel'],
  ...['SiibraRegionalConnectivityModel', 'SiibraEbrainsDataFeatureModel', 'SiibraReceptorDensityFp', 'DataFrameModel'],
  ...['CoordinatePointModel', 'AxesOrigin', 'StatisticModelInfo', 'SiibraAnchorModel', 'BoundingBoxModel'],
]

const TYPESCRIPT_6 = `import type { components, paths } from './schema'
type Schema = components['schemas']
export type All = [${NAMES.map((name) => `Schema['${name}']`).join(', ')}]
export const exact: Schema['Qualification'] = 'EXACT'
export const kind: Schema['SiibraAtlasModel']['@type'] = 'siibra-0.4/atlas'
type Ok = paths['/atlases']['get']['responses'][200]['content']['application/json']
export const names = (page: Ok): string[] => page.items.map(({ name }) => name)
export const urls = (volume: Schema['VolumeModel']) => Object.values(volume.providedVolumes).map((url) => (typeof url === 'string' ? url : Object.values(url ?? {}).join()))
export const indices = (map: Schema['MapModel']): number[] => Object.values(map.indices).flatMap((all) => (all ?? []).map(({ volume }) => volume))
// @ts-expect-error: no such qualification
export const wrong: Schema['Qualification'] = 'SIMILAR'
`

const TYPESCRIPT_7 = `import createClient from 'openapi-fetch'
import type { components, paths } from './schema'
export type All = [${NAMES.map((name) => `components['schemas']['${name}']`).join(', ')}]
const client = createClient<paths>({ baseUrl: process.env.BASE + '/v3_0' })
const atlases = await client.GET('/atlases')
if (!atlases.data) throw new Error(JSON.stringify(atlases.error))
const names: string[] = atlases.data.items.map(({ name }) => name)
const spaces = await client.GET('/spaces', { params: { query: { size: 1 } } })
const space = spaces.data?.items[0]
const parcellations = await client.GET('/parcellations')
const parcellation_id: string = parcellations.data?.items[0]?.['@id'] ?? ''
const regions = await client.GET('/regions', { params: { query: { parcellation_id, fields: ['name'] } } })
const first: string = regions.data?.items[0]?.name ?? ''
const region = await client.GET('/regions/{region_id}', { params: { path: { region_id: first }, query: { parcellation_id } } })
const label: string | null | undefined = region.data?.hasAnnotation?.displayColor
const missing = await client.GET('/atlases/{atlas_id}', { params: { path: { atlas_id: 'none' } } })
const message: string = missing.error && 'message' in missing.error ? missing.error.message : ''
if (names.length === 0 || !space || region.data?.name !== first || !message.includes('NOT_FOUND') || label === undefined) throw new Error('answers are not as they should be')
`

const PYTHON = `import sys
from pathlib import Path
sys.path.insert(0, str(Path(sys.argv[1])))
from siibra_api_client import Client
from siibra_api_client.api.atlas import get_all_atlases
from siibra_api_client.api.parcellation import get_all_parcellations
from siibra_api_client.api.region import get_all_regions, get_single_regions
client = Client(base_url=sys.argv[2] + "/v3_0")
atlases = get_all_atlases.sync(client=client)
assert atlases.total > 0 and all(atlas.name for atlas in atlases.items)
parcellation = get_all_parcellations.sync(client=client).items[0]
regions = get_all_regions.sync(client=client, parcellation_id=parcellation.id)
region = get_single_regions.sync(client=client, region_id=regions.items[0].name, parcellation_id=parcellation.id)
assert region.name == regions.items[0].name
`

class Skipped extends Error {}

/** Runs a command; throws with what it wrote where it fails. */
function run(command, args, options = {}) {
  const { status, stdout, stderr, error } = spawnSync(command, args, {
    encoding: 'utf8',
    maxBuffer: 2 ** 26,
    ...options,
  })
  if (status === 0) return stdout
  throw new Error(`${command} ${args.join(' ')}\n${error?.message ?? ''}${stdout ?? ''}${stderr ?? ''}`.slice(0, 4000))
}

/** The same for what needs a registry. */
function install(command, args, options) {
  try {
    run(command, args, options)
  } catch (thrown) {
    throw new Skipped(thrown.message.split('\n').slice(0, 3).join(' '))
  }
}

function createPackage(name, devDependencies, source, compilerOptions) {
  const cwd = join(folder, name)
  mkdirSync(cwd)
  writeFileSync(join(cwd, 'package.json'), JSON.stringify({ private: true, type: 'module', devDependencies }))
  writeFileSync(join(cwd, 'use.ts'), source)
  const strict = {
    strict: true,
    target: 'ES2022',
    lib: ['ES2022', 'DOM'],
    skipLibCheck: false,
    outDir: 'out',
    types: [],
  }
  const options = { compilerOptions: { ...strict, ...compilerOptions }, files: ['use.ts', 'schema.d.ts'] }
  writeFileSync(join(cwd, 'tsconfig.json'), JSON.stringify(options))
  install('npm', ['install', '--no-audit', '--no-fund', '--ignore-scripts'], { cwd })
  return cwd
}

const bin = (cwd, name) => join(cwd, 'node_modules', '.bin', name)

function generate(cwd) {
  run(bin(cwd, 'openapi-typescript'), [join(folder, 'openapi.json'), '--output', 'schema.d.ts'], { cwd })
  run(bin(cwd, 'tsc'), ['--project', '.'], { cwd })
}

const CLIENTS = {
  'openapi-typescript 6.1.0'() {
    const wanted = { 'openapi-typescript': '6.1.0', typescript: '~4.9.5' }
    generate(createPackage('typescript-6', wanted, TYPESCRIPT_6, { module: 'ES2022', moduleResolution: 'node' }))
  },
  'openapi-typescript 7 with openapi-fetch'(base) {
    const wanted = {
      'openapi-typescript': '^7.9.1',
      'openapi-fetch': '^0.17.0',
      typescript: '~5.9.3',
      '@types/node': '^20.19.0',
    }
    const cwd = createPackage('typescript-7', wanted, TYPESCRIPT_7, {
      ...{ module: 'ES2022', moduleResolution: 'bundler', types: ['node'] },
    })
    generate(cwd)
    run(process.execPath, ['out/use.js'], { cwd, env: { ...process.env, BASE: base } })
  },
  'openapi-python-client'(base) {
    const venv = join(folder, 'venv')
    install('python3', ['-m', 'venv', venv])
    const python = join(venv, 'bin', 'python')
    install(python, ['-m', 'pip', 'install', '--quiet', '--no-compile', 'openapi-python-client==0.29.1'])
    const output = join(folder, 'python-client')
    // it knows JSON, forms and bytes: every other kind of file is bytes to it
    const config = join(folder, 'python-client.json')
    const known = ['application/json', 'multipart/form-data', 'application/octet-stream']
    const others = mediaTypesOf(JSON.parse(readFileSync(join(folder, 'openapi.json'), 'utf8'))).filter(
      (type) => !known.includes(type),
    )
    const overrides = Object.fromEntries(others.map((type) => [type, 'application/octet-stream']))
    writeFileSync(config, JSON.stringify({ content_type_overrides: overrides }))
    const args = [
      'generate',
      '--path',
      join(folder, 'openapi.json'),
      '--output-path',
      output,
      '--config',
      config,
      '--fail-on-warning',
    ]
    run(join(venv, 'bin', 'openapi-python-client'), args, {
      env: { ...process.env, PATH: `${join(venv, 'bin')}:${process.env.PATH}` },
    })
    if (!readdirSync(output).includes('siibra_api_client')) throw new Error(`no package in ${readdirSync(output)}`)
    run(python, ['-W', 'error::SyntaxWarning', '-m', 'compileall', '-q', output])
    writeFileSync(join(folder, 'use.py'), PYTHON)
    run(python, [join(folder, 'use.py'), output, base])
  },
  'pyarrow and pandas'(base) {
    const venv = join(folder, 'tables')
    install('python3', ['-m', 'venv', venv])
    const python = join(venv, 'bin', 'python')
    install(python, ['-m', 'pip', 'install', '--quiet', '--no-compile', 'pyarrow==26.0.1', 'pandas==3.1.1'])
    run(python, [fileURLToPath(new URL('read-tables.py', import.meta.url)), base])
  },
}

/** All media types of bodies and answers in a document. */
function mediaTypesOf({ paths }) {
  const operations = Object.values(paths).flatMap((path) => Object.values(path).filter((one) => 'responses' in one))
  const bodies = operations.flatMap(({ requestBody, responses }) => [requestBody ?? {}, ...Object.values(responses)])
  return [...new Set(bodies.flatMap(({ content = {} }) => Object.keys(content)))]
}

const service = await serveDemo(join(folder, 'cache'))
const { base } = service
let failed = 0
try {
  const document = await (await fetch(`${base}/v3_0/openapi.json`)).text()
  writeFileSync(join(folder, 'openapi.json'), document)
  for (const [name, check] of Object.entries(CLIENTS).filter(([name]) => name.includes(process.argv[2] ?? ''))) {
    try {
      check(base)
      console.log(`passed: ${name}`)
    } catch (thrown) {
      if (thrown instanceof Skipped) console.log(`SKIPPED: ${name} cannot be had here: ${thrown.message}`)
      else {
        failed++
        console.log(`FAILED: ${name}\n${thrown.message}`)
      }
    }
  }
} finally {
  await service.stop()
  rmSync(folder, { recursive: true, force: true, maxRetries: 3 })
}
process.exitCode = failed === 0 ? 0 : 1
