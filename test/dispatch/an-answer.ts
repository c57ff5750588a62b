import type { TaskResult } from '../../src/tasks/task.ts'

/** A result that is some text. */
export const anAnswer = (text = 'answer', more: object = {}): TaskResult => ({
  ok: true,
  status: 200,
  contentType: 'text/plain',
  headers: {},
  etag: '"x"',
  body: Buffer.from(text),
  ...more,
})
