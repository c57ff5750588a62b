import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { runCommandLine } from '../../src/cli/program.ts'
import { parseConfig } from '../../src/config.ts'
import { importAtlas } from '../../src/import/import-atlas.ts'
import { createRetrieval } from '../../src/siibra/index.ts'
import { validateConfiguration } from '../../src/validate/validate.ts'

const FIXTURES = join(import.meta.dirname, '../fixtures/import')
const WORK = mkdtempSync(join(tmpdir(), 'siibra-validate-'))
const GOOD = join(WORK, 'good')
afterAll(() => rmSync(WORK, { recursive: true, force: true }))
beforeAll(() => importAtlas({ source: join(FIXTURES, 'mricrogl/source'), out: GOOD, name: 'Blocks', yes: true }))

const validate = (configuration: string, fetch = false) =>
  validateConfiguration({ configuration, retrieval: createRetrieval({ offline: true }), isOnline: false, fetch })

/** A copy of the good one in which texts of a file are replaced. */
function spoilt(path: string, change: (text: string) => string): string {
  const folder = mkdtempSync(join(WORK, 'bad-'))
  cpSync(GOOD, folder, { recursive: true })
  writeFileSync(join(folder, path), change(readFileSync(join(folder, path), 'utf8')))
  return folder
}

const MAP = 'maps/blocks-labelled.json'
const TREE = 'parcellations/blocks.json'

test('an imported atlas has no faults', async () => {
  expect(await validate(GOOD, true)).toEqual([])
})

test.each([
  [
    'a name that is no region',
    MAP,
    (text: string) => text.replace('"Alpha_L"', '"Alfa_L"'),
    { level: 'error', file: MAP, property: 'indices', message: /'Alfa_L'/ },
  ],
  [
    'a region that no map draws',
    MAP,
    (text: string) => text.replace('"Alpha_L"', '"Alfa_L"'),
    { level: 'warning', file: TREE, property: 'regions', message: /no map draws 'Alpha_L'/ },
  ],
  [
    'one label for two regions',
    MAP,
    (text: string) => text.replace('"label": 2', '"label": 1'),
    { level: 'error', file: MAP, property: 'indices.Alpha_R', message: /label 1, as 'Alpha_L'/ },
  ],
  [
    'the label of the background',
    MAP,
    (text: string) => text.replace('"label": 2', '"label": 0'),
    { level: 'error', file: MAP, property: 'indices.Alpha_R', message: /background/ },
  ],
  [
    'a volume that is not there',
    MAP,
    (text: string) => text.replace('blocks-labels.nii.gz', 'none.nii.gz'),
    { level: 'error', file: MAP, property: 'volumes[0].providers.nii', message: /volumes\/none\.nii\.gz is not there/ },
  ],
  [
    'a colour that is none',
    TREE,
    (text: string) => text.replace('"name": "Alpha_L"', '"name": "Alpha_L", "rgb": "blue"'),
    { level: 'error', file: TREE, property: 'regions[0].children[0].rgb', message: /rrggbb/ },
  ],
  [
    'names that differ in signs',
    TREE,
    (text: string) => text.replace('"Alpha_R"', '"Alpha-L"'),
    { level: 'warning', file: TREE, property: 'regions', message: /'Alpha_L' and 'Alpha-L' differ in signs only/ },
  ],
  [
    'a space that is not there',
    MAP,
    (text: string) => text.replace('own/space/blocks-space', 'own/space/none'),
    { level: 'error', file: MAP, property: 'space', message: /own\/space\/none/ },
  ],
  [
    'a parcellation without an atlas',
    'atlases/blocks.json',
    (text: string) => text.replace('own/parcellation/blocks', 'own/parcellation/other'),
    { level: 'warning', file: TREE, property: '@id', message: /no atlas lists/ },
  ],
  [
    'an unknown species',
    TREE,
    (text: string) => text.replace(/"species": "[^"]+"/, '"species": "Draco draco"'),
    { level: 'error', file: TREE, property: 'species', message: /Draco/ },
  ],
])('%s is told with file and property', async (_, path, change, expected) => {
  const findings = await validate(spoilt(path, change))
  expect(findings).toContainEqual({ ...expected, message: expect.stringMatching(expected.message) })
})

test('--fetch looks at labels and sides', async () => {
  const folder = spoilt(MAP, (text) => text.replace('"label": 6', '"label": 60'))
  const text = (await validate(folder, true)).map(({ level, message }) => `${level}: ${message}`)
  expect(text).toEqual(["error: labels without a voxel: 60 'Gamma_R'", 'warning: labels without a region: 6'])
  const swapped = (name: string) => name.replace(/_(L|R)"/g, (_all, side) => (side === 'L' ? '_R"' : '_L"'))
  const mirrored = spoilt(MAP, swapped)
  const [finding] = await validate(mirrored, true)
  expect(finding).toMatchObject({
    level: 'error',
    file: MAP,
    message: expect.stringMatching(/6 of 6 .* other side.*mirrored/),
  })
})

test('the same id twice is an error', async () => {
  const folder = spoilt(TREE, (text) => text)
  cpSync(join(folder, TREE), join(folder, 'parcellations/again.json'))
  const findings = await validate(folder)
  expect(findings).toContainEqual(
    expect.objectContaining({
      level: 'error',
      property: '@id',
      message: expect.stringMatching(/also that of parcellations\/again\.json/),
    }),
  )
})

test('the command prints JSON and ends with 1 where there are errors', async () => {
  const folder = spoilt(MAP, (text) => text.replace('"label": 2', '"label": 0'))
  let out = ''
  const stdout = {
    write: (text: string) => {
      out += text
    },
  }
  const run = (...args: string[]) =>
    runCommandLine(args, { env: {}, stdout, stderr: stdout, config: () => parseConfig({ SIIBRA_API_OFFLINE: '1' }) })
  await run('validate', folder, '--json')
  expect(process.exitCode).toBe(1)
  expect(JSON.parse(out)).toEqual([
    { level: 'error', file: MAP, property: 'indices.Alpha_R', message: 'has the label 0, which is background' },
  ])
  out = ''
  await run('validate', GOOD)
  expect(process.exitCode).toBe(0)
  process.exitCode = undefined
  expect(out).toBe('0 errors, 0 warnings\n')
})
