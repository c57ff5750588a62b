import { Command } from 'commander'
import type { Word } from './word.ts'

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
    .action(async ({ queues, check }: { queues?: string; check?: boolean }) => {
      const { checkWorker, startWorkerRole } = await import('../roles/worker.ts')
      await (check ? checkWorker : startWorkerRole)(config(), queues)
    })
