/**
 * Writes entries into a disk cache for ever, until it is killed: every entry is 300,000 times the same byte.
 *   node --import tsx disk-cache-writer.ts <folder> <keys>
 */
import { createDiskCache } from '../../../../src/siibra/retrieval/cache/disk-cache.ts'

const [folder, keys] = [process.argv[2]!, Number(process.argv[3])]
const cache = createDiskCache({ folder, maxBytes: 1e9 })
for (let round = 0; ; round++) {
  for (let key = 0; key < keys; key++) {
    await cache.write(`key ${key}`, new Uint8Array(300_000).fill((process.pid + round) % 251))
    if (round === 0 && key === 0) console.log('writing')
  }
}
