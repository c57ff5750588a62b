import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { importAtlas } from '../../src/import/import-atlas.ts'
import { encodeGiftiLabels } from '../../src/siibra/index.ts'

test('regions of a surface come in the order of their table; background is none of them, whatever its number', async () => {
  const work = mkdtempSync(join(tmpdir(), 'siibra-api-surfaces-'))
  try {
    const source = join(work, 'source')
    mkdirSync(source)
    const names = ['???', 'Background+FreeSurfer_Defined_Medial_Wall', 'first', 'second']
    const table = names.map((name, key) => ({
      key,
      name,
      rgba: [key / 4, 0, 0, 1] as [number, number, number, number],
    }))
    // fsaverage5, the second region at the first vertex
    const labels = Int32Array.from({ length: 10_242 }, (_, vertex) => [3, 2, 1, 0][vertex % 4] ?? 0)
    writeFileSync(join(source, 'lh.parc.label.gii'), encodeGiftiLabels(labels, table))
    const { atlas } = await importAtlas({ source, out: join(work, 'out'), yes: true })
    expect(atlas.parcellations[0]?.regions.map(({ name }) => name)).toEqual(['first', 'second'])
    expect(atlas.parcellations[0]?.maps[0]?.indices.map(([name]) => name)).toEqual(['first', 'second'])
  } finally {
    rmSync(work, { recursive: true, force: true })
  }
})
