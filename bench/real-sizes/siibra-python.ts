/** The same operations by siibra-python 0.4a107 on the same files, where an interpreter has it. */
import { spawnSync } from 'node:child_process'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

export interface PythonTask {
  configuration: string
  mirror: string
  parcellation: string
  space: string
  isStatistical: boolean
  kind: 'whole' | 'mask' | 'point' | 'resampled'
  region?: string
  pointMm?: number[]
}

export interface PythonMeasured {
  cpu: number
  wall: number
  peakMb: number
  /** Volume and value, of a point. */
  rows: [volume: number, value: number][]
}

const SCRIPT = join(dirname(fileURLToPath(import.meta.url)), 'ask_siibra.py')
const TIMEOUT_MS = 900_000

/** Undefined, with a word to the user, where the interpreter has no siibra 0.4a107. */
export function findSiibraPython(interpreter: string): ((task: PythonTask) => PythonMeasured | undefined) | undefined {
  const { stdout } = spawnSync(interpreter, ['-c', 'import importlib.metadata as m; print(m.version("siibra"))'])
  const version = stdout?.toString().trim() ?? ''
  if (version !== '0.4a107') {
    const found = version === '' ? 'no siibra' : `siibra ${version}`
    console.log(`siibra-python: skipped, ${interpreter} has ${found} (--siibra-python names one that has 0.4a107)\n`)
    return undefined
  }
  return (task) => {
    const { status, stdout: answer } = spawnSync(interpreter, [SCRIPT], {
      input: JSON.stringify(task),
      timeout: TIMEOUT_MS,
      maxBuffer: 2 ** 26,
    })
    return status === 0 ? (JSON.parse(answer.toString()) as PythonMeasured) : undefined
  }
}
