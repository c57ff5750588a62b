import { Command } from 'commander'
import { createProgress } from './progress.ts'
import type { Word } from './word.ts'

/** `siibra-api warm-up`: fills the caches of a running service. */
export const warmUp: Word = (context) =>
  new Command('warm-up')
    .description(
      'asks a running service for what siibra-explorer asks first, so that its caches hold it; exits with 1 when some of it failed',
    )
    .option('--base <url>', 'where the service is; default: SIIBRA_API_HOST and SIIBRA_API_PORT')
    .option('--json', 'prints {asked, failed, ms}')
    .addHelpText('after', '\nExample:\n  siibra-api warm-up --base http://127.0.0.1:5000')
    .action(async ({ base, json }: { base?: string; json?: boolean }) => {
      const { stdout } = context
      const { host, port } = context.config()
      const progress = createProgress(context)
      const { warmUpOutside } = await import('../roles/warm-up.ts')
      const report = await warmUpOutside(base ?? `http://${host}:${port}`, (asked) =>
        progress.show({ text: `${asked} answers` }),
      ).finally(progress.end)
      const { asked, failed, ms } = report
      stdout.write(
        json ? `${JSON.stringify(report)}\n` : `${asked} answers in ${(ms / 1000).toFixed(1)} s, ${failed} failed\n`,
      )
      process.exitCode = failed > 0 ? 1 : 0
    })
