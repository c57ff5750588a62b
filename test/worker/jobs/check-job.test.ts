import { createHash } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { taskId } from '../../../src/dispatch/queue/names.ts'
import { MAX_INLINE_BYTES } from '../../../src/tasks/answer/body.ts'
import type { Task } from '../../../src/tasks/task.ts'
import { checkContent, checkJob, RefusedJob } from '../../../src/worker/check-job.ts'

const good: Task = { name: 'echo', queue: 'core', params: { a: 'x' }, criticality: 'normal', deadlineMs: 1e12 }
const hashOf = (bytes: Uint8Array | string) => createHash('sha256').update(bytes).digest('hex')
const inline = (bytes: Buffer, more: object = {}) => ({
  mediaType: 'text/plain',
  sha256: hashOf(bytes),
  bytes: bytes.length,
  place: { kind: 'inline', base64: bytes.toString('base64') },
  ...more,
})
const placed = (place: unknown, more: object = {}) => ({ ...inline(Buffer.from('x')), place, ...more })

/** What is said of a job, or 'taken'. */
function check(task: Record<string, unknown> = {}, job: Record<string, unknown> = {}, more: { id?: unknown } = {}) {
  const whole = { ...good, ...task } as Task
  const id = 'id' in more ? more.id : taskId(job.isLong ? { ...whole, name: `long ${whole.name}` } : whole)
  try {
    // what comes from the broker has no type
    checkJob({ id: id as string, name: 'echo', data: { task: whole, ...job } }, 'core')
    return 'taken'
  } catch (thrown) {
    if (!(thrown instanceof RefusedJob)) throw thrown
    return thrown.reason
  }
}

describe('the form of a job', () => {
  test.each<[string, Record<string, unknown>, Record<string, unknown>?]>([
    ['the least', {}],
    ['all that there is', { isHeavy: true, mayBeFile: false, token: 't', dataVersion: 'v', traceparent: '00' }],
    ['what the server asks for', {}, { isLong: true, tellsProgress: true, folderMarker: '.siibra-api-server-a-1' }],
    ['the longest text', { token: 'x'.repeat(1024) }],
    ['critical', { criticality: 'critical' }],
    ['background', { criticality: 'background' }],
  ])('%s is taken', (_, task, job) => {
    expect(check(task, job)).toBe('taken')
  })

  test.each<[string, Record<string, unknown>, Record<string, unknown>?]>([
    ['another name', { name: 'other' }],
    ['no name', { name: 7 }],
    ['another queue', { queue: 'volumes' }],
    ['a criticality that is none', { criticality: 'soon' }],
    ['no deadline', { deadlineMs: Number.NaN }],
    ['heavy by a number', { isHeavy: 1 }],
    ['a file by a text', { mayBeFile: 'yes' }],
    ['a token that is none', { token: 7 }],
    ['a token that is too long', { token: 'x'.repeat(1025) }],
    ['a version that is none', { dataVersion: {} }],
    ['a trace that is none', { traceparent: [] }],
    ['long by a text', {}, { isLong: 'yes' }],
    ['progress by a number', {}, { tellsProgress: 1 }],
    ['a marker that is none', {}, { folderMarker: 7 }],
    ['a marker elsewhere', {}, { folderMarker: '../x' }],
    ['a marker that is too long', {}, { folderMarker: `.siibra-api-server-${'x'.repeat(1024)}` }],
    ['parameters that are a list', { params: [] }],
    ['a body that is a list', { body: [] }],
    ['a body that is null', { body: null }],
    ['a place that is a text', { body: placed('here') }],
  ])('%s is malformed', (_, task, job) => {
    expect(check(task, job, { id: 'core-x' })).toBe('malformed')
  })

  test('an id that is none is malformed; that of another task, or of the same as a long one, is told', () => {
    expect(check({}, {}, { id: undefined })).toBe('malformed')
    expect(check({}, {}, { id: 'core-other' })).toBe('other_task')
    expect(check({}, { isLong: true }, { id: taskId(good) })).toBe('other_task')
    expect(check({}, {}, { id: taskId({ ...good, name: 'long echo' }) })).toBe('other_task')
  })

  test('what is taken is given as it was sent, with its id', () => {
    const job = { task: { ...good, body: inline(Buffer.from('abc')) } as Task, tellsProgress: true }
    const id = taskId(job.task)
    expect(checkJob({ id, name: 'echo', data: job }, 'core')).toEqual({ ...job, id })
  })
})

describe('the size of parameters', () => {
  /** Each name and text counts as its characters, all else as 8. */
  test('a MiB of text, names and values is the most', () => {
    const most = 2 ** 20
    expect(check({ params: { ab: 'x'.repeat(most - 2) } })).toBe('taken')
    expect(check({ params: { ab: 'x'.repeat(most - 1) } })).toBe('too_large')
    expect(check({ params: { ab: 'x'.repeat(most - 2 - 10), cd: 7 } })).toBe('taken')
    expect(check({ params: { ab: 'x'.repeat(most - 2 - 9), cd: null } })).toBe('too_large')
  })

  test('sixteen levels are the deepest', () => {
    const nested = (depth: number) => {
      let value: unknown = 'x'
      for (let i = 0; i < depth; i++) value = [value]
      return value
    }
    expect(check({ params: { a: nested(16) } })).toBe('taken')
    expect(check({ params: { a: nested(17) } })).toBe('too_large')
  })
})

describe('a body', () => {
  test.each([
    ['in the task', inline(Buffer.from('abc'))],
    ['that is empty', inline(Buffer.alloc(0))],
    ['as a form', inline(Buffer.from('abc'), { boundary: 'xyz' })],
    ['in the folder', placed({ kind: 'file', name: 'siibra-api-body-1' })],
    ['in the storage', placed({ kind: 'object', name: 'siibra-api-body-1' })],
    ['in the result backend', placed({ kind: 'results', id: 'siibra-api-body-1' })],
    ['as large as may be', inline(Buffer.alloc(MAX_INLINE_BYTES, 1))],
  ])('%s is taken', (_, body) => {
    expect(check({ body })).toBe('taken')
  })

  test.each([
    ['no type', inline(Buffer.from('x'), { mediaType: undefined })],
    ['a boundary that is none', inline(Buffer.from('x'), { boundary: 7 })],
    ['no hash', inline(Buffer.from('x'), { sha256: undefined })],
    ['a hash that is too short', inline(Buffer.from('x'), { sha256: 'ab' })],
    ['half a byte', inline(Buffer.from('x'), { bytes: 0.5 })],
    ['fewer bytes than none', placed({ kind: 'file', name: 'siibra-api-body-1' }, { bytes: -1 })],
    ['another length', inline(Buffer.from('x'), { bytes: 2 })],
    ['another hash', inline(Buffer.from('x'), { sha256: hashOf('y') })],
    ['a text that is none', placed({ kind: 'inline', base64: 7 })],
    ['a file elsewhere', placed({ kind: 'file', name: '../x' })],
    ['an object elsewhere', placed({ kind: 'object', name: 'x' })],
    ['a key elsewhere', placed({ kind: 'results', id: 'x', name: 'siibra-api-body-1' })],
    ['no place', placed({ kind: 'nowhere', name: 'siibra-api-body-1' })],
  ])('%s is not taken', (_, body) => {
    expect(check({ body }, {}, { id: 'core-x' })).toBe('body')
  })

  test('in the task is measured before it is read', () => {
    const most = Math.floor((MAX_INLINE_BYTES * 4) / 3 + 4)
    const body = (length: number) => placed({ kind: 'inline', base64: 'A'.repeat(length) })
    expect(check({ body: body(most) })).toBe('body')
    expect(check({ body: body(most + 1) })).toBe('too_large')
  })

  test('that was read is compared by its size, and by its hash where that is known', () => {
    // of it only these two are looked at
    const body = placed({}, { bytes: 3, sha256: 'a' }) as unknown as Parameters<typeof checkContent>[0]
    const isTaken = (bytes: number, sha256?: string) => {
      try {
        checkContent(body, bytes, sha256)
        return true
      } catch {
        return false
      }
    }
    expect([isTaken(3), isTaken(3, 'a'), isTaken(3, 'b'), isTaken(2), isTaken(4, 'a')]).toEqual([
      true,
      true,
      false,
      false,
      false,
    ])
  })
})
