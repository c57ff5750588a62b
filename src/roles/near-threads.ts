import { chooseConfiguration } from '../atlas/choose-configuration.ts'
import type { Config } from '../config.ts'
import { createGenerations, type ReloadableThreads } from '../dispatch/threads/generations.ts'
import { createThreadsDispatcher } from '../dispatch/threads/threads.ts'
import type { Logger } from '../server/log/log.ts'
import type { TaskObserver } from '../tasks/task-observer.ts'
import { threadsOptions } from './settings.ts'

export interface NearThreads {
  threads: ReloadableThreads
  /** Loads the configuration. Never rejects: a server without it leaves all tasks to its workers, and says so. */
  start(): Promise<void>
  reload(): Promise<boolean>
}

/** The threads of a server (role `server`) for tasks that it does not send to workers. */
export function createNearThreads(config: Config, logger: Logger, observer: TaskObserver): NearThreads {
  let configuration: string | readonly string[] = ''
  const choose = async () => {
    configuration = (await chooseConfiguration(config, false)).configuration
  }
  const threads = createGenerations({
    create: () =>
      createThreadsDispatcher({
        ...threadsOptions(config, logger, () => configuration),
        queues: config.nearQueues,
        observer,
      }),
    onProblem: (message) => logger.error(message),
    onSwitch: ({ dataVersion }) => logger.info({ dataVersion }, 'This server holds other data'),
  })
  return {
    threads,
    async start() {
      try {
        await choose()
        await threads.start()
      } catch (thrown) {
        logger.warn({ err: thrown }, 'This server cannot read the configuration: the workers answer everything')
      }
    },
    async reload() {
      await choose()
      return threads.reload()
    },
  }
}
