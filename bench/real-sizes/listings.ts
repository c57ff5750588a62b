/** The first listing of the features of a region that lie in it by their places alone: boxes of images against masks of 0.5 mm and 25 um. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { startService } from '../server/processes.ts'
import { cpuS, peakMb } from './process-usage.ts'

const SPACES: Record<string, string> = { b: 'mni05', d: 'ccf25' }

/**
 * Asks fresh services: for one region, the same again, another one, then the whole parcellation. The second service finds on the disk what the
 * first has left there.
 */
export async function measureListings(env: Record<string, string>, letters: string): Promise<void> {
  console.log('\nlisting of features by place, CPU s / wall s (300 images and their boxes in each space)\n')
  console.log('                         one region     again     another  whole tree  peak MB  found')
  for (const letter of letters.split('').filter((one) => SPACES[one])) {
    const cacheDir = mkdtempSync(join(tmpdir(), 'siibra-bench-'))
    for (const start of ['first start', 'second start']) {
      const service = await startService({ ...env, SIIBRA_CACHEDIR: cacheDir, SIIBRA_API_RESPONSE_CACHE_MB: '0' })
      await sleep(3000)
      const cells: string[] = []
      const found: number[] = []
      for (const region of ['Region 220', 'Region 220', 'Region 221', `Bench parcellation ${letter}`]) {
        const before = cpuS(service.pid)
        const startMs = performance.now()
        const query = new URLSearchParams({ parcellation_id: `bench/parcellation/${letter}`, size: '50' })
        const path = `/v3_0/regions/${encodeURIComponent(region)}/features?${query}`
        const answer = await fetch(`http://127.0.0.1:${service.port}${path}`)
        const body = (await answer.json()) as { total?: number }
        if (answer.status !== 200) throw new Error(`${region}: ${answer.status} ${JSON.stringify(body)}`)
        found.push(body.total ?? 0)
        const wall = (performance.now() - startMs) / 1000
        cells.push(`${(cpuS(service.pid) - before).toFixed(2)} / ${wall.toFixed(2)}`.padStart(12))
      }
      console.log(
        `${`${letter}, ${start}`.padEnd(22)}${cells.join('')}${String(peakMb(service.pid)).padStart(9)}  ${found.join(' ')}`,
      )
      await service.stop()
    }
    rmSync(cacheDir, { recursive: true, force: true })
  }
}
