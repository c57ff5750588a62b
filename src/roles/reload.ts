import type { Logger } from '../server/log/log.ts'

/**
 * Reads the configuration again on SIGHUP (`kill -HUP <pid>`). Where it cannot be read, what there is goes on answering.
 *
 * @param reload  resolves with false where nothing has changed
 */
export function reloadOnSignal(logger: Logger, reload: () => Promise<boolean>): void {
  process.on('SIGHUP', () => {
    logger.info('Reading the configuration again (SIGHUP)')
    logger.flush()
    reload().then(
      (isNew) => {
        logger.info(isNew ? 'The new configuration is served' : 'The configuration has not changed')
        logger.flush()
      },
      (thrown: Error) => {
        logger.error({ err: thrown }, 'The configuration could not be read again; the one before is still served')
        logger.flush()
      },
    )
  })
}
