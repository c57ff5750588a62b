import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { runCommandLine } from '../../src/cli/program.ts'
import { parseConfig } from '../../src/config.ts'

export interface CommandOptions {
  env?: Record<string, string>
  /** Whether standard error is a terminal. */
  isTerminal?: boolean
}

/** Runs a command line on the demo atlas; what it wrote, and the code to exit with (undefined: it ended by itself). */
export async function runCommand(args: string[], { env = {}, isTerminal = false }: CommandOptions = {}) {
  const folder = mkdtempSync(join(tmpdir(), 'siibra-api-command-'))
  const parts: Buffer[] = []
  const written = { err: '' }
  const all = { SIIBRA_USE_CONFIGURATION: 'demo', SIIBRA_CACHEDIR: folder, SIIBRA_API_OFFLINE: '1', ...env }
  try {
    const code = await runCommandLine(args, {
      env: all,
      stdout: { write: (text) => parts.push(Buffer.from(text)) },
      stderr: {
        isTTY: isTerminal,
        write(text) {
          written.err += String(text)
        },
      },
      config: () => parseConfig(all),
    })
    const bytes = Buffer.concat(parts)
    return { code, bytes, out: bytes.toString(), err: written.err }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}
