import { describe, expect, test } from 'vitest'
import {
  fullQueueName,
  laneName,
  parseQueueNames,
  queueOfTask,
  taskId,
  taskKeyOf,
} from '../../../src/dispatch/queue/names.ts'
import { decodeResult, encodeResult } from '../../../src/dispatch/queue/result.ts'
import type { TaskResult } from '../../../src/tasks/task.ts'

const scope = { version: '0.4.0', namespace: 'siibraapi' }

describe('names of queues', () => {
  test('have version, namespace and queue', () => {
    expect(fullQueueName(scope, 'core')).toBe('0.4.0.siibraapi.core')
  })

  test.each([
    [undefined, ['core', 'features', 'volumes', 'compounds']],
    ['', ['core', 'features', 'volumes', 'compounds']],
    ['core', ['core']],
    [' features , core,core', ['features', 'core']],
    ['0.4.0.siibraapi.volumes,compounds', ['volumes', 'compounds']],
  ])('-Q %s', (value, expected) => {
    expect(parseQueueNames(value, scope)).toEqual(expected)
  })

  test.each(['cores', '0.3.35.siibraapi.core', 'core;features'])(
    '-Q %s is refused, with what would be right',
    (value) => {
      expect(() => parseQueueNames(value, scope)).toThrow(expect.objectContaining({ code: 'INVALID_PARAMETER' }))
      expect(() => parseQueueNames(value, scope)).toThrow(value)
    },
  )
})

describe('ids of tasks', () => {
  const queue = 'volumes'
  const base = { queue, name: 'a', params: { x: 1, y: [1, { p: 1 }], q: undefined } } as const
  test('are the same for the same work, in any order of parameters', () => {
    expect(taskId({ queue, name: 'a', params: { y: [1, { p: 1 }], x: 1 } })).toBe(taskId(base))
  })
  test.each([
    { name: 'b', params: base.params },
    { name: 'a', params: { x: '1', y: base.params.y } },
    { name: 'a', params: { x: 1, y: [{ p: 1 }, 1] } },
    { name: 'a', params: { x: 1, y: [1, { p: 1 }], z: null } },
  ])('differ for other work: %j', (task) => {
    expect(taskId({ queue, ...task })).not.toBe(taskId(base))
  })
  test('name their queue, whose hash tag all keys of the task have', () => {
    const id = taskId(base)
    expect(queueOfTask(id)).toBe('volumes')
    const keys = [
      `bull:${laneName(scope, queue, false)}:${id}`,
      `bull:${laneName(scope, queue, true)}:${id}`,
      taskKeyOf(scope, id, 'result'),
      taskKeyOf(scope, id, 'file', '1'),
    ]
    expect(keys.map((key) => /\{(.*?)\}/.exec(key)?.[1])).toEqual(keys.map(() => '0.4.0.siibraapi.volumes'))
  })
  test('that are none lead nowhere', () => {
    expect(queueOfTask('volume-1')).toBeUndefined()
    expect(taskKeyOf(scope, '../x', 'task')).toBe('siibra-api:{0.4.0.siibraapi}:task:../x')
  })
})

test.each<TaskResult>([
  {
    ok: true,
    status: 200,
    contentType: 'application/json',
    headers: { a: 'ü' },
    body: Buffer.from([0, 255, 1]),
    etag: '"a"',
  },
  { ok: true, status: 200, contentType: 'x/y', headers: {}, body: Buffer.alloc(0), etag: '"b"' },
  { ok: false, code: 'NOT_FOUND', message: 'no “ü”', details: { a: [1] } },
])('a result comes back from its bytes as it was: %j', (result) => {
  expect(decodeResult(encodeResult(result))).toEqual(result)
})
