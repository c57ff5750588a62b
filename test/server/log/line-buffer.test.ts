import { describe, expect, test, vi } from 'vitest'
import { createLineBuffer, type LineSink } from '../../../src/server/log/line-buffer.ts'

/** A sink that finishes a write when it is told to, as a slow disk would; copies what it gets only then. */
function slowSink() {
  const written: string[] = []
  const open: (() => void)[] = []
  const sink: LineSink = {
    write(bytes, done) {
      open.push(() => {
        written.push(Buffer.from(bytes).toString())
        done()
      })
    },
    writeNow: (bytes) => written.push(Buffer.from(bytes).toString()),
  }
  return { sink, written, finishOne: () => open.shift()?.() }
}

const lines = (from: number, to: number) => Array.from({ length: to - from }, (_, i) => `line ${from + i}\n`)

describe('createLineBuffer', () => {
  test('hands on every line once, in order, although buffers are used again', () => {
    const { sink, written, finishOne } = slowSink()
    const buffer = createLineBuffer(sink, { bufferBytes: 8 * 1024 })
    const all = lines(0, 5000)
    all.forEach((line, i) => {
      buffer.write(line)
      if (i % 700 === 0) finishOne()
    })
    const done = vi.fn()
    buffer.flush(done)
    for (let i = 0; i < 100; i++) finishOne()
    expect(written.length).toBeGreaterThan(3)
    expect(written.join('')).toBe(all.join(''))
    expect(done).toHaveBeenCalledOnce()
    expect(buffer.dropped()).toBe(0)
  })

  test('takes lines that are longer than its buffer, and text beyond ASCII', () => {
    const { sink, written, finishOne } = slowSink()
    const buffer = createLineBuffer(sink, { bufferBytes: 100 })
    const all = ['kurz: Gyrus präcentralis\n', `${'lang, 長い '.repeat(50)}\n`, 'the end\n']
    for (const line of all) buffer.write(line)
    buffer.flush()
    for (let i = 0; i < 5; i++) finishOne()
    expect(written.join('')).toBe(all.join(''))
  })

  test('drops lines and counts them where the sink does not keep up; the rest comes at the end of the process', () => {
    const { sink, written } = slowSink()
    const buffer = createLineBuffer(sink, { bufferBytes: 64, maxWaiting: 2 })
    for (const line of lines(0, 100)) buffer.write(line)
    expect(buffer.dropped()).toBeGreaterThan(50)
    buffer.flushNow()
    const kept = written.join('').split('\n').filter(Boolean)
    expect(kept.length).toBeGreaterThan(0)
    expect(kept.length + buffer.dropped()).toBeLessThanOrEqual(100)
  })
})
