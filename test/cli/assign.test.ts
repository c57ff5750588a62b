import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { readPoints } from '../../src/cli/asking/points-file.ts'
import { temporaryFolder } from '../temporary-folder.ts'
import { runCommand } from './run-command.ts'

const PLACE = ['--parcellation', 'Harbour v2', '--space', 'Demo mean']
const HEAD = 'input_structure,centroid,volume,fragment,region,region_id,'

function fileOf(text: string, name = 'points.csv'): string {
  const file = join(temporaryFolder(), name)
  writeFileSync(file, text)
  return file
}

test('a row for each point and region', async () => {
  const file = fileOf('name,x,y,z\n"a, left",-20,44,-5\nb,20,44,-5\n')
  const { code, out, err } = await runCommand(['assign', file, ...PLACE, '--type', 'labelled'])
  expect({ code, err }).toEqual({ code: undefined, err: '' })
  const lines = out.trim().split('\n')
  expect(lines[0]).toMatch(HEAD)
  expect(lines.slice(1).map((line) => /Area [^,]*/.exec(line)?.[0])).toEqual([
    'Area B1 (Bow) left',
    'Area B1 (Bow) right',
  ])
  expect(lines[1]).toMatch(/^"a, left",/)
})

test('statistical maps give scores; the output is in the form of its file', async () => {
  const file = fileOf('-20;44;-5,5\n', 'points.txt')
  const out = join(temporaryFolder(), 'regions.json')
  const { err } = await runCommand(['assign', file, ...PLACE, '-o', out])
  expect(err).toMatch(/regions\.json: 1 points\n$/)
  const rows = JSON.parse(readFileSync(out, 'utf8')) as { input_structure: string; region: string; map_value: number }[]
  expect(rows.map(({ region }) => region)).toContain('Area B1 (Bow) left')
  expect(rows[0]?.input_structure).toBe('0')
  expect(rows[0]?.map_value).toBeGreaterThan(0.5)
})

test('more points than one request takes are one table, with a bar', async () => {
  const count = 20_001
  const file = fileOf(`x y z\n${'-20 44 -5\n'.repeat(count)}`)
  const { out, err } = await runCommand(['assign', file, ...PLACE, '--type', 'labelled'], { isTerminal: true })
  const lines = out.trim().split('\n')
  expect(lines.length).toBe(count + 1)
  expect(lines.at(-1)).toMatch(/^20000,/)
  expect(err).toMatch(/\r\[#* *\] \d+ % 20001 points \d+ s/)
})

test('points that lie nowhere leave no gap between the parts', async () => {
  const file = fileOf(`${'500 500 500\n'.repeat(20_000)}-20 44 -5\n${'500 500 500\n'.repeat(19_999)}20 44 -5\n`)
  const { out } = await runCommand(['assign', file, ...PLACE, '--type', 'labelled', '--json'])
  expect((JSON.parse(out) as { input_structure: string }[]).map((row) => row.input_structure)).toEqual([
    '20000',
    '40000',
  ])
})

test('a summary by region', async () => {
  const file = fileOf('1,-20,44,-5\n2,-20,44,-5\n3,20,44,-5\n')
  const args = [...PLACE, '--columns', '2,3,4', '--type', 'labelled', '--summary', 'region', '--json']
  const rows = JSON.parse((await runCommand(['assign', file, ...args])).out) as Record<string, unknown>[]
  expect(rows.map(({ region }) => region)).toEqual(['Area B1 (Bow) left', 'Area B1 (Bow) right'])
})

test.each([
  ['x,y\n1,2\n', [], /no column '3'/],
  ['x,y,z\n1,2,three\n', [], /line 2, column 3: 'three' is not a number/],
  ['x,y,z\n1,2,3\n', ['--columns', 'a,y,z'], /no column 'a': its columns are x, y, z/],
  ['x,y,z\n1,2,3\n', ['--columns', 'x,y'], /three columns are needed/],
  ['', [], /is empty/],
  ['x,y,z\n1,2,3\n', ['--json', '--format', 'csv'], /exclude each other/],
])('%j is refused with what is wrong', async (text, args, message) => {
  const { code, out, err } = await runCommand(['assign', fileOf(text), ...PLACE, ...args])
  expect({ code, out }).toEqual({ code: 2, out: '' })
  expect(err).toMatch(message)
})

test('a place that is not there is told by the service: 3', async () => {
  const { code, err } = await runCommand([
    'assign',
    fileOf('1,2,3\n'),
    '--parcellation',
    'Atlantis',
    '--space',
    'Demo mean',
  ])
  expect(err).toMatch(/^404 .*Atlantis/)
  expect(code).toBe(3)
})

test('columns by name, uncertainties, blanks and byte order marks', () => {
  const text = '\uFEFFMNI_x\tMNI_y\tMNI_z\tsd\tlabel\n1\t2\t3\t\tone two\n4\t5\t6\t2.5\t\n'
  expect(readPoints(text, 'f', { columns: ['MNI_x', 'mni_y', '3'], id: 'label', sigma: 'sd' })).toEqual([
    { id: 'one two', cells: ['1', '2', '3'], sigma: '' },
    { id: '', cells: ['4', '5', '6'], sigma: '2.5' },
  ])
})
