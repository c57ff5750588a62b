/** The packed program: its command, its size, its library, its pages and its log. (Its routes: every-route.test.ts; the rest: *.long.test.ts.) */
import { execFileSync } from 'node:child_process'
import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeAll, expect, test, vi } from 'vitest'
import { PACKAGE_VERSION } from '../../src/version.ts'
import { temporaryFolder } from '../temporary-folder.ts'
import { type InstalledPackage, installPackage } from './package.ts'
import { type Running, runBuilt, startBuilt } from './run.ts'

vi.setConfig({ testTimeout: 120_000, hookTimeout: 300_000 })

const running: Running[] = []
let installed: InstalledPackage
beforeAll(() => {
  installed = installPackage()
})
afterEach(async () => {
  await Promise.all(running.splice(0).map((one) => one.stop()))
})

async function start(env: Record<string, string>) {
  const service = await startBuilt(installed.main, { env: { SIIBRA_USE_CONFIGURATION: 'demo', ...env } })
  running.push(service)
  return service
}

test('the command of the package answers, and refuses what it does not know', () => {
  const run = (...args: string[]) =>
    execFileSync(join(installed.folder, 'node_modules', 'siibra-api', 'dist', 'main.js'), args, { encoding: 'utf8' })
  expect(run('--version')).toBe(`${PACKAGE_VERSION}\n`)
  expect(run('--help')).toContain('worker')
  expect(runBuilt(installed.main, { args: ['sevre'] })).toMatchObject({ status: 2, stdout: '' })
})

test('all of it is one package of less than 60 MB, with the licences of what is bundled', () => {
  const packages = join(installed.folder, 'node_modules')
  expect(readdirSync(packages).filter((name) => !name.startsWith('.'))).toEqual(['siibra-api'])
  const files = readdirSync(packages, { recursive: true, encoding: 'utf8' }).map((name) =>
    statSync(join(packages, name)),
  )
  const bytes = files.reduce((sum, file) => sum + (file.isFile() ? file.size : 0), 0)
  // 45 MB when this was written; 158 MB before the bundle held what it needs
  expect(bytes).toBeLessThan(60e6)
  const notices = readFileSync(join(packages, 'siibra-api', 'dist', 'THIRD-PARTY-NOTICES.txt'), 'utf8')
  for (const name of [
    'fastify',
    'bullmq',
    'sql.js',
    'h5wasm',
    '@resvg/resvg-wasm',
    '@scalar/fastify-api-reference',
    '@niivue/niivue',
  ])
    expect(notices).toMatch(new RegExp(`^${name} \\d`, 'm'))
})

test('the library of the package loads a configuration', () => {
  const configuration = join(import.meta.dirname, '..', '..', 'docs', 'examples', 'own-atlas', 'configuration')
  const script = `
    import { createRetrieval, loadConfiguration } from 'siibra-api/siibra'
    const retrieval = createRetrieval({ offline: true })
    const { atlases } = await loadConfiguration({ configuration: ${JSON.stringify(configuration)}, retrieval })
    console.log(atlases.all.map(({ name }) => name).join())`
  const output = execFileSync(process.execPath, ['--input-type=module', '--eval', script], {
    cwd: installed.folder,
    encoding: 'utf8',
  })
  expect(output).toBe('Pebble atlas\n')
})

test('the pages have their scripts with them', async () => {
  const { get } = await start({})
  for (const path of [
    '/v3_0/docs',
    '/static/scalar.js',
    '/static/docs.css',
    '/guide/',
    '/llms.txt',
    '/',
    '/status',
    '/about',
  ])
    expect((await get(path)).status, path).toBe(200)
})

test('the log goes to files where a folder is named', async () => {
  const folder = temporaryFolder()
  const service = await start({ SIIBRA_API_LOG_DIR: folder })
  await service.stop()
  const [name] = readdirSync(folder)
  expect(readFileSync(join(folder, name as string), 'utf8')).toContain('"msg":"Ready on')
})
