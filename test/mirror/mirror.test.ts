import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { chooseConfiguration } from '../../src/atlas/choose-configuration.ts'
import { parseConfig } from '../../src/config.ts'
import { importAtlas } from '../../src/import/import-atlas.ts'
import { type MirrorOptions, makeMirror } from '../../src/mirror/mirror.ts'
import { createRetrieval, fetchTemplate, loadConfiguration, loadOfficialConfiguration } from '../../src/siibra/index.ts'

const EXAMPLE = join(import.meta.dirname, '../../docs/examples/own-atlas')
const OWN = join(import.meta.dirname, '../fixtures/import/mricrogl/source')
const WORK = mkdtempSync(join(tmpdir(), 'siibra-mirror-'))
afterAll(() => rmSync(WORK, { recursive: true, force: true }))

const DATA = 'data.my-lab.example/pebble'
const mirrorTo = (out: string, more: Partial<MirrorOptions> = {}) =>
  makeMirror({
    what: 'everything',
    out,
    configuration: join(EXAMPLE, 'configuration'),
    maxFileBytes: 2 ** 30,
    isDryRun: false,
    retrieval: { mirror: join(EXAMPLE, 'mirror'), offline: true },
    ...more,
  })

test('a mirror holds what is served, and serves it with the network cut, under the official name', async () => {
  const out = join(WORK, 'all')
  const { files, missing } = await mirrorTo(out)
  expect(files.map(({ path }) => path).sort()).toEqual([
    `${DATA}/regions.nii.gz`,
    `${DATA}/stone_fp.tsv`,
    `${DATA}/template.nii.gz`,
  ])
  // the vocabularies are not beside the example
  expect(missing.map(([url]) => url.slice(url.lastIndexOf('/') + 1))).toEqual(
    expect.arrayContaining(['gene_names.json']),
  )
  expect(readFileSync(join(out, 'missing.txt'), 'utf8')).toMatch(/gene_names\.json\t/)
  const official = await loadOfficialConfiguration({ mirror: out, offline: true })
  const retrieval = createRetrieval({ mirror: out, offline: true })
  const core = await loadConfiguration({ configuration: official.files!, retrieval })
  expect(core.configuration.problems).toEqual([])
  const image = await fetchTemplate(core, core.spaces.all[0]!)
  expect(image.shape).toHaveLength(3)
})

test('a dry run tells the size and writes nothing', async () => {
  const out = join(WORK, 'dry')
  const { bytes, files } = await mirrorTo(out, { isDryRun: true })
  const sizes = ['regions.nii.gz', 'template.nii.gz'].map(
    (file) => readFileSync(join(EXAMPLE, 'mirror', DATA, file)).length,
  )
  expect(bytes).toBeGreaterThanOrEqual(sizes.reduce((sum, size) => sum + size, 0))
  expect(files.length).toBeGreaterThanOrEqual(2)
  expect(existsSync(out)).toBe(false)
})

test('it goes on where it was, and fetches what is damaged once more', async () => {
  const out = join(WORK, 'again')
  await mirrorTo(out)
  const regions = join(out, DATA, 'regions.nii.gz')
  const whole = readFileSync(regions)
  writeFileSync(regions, whole.subarray(0, 10))
  const { files } = await mirrorTo(out)
  expect(readFileSync(regions)).toEqual(whole)
  expect(files.filter(({ wasThere }) => !wasThere).map(({ path }) => path)).toEqual([`${DATA}/regions.nii.gz`])
  expect(readdirSync(out, { recursive: true, encoding: 'utf8' }).filter((path) => path.endsWith('.part'))).toEqual([])
  expect(readFileSync(join(out, 'checksums.sha256'), 'utf8')).toMatch(
    new RegExp(`^[0-9a-f]{64}  ${DATA}/regions\\.nii\\.gz$`, 'm'),
  )
})

test('files beyond the bound are left out, and told', async () => {
  const out = join(WORK, 'small')
  const { missing } = await mirrorTo(out, { maxFileBytes: 100 })
  expect(missing.map(([what]) => what)).toEqual(expect.arrayContaining([`https://${DATA}/regions.nii.gz`]))
  expect(existsSync(join(out, DATA, 'regions.nii.gz'))).toBe(false)
})

test('a name that is neither atlas nor parcellation is refused', async () => {
  await expect(mirrorTo(join(WORK, 'none'), { what: 'xyzzy' })).rejects.toThrow(
    /'xyzzy' is neither everything.*Pebble atlas/,
  )
})

test('several configurations are mirrored together, and served together', async () => {
  const out = join(WORK, 'several')
  const own = join(WORK, 'own-atlas')
  await importAtlas({ source: OWN, out: own, name: 'Blocks', species: 'Homo sapiens', yes: true })
  const { further } = await mirrorTo(out, { configuration: [join(EXAMPLE, 'configuration'), own] })
  expect(further).toEqual(['configuration-2'])
  rmSync(own, { recursive: true })
  const { configuration } = await chooseConfiguration(
    parseConfig({
      SIIBRA_USE_CONFIGURATION: `official,${join(out, 'configuration-2')}`,
      SIIBRA_API_MIRROR: out,
      SIIBRA_API_OFFLINE: '1',
      SIIBRA_CACHEDIR: join(WORK, 'cache-of-several'),
    }),
    false,
  )
  const retrieval = createRetrieval({ mirror: out, offline: true })
  const core = await loadConfiguration({ configuration, retrieval })
  expect(core.configuration.problems).toEqual([])
  expect(core.parcellations.all.map(({ name }) => name)).toEqual(['Pebble regions (v1)', 'Blocks'])
  for (const space of core.spaces.all.filter(({ volumes }) => volumes.length > 0)) {
    expect((await fetchTemplate(core, space)).shape).toHaveLength(3)
  }
  expect(core.maps.all).toHaveLength(2)
})
