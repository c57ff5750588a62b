import { Command } from 'commander'
import { ConfigError } from '../config.ts'
import type { Word } from './word.ts'

const EXAMPLES = `
Examples:
  siibra-api serve                                              on http://127.0.0.1:5000: the official atlases, else the demo
  SIIBRA_USE_CONFIGURATION=demo SIIBRA_API_PORT=8080 siibra-api serve
  SIIBRA_USE_CONFIGURATION=configuration/ siibra-api serve      what siibra-api import has made
  SIIBRA_API_ROLE=server SIIBRA_API_BROKER_URL=redis://127.0.0.1:6379 siibra-api serve

It stops on SIGTERM and SIGINT, and reads its configuration anew on SIGHUP. All settings: docs/configuration.md`

/** `siibra-api serve`, and `siibra-api` alone: the HTTP service, in the role that SIIBRA_API_ROLE gives. */
export const serve: Word = ({ config }) =>
  new Command('serve')
    .description('starts the HTTP service, in one process or (SIIBRA_API_ROLE=server) with workers behind a queue')
    .addHelpText('after', EXAMPLES)
    .action(async () => {
      const settings = config()
      if (settings.role === 'server') {
        const { startServer } = await import('../roles/server.ts')
        await startServer(settings)
      } else if (settings.role === 'worker') {
        throw new ConfigError(['SIIBRA_API_ROLE is worker, which is started as siibra-api worker'])
      } else {
        const { startAll } = await import('../roles/all.ts')
        await startAll(settings)
      }
    })
