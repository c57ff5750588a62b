import { closeSync, openSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test, vi } from 'vitest'
import { createFileSink, createLineBuffer, type LineSink } from '../../../src/server/log/line-buffer.ts'
import { temporaryFolder } from '../../temporary-folder.ts'

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

  test('waits for 64 KiB where nothing else is said', () => {
    const { sink, written, finishOne } = slowSink()
    const buffer = createLineBuffer(sink)
    for (const line of lines(0, 100)) buffer.write(line)
    finishOne()
    expect(written).toEqual([])
    buffer.flushNow()
    expect(written.join('')).toBe(lines(0, 100).join(''))
  })

  test('uses no buffer again that a long line had alone', () => {
    const { sink, written, finishOne } = slowSink()
    const buffer = createLineBuffer(sink, { bufferBytes: 10_000 })
    const all = [`${'x'.repeat(3400)}\n`, ...lines(0, 3000)]
    for (const line of all) {
      buffer.write(line)
      finishOne()
    }
    buffer.flush()
    for (let i = 0; i < 10; i++) finishOne()
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

test('a buffer is filled to its last byte, and so many wait', () => {
  const { sink, written } = slowSink()
  const buffer = createLineBuffer(sink, { bufferBytes: 12, maxWaiting: 1 })
  // a line is taken for three bytes a character: the fourth character of a buffer of twelve is its last
  for (const line of ['aaaa', 'bbbb', 'cccc']) buffer.write(line)
  // one is being written, one waits, one is being filled
  expect(buffer.dropped()).toBe(0)
  buffer.write('dddd')
  expect(buffer.dropped()).toBe(1)
  buffer.flushNow()
  expect(written).toEqual(['bbbb', 'cccc'])
})

test('a file takes all of it, and says so; one that takes nothing says so, too', async () => {
  const path = join(temporaryFolder(), 'log')
  const fd = openSync(path, 'w')
  const sink = createFileSink(fd)
  await new Promise<void>((done) => sink.write(Buffer.from('a line\n'), done))
  sink.writeNow(Buffer.from('the last\n'))
  expect(readFileSync(path, 'utf8')).toBe('a line\nthe last\n')
  const readOnly = openSync(path, 'r')
  const lost = createFileSink(readOnly)
  await new Promise<void>((done) => lost.write(Buffer.from('lost'), done))
  lost.writeNow(Buffer.from('lost'))
  for (const one of [fd, readOnly]) closeSync(one)
})
