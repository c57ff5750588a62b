import { join } from 'node:path'
import { type Logger, pino, transport } from 'pino'
import type { Config } from '../config.ts'
import { createFileSink, createLineBuffer, type LineSink } from './line-buffer.ts'

export type { Logger }

/**
 * The log of a process: JSON lines in pino's form, buffered and written asynchronously; to standard output, or to files in
 * the log folder that are rotated daily and at 50 MB, of which ten are kept.
 */
export function createLogger(config: Pick<Config, 'logDir' | 'logLevel'>, name = 'siibra-api'): Logger {
  const sink = config.logDir === undefined ? createFileSink(1) : createRotatingSink(config.logDir, name)
  const lines = createLineBuffer(sink)
  process.once('exit', lines.flushNow)
  return pino({ level: config.logLevel, base: { pid: process.pid } }, lines)
}

/** pino-roll, in a thread of its own. */
function createRotatingSink(folder: string, name: string): LineSink {
  const options = { file: join(folder, name), extension: '.log', frequency: 'daily', size: '50m', mkdir: true }
  const stream = transport({ target: 'pino-roll', options: { ...options, limit: { count: 10 } } })
  const decoder = new TextDecoder()
  const writeNow = (bytes: Uint8Array) => stream.write(decoder.decode(bytes))
  return {
    write(bytes, done) {
      if (writeNow(bytes)) done()
      else stream.once('drain', done)
    },
    writeNow,
  }
}
