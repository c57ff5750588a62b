import { join } from 'node:path'
import { destination, type Logger, pino, transport } from 'pino'
import type { Config } from '../config.ts'

export type { Logger }

/** How much a log line may wait for others, so that writing is not paid per request. */
const BUFFER_BYTES = 4096
const FLUSH_MS = 500

/**
 * The log of a process: JSON lines, buffered and written asynchronously; to standard output, or to files in the log
 * folder that are rotated daily and at 50 MB, of which ten are kept.
 */
export function createLogger(config: Pick<Config, 'logDir' | 'logLevel'>, name = 'siibra-api'): Logger {
  const options = { level: config.logLevel, base: { pid: process.pid } }
  if (config.logDir !== undefined) {
    const target = {
      target: 'pino-roll',
      options: {
        file: join(config.logDir, name),
        extension: '.log',
        frequency: 'daily',
        size: '50m',
        mkdir: true,
        limit: { count: 10 },
      },
    }
    return pino(options, transport(target))
  }
  const stream = destination({ dest: 1, sync: false, minLength: BUFFER_BYTES })
  setInterval(() => stream.flush(), FLUSH_MS).unref()
  return pino(options, stream)
}
