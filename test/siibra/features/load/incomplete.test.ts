/** Means over several files: one that is away, or a client that leaves, must not make another mean of them. */
import { describe, expect, it } from 'vitest'
import { demoConfigurationFiles, demoStore } from '../../../../src/demo/index.ts'
import { featureIndex } from '../../../../src/siibra/features/catalogue.ts'
import { loadLabelledMatrix, loadTable, type TabularFeature } from '../../../../src/siibra/features/load/load-table.ts'
import { type AtlasCore, createRetrieval, loadConfiguration } from '../../../../src/siibra/index.ts'
import { runLiveQuery } from '../../../../src/siibra/livequeries/run-live-query.ts'
import { upstreamUnavailable } from '../../../../src/siibra/retrieval/upstream-errors.ts'

interface Source {
  away?: RegExp | undefined
  missing?: RegExp | undefined
  /** Is waited for before each answer. */
  gate?: Promise<void> | undefined
}

async function load(): Promise<{ core: AtlasCore; source: Source }> {
  const store = demoStore()
  const source: Source = {}
  const get = async (key: string, options: { signal?: AbortSignal } = {}) => {
    await source.gate
    options.signal?.throwIfAborted()
    if (source.away?.test(key)) throw upstreamUnavailable(key, 'away')
    return source.missing?.test(key) ? undefined : store.get(key)
  }
  const retrieval = createRetrieval({ mirror: { get }, offline: true })
  return { core: await loadConfiguration({ configuration: demoConfigurationFiles(), retrieval }), source }
}

type Read = (core: AtlasCore, signal?: AbortSignal) => Promise<unknown>

const tableOf =
  (kind: TabularFeature['kind']): Read =>
  async (core, signal) => {
    const feature = (await featureIndex(core)).features.find((one) => one.kind === kind)
    return loadTable(core.retrieval, feature as TabularFeature, signal)
  }

/** Recordings of one region, of which no spectrum was made beforehand. */
const spectrum: Read = async (core, signal) => {
  const { regions } = core.parcellations.lookUp('Burrow').object
  const region = regions.find(({ name }) => name === 'Mouth (Burrow)') as (typeof regions)[number]
  const features = await runLiveQuery(core, 'RegionalLocalFieldPotential', region)
  const [feature] = features.filter((one) => one.kind === 'field-potential' && one.psdUrls.length > 1)
  if (feature?.kind !== 'field-potential') throw new Error('no feature with several recordings')
  return loadTable(core.retrieval, { ...feature, spectrumUrl: null }, signal)
}

/** The last of several files is away. */
const MEANS: [what: string, read: Read, file: RegExp][] = [
  ['densities of cells by layer', tableOf('layerwise-cell-density'), /0202\/0002\/layerinfo\.txt$/],
  ['power spectra', spectrum, /\.h5$/],
]

describe.each(MEANS)('a mean of %s', (_, read, file) => {
  it.each(['away', 'missing'] as const)('fails while a file is %s, and is right afterwards', async (how) => {
    const expected = await read((await load()).core)
    const { core, source } = await load()
    source[how] = file
    await expect(read(core)).rejects.toMatchObject({ code: 'UPSTREAM_UNAVAILABLE' })
    source[how] = undefined
    expect(await read(core)).toEqual(expected)
  })

  it('is right after a client has left in mid-load, and for those who stayed', async () => {
    const expected = await read((await load()).core)
    const { core, source } = await load()
    await featureIndex(core)
    await runLiveQuery(core, 'RegionalLocalFieldPotential', core.parcellations.lookUp('Burrow').object)
    let open = () => {}
    source.gate = new Promise((resolve) => (open = resolve))
    const leaving = new AbortController()
    const left = read(core, leaving.signal)
    left.catch(() => {})
    const stayed = read(core, new AbortController().signal)
    await new Promise(setImmediate)
    leaving.abort()
    open()
    await expect(left).rejects.toMatchObject({ code: 'ABORTED' })
    expect(await stayed).toEqual(expected)
    expect(await read(core)).toEqual(expected)
  })
})

it('a matrix without a subject is the mean of all, or none', async () => {
  const read: Read = async (core) => {
    const feature = (await featureIndex(core)).features.find(
      (one) => one.kind === 'connectivity' && one.files.size > 1 && one.repository.kind === 'zip',
    )
    const parcellation = core.parcellations.lookUp('Harbour v2').object
    return (await loadLabelledMatrix(core.retrieval, feature as never, parcellation)).matrix
  }
  const expected = await read((await load()).core)
  const { core, source } = await load()
  source.away = /\.zip$/
  await expect(read(core)).rejects.toMatchObject({ code: 'UPSTREAM_UNAVAILABLE' })
  source.away = undefined
  expect(await read(core)).toEqual(expected)
})

it('a live query goes on for the second caller when the first one leaves', async () => {
  const { core, source } = await load()
  const { regions } = core.parcellations.lookUp('Harbour v2').object
  const region = regions.find(({ name }) => name === 'Area B1 (Bow) left') as (typeof regions)[number]
  await featureIndex(core)
  let open = () => {}
  source.gate = new Promise((resolve) => (open = resolve))
  const first = new AbortController()
  const left = runLiveQuery(core, 'GeneExpressions', region, { genes: ['MAOA'], signal: first.signal })
  left.catch(() => {})
  const second = new AbortController()
  const stayed = runLiveQuery(core, 'GeneExpressions', region, { genes: ['MAOA'], signal: second.signal })
  await new Promise(setImmediate)
  first.abort()
  open()
  await expect(left).rejects.toMatchObject({ code: 'ABORTED' })
  expect(await stayed).toHaveLength(1)
})
