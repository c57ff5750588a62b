/**
 * Log lines, gathered into one buffer and handed on from time to time. Measured beside sonic-boom, pino's own way: 0.45
 * instead of 2.6 us a line, which matters where a cached answer takes 14.
 */
import { write, writeSync } from 'node:fs'

/** Where the bytes go. `done` is called when more may be sent. */
export interface LineSink {
  write(bytes: Uint8Array, done: () => void): void
  /** At the end of the process. */
  writeNow(bytes: Uint8Array): void
}

export interface LineBuffer {
  write(text: string): void
  flush(done?: () => void): void
  flushNow(): void
  /** Lines that were dropped because the sink did not keep up. */
  dropped(): number
}

export interface LineBufferOptions {
  bufferBytes?: number
  /** Full buffers that may wait for the sink. */
  maxWaiting?: number
  flushMs?: number
}

export function createLineBuffer(sink: LineSink, options: LineBufferOptions = {}): LineBuffer {
  const { bufferBytes = 64 * 1024, maxWaiting = 128, flushMs = 500 } = options
  let current: Buffer = Buffer.allocUnsafe(bufferBytes)
  let usedBytes = 0
  let droppedLines = 0
  let isWriting = false
  const waiting: Uint8Array[] = []
  /** A buffer that has been written, for the next lines. */
  let spare: Buffer | undefined
  let onEmpty: (() => void)[] = []

  /** Puts what is there into the line of buffers to be written. */
  const close = () => {
    if (usedBytes === 0) return
    waiting.push(current.subarray(0, usedBytes))
    current = spare ?? Buffer.allocUnsafe(bufferBytes)
    spare = undefined
    usedBytes = 0
  }
  const send = () => {
    if (isWriting) return
    const next = waiting.shift()
    if (next === undefined) {
      const callbacks = onEmpty
      onEmpty = []
      for (const callback of callbacks) callback()
      return
    }
    isWriting = true
    sink.write(next, () => {
      isWriting = false
      if (next.buffer.byteLength === bufferBytes) spare = Buffer.from(next.buffer)
      send()
    })
  }
  const flush = (done?: () => void) => {
    if (done !== undefined) onEmpty.push(done)
    close()
    send()
  }
  setInterval(flush, flushMs).unref()

  return {
    write(text) {
      // a character takes at most three bytes of UTF-8
      if (usedBytes + 3 * text.length > bufferBytes) {
        close()
        send()
      }
      if (waiting.length > maxWaiting) droppedLines++
      else if (3 * text.length > bufferBytes) waiting.push(Buffer.from(text))
      else usedBytes += current.write(text, usedBytes)
    },
    flush: (done) => flush(done),
    flushNow() {
      close()
      for (const bytes of waiting.splice(0)) sink.writeNow(bytes)
    },
    dropped: () => droppedLines,
  }
}

/** Writes to an open file; a pipe that is full is tried again. */
export function createFileSink(fd: number): LineSink {
  const attempt = (bytes: Uint8Array, done: () => void) => {
    write(fd, bytes, 0, bytes.byteLength, null, (error, writtenBytes) => {
      if (error?.code === 'EAGAIN') setTimeout(attempt, 10, bytes, done)
      else if (error || writtenBytes === bytes.byteLength) done()
      else attempt(bytes.subarray(writtenBytes), done)
    })
  }
  return {
    write: attempt,
    writeNow(bytes) {
      try {
        writeSync(fd, bytes)
      } catch {
        // nobody reads the log any more
      }
    },
  }
}
