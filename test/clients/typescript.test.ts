/** The TypeScript client: its README is compiled and run, its size bounded, its ways with faults tried. */
import { execFile } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { build } from 'esbuild'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { startTestApp, type TestApp } from '../app.ts'
import { programOf } from './readme.ts'

const ROOT = join(import.meta.dirname, '..', '..')
const CLIENT = join(ROOT, 'clients/typescript')
const MOST_COMPRESSED_BYTES = 10_000

let app: TestApp
let base: string
beforeAll(async () => {
  app = await startTestApp()
  base = await app.listen()
})
afterAll(() => app.close())

test('its README compiles, runs against the demo, and prints what it says', async () => {
  const folder = join(ROOT, '.cache')
  mkdirSync(folder, { recursive: true })
  const place = mkdtempSync(join(folder, 'readme-'))
  try {
    const { code, output } = programOf(join(CLIENT, 'README.md'), 'ts')
    const file = join(place, 'readme.ts')
    writeFileSync(file, code.replaceAll('http://127.0.0.1:5000', base))
    const tsconfig = {
      extends: '../../tsconfig.json',
      compilerOptions: { customConditions: ['@siibra-api/source'], lib: ['ES2023', 'DOM', 'DOM.Iterable'] },
      include: ['.'],
    }
    writeFileSync(join(place, 'tsconfig.json'), JSON.stringify(tsconfig))
    expect(await run(join(ROOT, 'node_modules/typescript/bin/tsc'), '-p', place)).toEqual({ stdout: '', stderr: '' })
    const bundled = join(place, 'readme.mjs')
    await build({
      entryPoints: [file],
      outfile: bundled,
      bundle: true,
      packages: 'bundle',
      format: 'esm',
      platform: 'node',
      conditions: ['@siibra-api/source'],
    })
    expect(await run(bundled)).toEqual({ stdout: output, stderr: '' })
  } finally {
    rmSync(place, { recursive: true, force: true })
  }
})

/** In a process of its own, while this one answers. */
function run(file: string, ...args: string[]): Promise<{ stdout: string; stderr: string }> {
  return new Promise((resolve) =>
    execFile(process.execPath, [file, ...args], (_, stdout, stderr) => resolve({ stdout, stderr })),
  )
}

test('it is small', async () => {
  const options = { bundle: true, minify: true, format: 'esm', target: 'es2022', write: false } as const
  const { outputFiles } = await build({ ...options, entryPoints: [join(CLIENT, 'src/index.ts')] })
  expect(gzipSync(outputFiles[0]?.contents ?? '', { level: 9 }).length).toBeLessThan(MOST_COMPRESSED_BYTES)
})

test('its version is that of the service', () => {
  const versionOf = (folder: string) => JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')).version
  expect(versionOf(CLIENT)).toBe(versionOf(ROOT))
})
