import { describe, expect, it } from 'vitest'
import { demoConfigurationFiles, demoStore } from '../../../src/demo/index.ts'
import { type AtlasCore, createRetrieval, loadConfiguration } from '../../../src/siibra/index.ts'
import { findProbes } from '../../../src/siibra/livequeries/allen-api.ts'
import { runLiveQuery } from '../../../src/siibra/livequeries/run-live-query.ts'

type Change = (text: string) => string

/** The demo, whose answers of the Allen API are changed as long as `change` is set. */
async function load() {
  const store = demoStore()
  const source: { change: Change | undefined; concerned: RegExp } = { change: undefined, concerned: /query\.xml/ }
  const get = async (key: string) => {
    const bytes = await store.get(key)
    if (!bytes || !source.change || !key.startsWith('api.brain-map.org') || !source.concerned.test(key)) return bytes
    return new TextEncoder().encode(source.change(new TextDecoder().decode(bytes)))
  }
  const core = await loadConfiguration({
    configuration: demoConfigurationFiles(),
    retrieval: createRetrieval({ mirror: { get }, offline: true }),
  })
  return { core, source }
}

async function expressions(core: AtlasCore) {
  const { regions } = core.parcellations.lookUp('Harbour v2').object
  const region = regions.find(({ name }) => name === 'Area B1 (Bow) left')
  const [feature] = await runLiveQuery(core, 'GeneExpressions', region as (typeof regions)[number], { genes: ['MAOA'] })
  if (feature?.kind !== 'table') throw new Error('no table')
  return feature.table
}

const column = (table: Awaited<ReturnType<typeof expressions>>, name: string) =>
  table.columns.find((one) => one.name === name)?.values ?? []

const PAGE = '<!DOCTYPE html><html><body>Scheduled maintenance</body></html>'
const FAILED = "<?xml version='1.0'?><Response success='false' start_row='0' num_rows='0' total_rows='0'></Response>"

describe('the Allen API', () => {
  it.each([
    ['a web page for XML', /query\.xml/, () => PAGE],
    ['nothing for XML', /query\.xml/, () => ''],
    ['a failed query for XML', /query\.xml/, () => FAILED],
    ['a web page for JSON', /query\.json/, () => PAGE],
    ['a failed query for JSON', /query\.json/, () => '{"success":false,"msg":"..."}'],
    ['a failed query in words', /query\.json/, () => '{"success":"false","msg":[]}'],
  ])('is away when it answers with %s: 503, kept nowhere', async (_, concerned, change) => {
    const { core, source } = await load()
    Object.assign(source, { change, concerned })
    await expect(expressions(core)).rejects.toMatchObject({ code: 'UPSTREAM_UNAVAILABLE' })
    source.change = undefined
    expect((await expressions(core)).index).toHaveLength(12)
  })

  it.each([
    ['no XML', /query\.xml/, (text: string) => text.slice(0, 60)],
    ['other XML', /query\.xml/, () => '<?xml version="1.0"?><other/>'],
    ['a probe without id', /query\.xml/, (text: string) => text.replace(/<id>\d+<\/id>/, '')],
    ['half of the JSON', /query\.json/, (text: string) => text.slice(0, text.length >> 1)],
    ['no msg', /query\.json/, () => '{"success":true}'],
    ['an empty msg', /query\.json/, () => '{"success":true,"msg":[]}'],
    ['a msg of text', /query\.json/, () => '{"success":true,"msg":"ok"}'],
    ['null', /query\.json/, () => 'null'],
    ['an alignment without numbers', /Specimen/, (text: string) => text.replace('"tvr_03":0', '"tvr_03":null')],
    [
      'levels that are words',
      /query\.json/,
      (text: string) => text.replace(/"expression_level":\["[\d.]+"/, '"expression_level":["high"'),
    ],
    [
      'fewer levels than samples',
      /query\.json/,
      (text: string) => text.replace(/"z-score":\["[-\d.]+",/, '"z-score":['),
    ],
    ['a sample without place', /query\.json/, (text: string) => text.replace(/"mri":\[[^\]]*\]/, '"mri":null')],
  ])('gives a 502 that tells what is odd about %s', async (_, concerned, change) => {
    const { core, source } = await load()
    Object.assign(source, { change, concerned })
    await expect(expressions(core)).rejects.toMatchObject({
      code: 'BAD_DATA',
      message: expect.stringMatching(/Allen API gives an odd answer: .*of \d+ bytes/),
    })
    source.change = undefined
    expect((await expressions(core)).index).toHaveLength(12)
  })

  it('leaves out no measurement that is null', async () => {
    const { core, source } = await load()
    Object.assign(source, {
      concerned: /query\.json/,
      change: (text: string) =>
        text.replace(/"expression_level":\[[^\]]*\]/g, (levels) => levels.replaceAll(/"[\d.]+"/g, 'null')),
    })
    const table = await expressions(core)
    expect(column(table, 'level')).toEqual(Array(12).fill(null))
    expect(column(table, 'zscore').every((value) => typeof value === 'number')).toBe(true)
  })

  it('is asked for all pages of probes', async () => {
    const asked: string[] = []
    const get = async (key: string) => {
      asked.push(key)
      const rows = Array.from({ length: 51 }, (_, i) => `<probe><id>${1000 + i}</id></probe>`)
      const page = asked.length === 1 ? rows.slice(0, 50) : rows.slice(50)
      const start = asked.length === 1 ? 0 : 50
      return new TextEncoder().encode(
        `<Response success="true" start_row="${start}" num_rows="${page.length}" total_rows="51"><probes>${page.join('')}</probes></Response>`,
      )
    }
    const retrieval = createRetrieval({ mirror: { get }, offline: true })
    expect(await findProbes(retrieval, ['MAOA'])).toEqual(Array.from({ length: 51 }, (_, i) => 1000 + i))
    expect(asked).toHaveLength(2)
  })
})
