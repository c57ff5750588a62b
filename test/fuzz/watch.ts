/** Cases in a process of their own: one that hangs is ended and told, one that crashes, too. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'

const CHILD = fileURLToPath(new URL('./child.ts', import.meta.url))
/** By the wall: a case that has not ended by then never will. */
const SILENT_MS = 30_000

interface Batch {
  reader: string
  from: number
  count: number
}

export interface Result {
  tried: number
  /** Files that were read for all that was wrong with them. */
  answered: number
  problems: string[]
}

interface Line {
  name: string
  file?: number
  seed?: number
  problem?: string
  tried?: number
  answered?: number
}

export async function runCases(batches: readonly Batch[]): Promise<Map<string, Result>> {
  const results = new Map<string, Result>(
    batches.map(({ reader }) => [reader, { tried: 0, answered: 0, problems: [] }]),
  )
  const args = batches.map(({ reader, from, count }) => JSON.stringify([reader, from, count]))
  const child = spawn(process.execPath, ['--import', 'tsx', '--max-old-space-size=1024', CHILD, ...args], {
    // HDF5 tells there of every file that it cannot read
    stdio: ['ignore', 'pipe', 'ignore'],
  })
  const endChild = () => void child.kill('SIGKILL')
  process.once('exit', endChild)
  let last: Line | undefined
  let timer: NodeJS.Timeout | undefined
  const tell = (name: string, problem: string) => results.get(name)?.problems.push(problem)
  for await (const text of createInterface({ input: child.stdout })) {
    clearTimeout(timer)
    timer = setTimeout(() => child.kill('SIGKILL'), SILENT_MS)
    const line = JSON.parse(text) as Line
    const result = results.get(line.name) as Result
    if (line.problem !== undefined) tell(line.name, `file ${line.file}, seed ${line.seed}: ${line.problem}`)
    else if (line.tried !== undefined) {
      result.tried += line.tried
      result.answered += line.answered ?? 0
    } else last = line
  }
  clearTimeout(timer)
  process.off('exit', endChild)
  if (child.exitCode === null && child.signalCode === null) await once(child, 'exit')
  if (child.exitCode !== 0) {
    const how = child.signalCode === null ? `ended the process (${child.exitCode})` : 'did not end within 30 s'
    tell(last?.name ?? batches[0]?.reader ?? '', `file ${last?.file}, seed ${last?.seed}: it ${how}`)
  }
  return results
}
