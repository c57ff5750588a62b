import { createHash } from 'node:crypto'
import { readdir, readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { queueKey } from '../../../src/dispatch/queue/names.ts'
import { loadResult } from '../../../src/dispatch/queue/result.ts'
import type { Task } from '../../../src/tasks/task.ts'
import { anAnswer } from '../../dispatch/an-answer.ts'
import { createRunner, folder, NOW_MS, scope } from './job-runner.ts'

describe('the body of a task', () => {
  const sent = Buffer.from('sent')
  const sha256 = createHash('sha256').update(sent).digest('hex')
  const bodyAt = (place: object) => ({ mediaType: 'a/b', sha256, bytes: 4, place }) as Task['body']
  const key = queueKey(scope, 'core', 'body', 'siibra-api-body-1')

  test('in the result backend is brought to the folder, for this user alone, and gone in the end', async () => {
    const seen: unknown[] = []
    const { take, jobOf, results } = createRunner(async ({ body }) => {
      const name = body?.place.kind === 'file' ? body.place.name : ''
      seen.push(name, `${await readFile(join(folder, name))}`, (await stat(join(folder, name))).mode & 0o777)
      return anAnswer('done')
    })
    await results.set(key, sent)
    expect(await take(jobOf({ body: bodyAt({ kind: 'results', id: 'siibra-api-body-1' }) }))).toBe('done')
    expect(seen).toEqual([expect.stringMatching(/^siibra-api-body-/), 'sent', 0o600])
    expect([await readdir(folder), results.has(key)]).toEqual([[], false])
  })

  test('that is gone is a failure of the task; another one is refused', async () => {
    const gone = createRunner()
    const job = gone.jobOf({ body: bodyAt({ kind: 'results', id: 'siibra-api-body-1' }) })
    expect(await gone.take(job)).toBe('done')
    expect(await loadResult(gone.results.redis, scope, job.id)).toMatchObject({ code: 'UNAVAILABLE' })
    const other = createRunner()
    await other.results.set(key, 'send')
    await expect(other.take(job)).rejects.toThrow('job refused')
    expect([other.runner.refusedJobs.body, other.ran, await readdir(folder)]).toEqual([1, [], []])
  })

  test('goes with a task that nobody wants any more', async () => {
    const { take, jobOf, results } = createRunner()
    await results.set(key, sent)
    const more = { deadlineMs: NOW_MS - 1, body: bodyAt({ kind: 'results', id: 'siibra-api-body-1' }) }
    expect(await take(jobOf(more))).toBe('dropped')
    expect(results.has(key)).toBe(false)
  })
})
