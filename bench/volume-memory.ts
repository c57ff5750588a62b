/**
 * Memory while volumes are read: 50 of 17 MB one after the other, then 16 others at once, with a budget of 128 MB. Prints the peak of what is
 * resident beyond the start, beside what the volumes take together and what is kept.
 *
 *   node --expose-gc --import tsx bench/volume-memory.ts [--budget 128]
 */
import { parseArgs } from 'node:util'
import { createAtlas, createLabels, toFile, volumeOf } from './maps/made-up-atlas.ts'

const { values } = parseArgs({ options: { budget: { type: 'string', default: '128' } } })
const MEBIBYTE = 1024 ** 2
const budget = Number(values.budget) * MEBIBYTE
const file = toFile(createLabels([193, 229, 193], 1, 24))
const names = Array.from({ length: 66 }, (_, n) => `volume ${n}`)
const atlas = createAtlas(new Map(names.map((name) => [name, file])), { maxCachedBytes: budget })

const inMebibytes = (bytes: number) => `${(bytes / MEBIBYTE).toFixed(0).padStart(5)} MB`
const { gc } = globalThis as { gc?: () => void }
gc?.()
const startBytes = process.memoryUsage().rss

async function peakOf(work: () => Promise<unknown>): Promise<number> {
  let peak = 0
  const look = () => {
    peak = Math.max(peak, process.memoryUsage().rss - startBytes)
  }
  const timer = setInterval(look, 5)
  await work()
  look()
  clearInterval(timer)
  return peak
}

async function report(what: string, count: number, work: () => Promise<unknown>) {
  const peak = await peakOf(work)
  const together = count * 193 * 229 * 193 * 2
  const kept = atlas.volumes.stats().bytes
  console.log(
    `${what}: peak ${inMebibytes(peak)} over the start, ${inMebibytes(together)} together, ${inMebibytes(kept)} kept (budget ${inMebibytes(budget)})`,
  )
}

const readSome = (name: string) => atlas.volumes.fetchImage(volumeOf(name)).then(({ data }) => data[data.length >> 1])
await report('50 volumes, one after the other', 50, async () => {
  for (const name of names.slice(0, 50)) await readSome(name)
})
gc?.()
await report('16 volumes at once', 16, () => Promise.all(names.slice(50).map(readSome)))
