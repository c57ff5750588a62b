import { expect, test } from 'vitest'
import { joinParts, taskKey } from '../../src/tasks/task-key.ts'

const params = { b: [1, 'x'], a: 'text', none: undefined, empty: null }
const OF_PARAMS = '\n1:a5:stext\n1:b7:[1,"x"]\n5:empty4:null'
const body = { mediaType: 'text/csv', sha256: 'ab', bytes: 1, place: { kind: 'inline', base64: '' } } as const

test.each([
  ['name and parameters, by name', { params }, `task${OF_PARAMS}`],
  ['the version of the data', { params, dataVersion: 'v1' }, `v1 task${OF_PARAMS}`],
  ['a body by its type and hash', { params: {}, body }, 'task\n13:body text/csv3:sab'],
  ['a token of its own', { params: {}, token: 't' }, 'task\n9:own token2:st'],
  ['both', { params: {}, token: 't', body }, 'task\n13:body text/csv3:sab\n9:own token2:st'],
])('a piece of work is %s', (_, task, key) => {
  expect(taskKey({ name: 'task', ...task })).toBe(key)
})

test('no value imitates another', () => {
  expect(joinParts('x', { a: '1' })).not.toBe(joinParts('x', { a: 1 }))
  expect(joinParts('x', { a: 's\n1:b2:sy' })).not.toBe(joinParts('x', { a: 's', b: 'y' }))
})
