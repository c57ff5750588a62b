import { Command } from 'commander'
import type { Word } from './word.ts'

const EXAMPLES = `
Examples:
  SIIBRA_API_BROKER_URL=redis://127.0.0.1:6379 siibra-api worker
  siibra-api worker --queues core,features
  siibra-api worker --check -Q core && echo ready

It meets its server by the same SIIBRA_API_BROKER_URL and SIIBRA_USE_CONFIGURATION. More: docs/operations.md`

/** `siibra-api worker`: runs tasks of some queues, or says whether a worker of this host does. */
export const worker: Word = ({ config }) =>
  new Command('worker')
    .description('runs the tasks of a server')
    .option(
      '-Q, --queues <names>',
      'queues to take tasks of, separated by commas, by short (core) or full name (<version>.<namespace>.core); default: all',
    )
    .option(
      '--check',
      'does not start a worker: exits with 0 when one of this host is ready for these queues, else with 1',
    )
    .addHelpText('after', EXAMPLES)
    .action(async ({ queues, check }: { queues?: string; check?: boolean }) => {
      const { checkWorker, startWorkerRole } = await import('../roles/worker.ts')
      await (check ? checkWorker : startWorkerRole)(config(), queues)
    })
