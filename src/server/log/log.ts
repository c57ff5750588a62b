import { join } from 'node:path'
import { type Logger, pino } from 'pino'
import type { Config } from '../../config.ts'
import { redactCredentials } from '../../siibra/index.ts'
import { createFileSink, createLineBuffer, type LineSink } from './line-buffer.ts'
import { readableLine } from './readable.ts'

export type { Logger }

/**
 * The log of a process: JSON lines in pino's form, or lines for people on a terminal, buffered and written asynchronously;
 * to standard output, or to files in the log folder that are rotated daily and at 50 MB, of which ten are kept.
 */
export function createLogger(config: Pick<Config, 'logDir' | 'logLevel' | 'logFormat'>, name = 'siibra-api'): Logger {
  const sink = config.logDir === undefined ? createFileSink(1) : createRotatingSink(config.logDir, name)
  const lines = createLineBuffer(sink)
  const form = config.logDir === undefined && isForPeople(config.logFormat) ? readableLine : (line: string) => line
  process.once('exit', lines.flushNow)
  const stream: LineStream & typeof lines = {
    ...lines,
    write: (line) => lines.write(form(redactCredentials(line))),
    writeHarmless: (line) => lines.write(form(line)),
  }
  return pino({ level: config.logLevel, base: { pid: process.pid } }, stream)
}

/** Where lines of the log go. */
export interface LineStream {
  write(line: string): void
  /** For lines that are known to hold no credentials. */
  writeHarmless?(line: string): void
}

/** Whether lines are read by a person: a terminal is; a pipe, a file or a container's log is read by programs. */
export function isForPeople(format: Config['logFormat']): boolean {
  return format === 'text' || (format === 'auto' && process.stdout.isTTY === true)
}

/** Files that pino-roll opens and rotates; lines that come before the first is open wait for it. */
function createRotatingSink(folder: string, name: string): LineSink {
  const options = { file: join(folder, name), extension: '.log', frequency: 'daily', size: '50m', mkdir: true } as const
  const opening = import('pino-roll').then(({ default: open }) => open({ ...options, limit: { count: 10 } }))
  let stream: Awaited<typeof opening> | undefined
  const decoder = new TextDecoder()
  const complain = (error: Error) => process.stderr.write(`The log in ${folder} cannot be written: ${error.message}\n`)
  opening.then((opened) => {
    stream = opened.on('error', complain)
  }, complain)
  return {
    write(bytes, done) {
      const send = () => {
        stream?.write(decoder.decode(bytes))
        stream?.flush(() => done())
      }
      if (stream === undefined) opening.then(send, done)
      else send()
    },
    writeNow(bytes) {
      stream?.write(decoder.decode(bytes))
      stream?.flushSync()
    },
  }
}
