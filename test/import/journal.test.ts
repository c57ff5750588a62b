import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { type ImportOptions, importAtlas } from '../../src/import/import-atlas.ts'
import { encodeNifti } from '../../src/siibra/volumes/nifti/encode.ts'

const WORK = mkdtempSync(join(tmpdir(), 'siibra-journal-'))
afterAll(() => rmSync(WORK, { recursive: true, force: true }))

/** Four blocks along x, 1 to 4, around x = 0. */
function blocks(mirrored = false): Uint8Array {
  const data = Uint8Array.from({ length: 512 }, (_, at) => 1 + Math.floor((at % 8) / 2))
  const x = mirrored ? -2 : 2
  return encodeNifti({
    data,
    dtype: 'uint8',
    shape: [8, 8, 8],
    voxelToWorldMm: Float64Array.of(x, 0, 0, -3.5 * x, 0, 2, 0, -7, 0, 0, 2, -7, 0, 0, 0, 1),
  })
}

async function run(files: Record<string, string | Uint8Array>, options: Partial<ImportOptions> = { yes: true }) {
  const folder = mkdtempSync(join(WORK, 'case-'))
  mkdirSync(join(folder, 'source'))
  for (const [path, content] of Object.entries(files)) writeFileSync(join(folder, 'source', path), content)
  const out = join(folder, 'out')
  const imported = await importAtlas({ source: join(folder, 'source'), out, ...options })
  const read = (path: string) => readFileSync(join(out, path), 'utf8')
  return { ...imported, read }
}

const SIDED = 'index,name\n1,A_L\n2,B_L\n3,A_R\n4,B_R\n'

test('sides that mostly lie on the other side are told loudly, and nothing is changed', async () => {
  const right = await run({ 'a.nii': blocks(), 'a.csv': SIDED })
  expect(right.journal.warnings).toEqual([])
  const wrong = await run({ 'a.nii': blocks(true), 'a.csv': SIDED })
  expect(wrong.journal.warnings).toEqual([expect.stringMatching(/4 of 4 .* OTHER side .*mirrored/)])
  expect(wrong.read('IMPORT.md')).toMatch(/Look at this first[\s\S]*OTHER side/)
})

test('labels without names, and names without labels, are listed', async () => {
  const { journal, atlas } = await run({ 'a.nii': blocks(), 'a.csv': 'index,name\n1,A\n2,B\n3,C\n35,Nowhere\n' })
  expect(journal.notes.join('\n')).toMatch(/without a name in a\.csv .*: 4; 128 voxels/)
  expect(journal.notes.join('\n')).toMatch(/without a voxel in a\.nii .*: 35 Nowhere/)
  expect(atlas.parcellations[0]!.maps[0]!.indices).toHaveLength(3)
})

test('label 0 is background whatever the table says, and names that seem shifted are told', async () => {
  const { journal, atlas } = await run({ 'a.nii': blocks(), 'a.csv': 'index,name\n0,A\n1,B\n2,C\n3,D\n' })
  expect(atlas.parcellations[0]!.maps[0]!.indices.map(([name]) => name)).toEqual(['B', 'C', 'D'])
  expect(journal.warnings.join('\n')).toMatch(/calls label 0 'A'/)
  expect(journal.warnings.join('\n')).toMatch(/count from 0 .* count(s)? from 1/)
})

test('the same name for both sides is told apart by a column, or by the place', async () => {
  const named = ({ atlas }: Awaited<ReturnType<typeof run>>) =>
    atlas.parcellations[0]!.maps[0]!.indices.map(([name]) => name)
  const byColumn = await run({ 'a.nii': blocks(), 'a.csv': 'id,label,hemisphere\n1,A,lh\n2,B,lh\n3,A,rh\n4,B,rh\n' })
  expect(named(byColumn)).toEqual(['A left', 'B left', 'A right', 'B right'])
  expect(byColumn.atlas.parcellations[0]!.regions).toMatchObject([
    {
      name: 'A',
      children: [
        { name: 'A left', side: 'left' },
        { name: 'A right', side: 'right' },
      ],
    },
    { name: 'B' },
  ])
  const byPlace = await run({ 'a.nii': blocks(), 'a.csv': '1,A\n2,B\n3,A\n4,B\n' })
  expect(named(byPlace)).toEqual(['A left', 'B left', 'A right', 'B right'])
  expect(byPlace.journal.notes.join('\n')).toMatch(/'A' stands for two labels, 1 and 3/)
})

test('guesses are asked on a terminal, and an answer counts', async () => {
  const asked: string[] = []
  const ask = async (question: string) => {
    asked.push(question)
    return 'Mus musculus'
  }
  const { atlas, read } = await run({ 'a.nii': blocks(), 'a.csv': SIDED }, { ask })
  expect(asked).toEqual([expect.stringMatching(/species.*--species/)])
  expect(atlas.species).toBe('Mus musculus')
  expect(read('IMPORT.md')).toMatch(/Mus musculus \(answered/)
})

test('names stay as they are, ids of names that differ in signs too', async () => {
  const { read } = await run({
    'a.nii': blocks(),
    'a.csv': 'index,name\n1,ctx-lh-A - brain\n2,A+B\n3,A-B\n4,both Area\n',
  })
  const { regions, names } = JSON.parse(read('parcellations/a.json'))
  expect(names).toBe('verbatim')
  expect(regions.map(({ name }: { name: string }) => name)).toEqual(['ctx-lh-A - brain', 'A+B', 'A-B', 'both Area'])
  expect(regions[2]['@id']).toBe('own/parcellation/a_A_B_2')
})

test('files that belong to nothing are listed and left out', async () => {
  const { journal } = await run({ 'a.nii': blocks(), 'a.csv': SIDED, 'notes.txt': 'hello there', 'README.md': 'x' })
  expect(journal.leftOut.map(({ file }) => file).sort()).toEqual(['README.md', 'notes.txt'])
})

test('of a TemplateFlow folder every atlas is a parcellation, by the tables that it inherits', async () => {
  const dseg = (atlas: string, res: string) => `tpl-X_res-${res}_atlas-S_desc-${atlas}_dseg.nii`
  const { atlas, journal } = await run({
    [dseg('100', '01')]: blocks(),
    [dseg('200', '01')]: blocks(),
    'tpl-X_atlas-S_desc-100_dseg.tsv': 'index\tname\n1\tA\n2\tB\n3\tC\n4\tD\n',
    'tpl-X_atlas-S_desc-200_dseg.tsv': 'index\tname\n1\tE\n2\tF\n3\tG\n4\tH\n',
    'tpl-X_res-01_desc-carpet_dseg.nii': blocks(),
    'tpl-X_res-01_desc-brain_mask.nii': blocks(),
  })
  expect(atlas.parcellations.map(({ name, regions }) => [name, regions.map((region) => region.name).join('')])).toEqual(
    [
      ['S 100', 'ABCD'],
      ['S 200', 'EFGH'],
    ],
  )
  const leftOut = journal.leftOut.map(({ file }) => file)
  expect(leftOut).toEqual(['tpl-X_res-01_desc-brain_mask.nii', 'tpl-X_res-01_desc-carpet_dseg.nii'])
})
