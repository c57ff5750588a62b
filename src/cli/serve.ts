import { Command } from 'commander'
import { ConfigError } from '../config.ts'
import type { Word } from './word.ts'

/** `siibra-api serve`, and `siibra-api` alone: the HTTP service, in the role that SIIBRA_API_ROLE gives. */
export const serve: Word = ({ config }) =>
  new Command('serve')
    .description('starts the HTTP service, in one process or (SIIBRA_API_ROLE=server) with workers behind a queue')
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
