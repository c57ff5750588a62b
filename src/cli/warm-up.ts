import { Command } from 'commander'
import type { Word } from './word.ts'

/** `siibra-api warm-up`: fills the caches of a running service. */
export const warmUp: Word = ({ config, stdout }) =>
  new Command('warm-up')
    .description(
      'asks a running service for what siibra-explorer asks first, so that its caches hold it; exits with 1 when some of it failed',
    )
    .option('--base <url>', 'where the service is; default: SIIBRA_API_HOST and SIIBRA_API_PORT')
    .action(async ({ base }: { base?: string }) => {
      const { host, port } = config()
      const { warmUpOutside } = await import('../roles/warm-up.ts')
      const { asked, failed, ms } = await warmUpOutside(base ?? `http://${host}:${port}`)
      stdout.write(`${asked} answers in ${(ms / 1000).toFixed(1)} s, ${failed} failed\n`)
      process.exitCode = failed > 0 ? 1 : 0
    })
