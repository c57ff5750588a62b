import { expect, test } from 'vitest'
import { createNearTasks } from '../../../src/dispatch/queue/near-tasks.ts'
import type { Dispatcher } from '../../../src/tasks/dispatcher.ts'
import { mapQueues } from '../../../src/tasks/queues.ts'
import type { Task } from '../../../src/tasks/task.ts'

/** A dispatcher that tells where a task went. */
function placeOf(name: string, places: string[]): Dispatcher {
  return {
    run: async (task) => {
      places.push(`${task.queue} ${name}`)
      return { ok: false, code: 'ABORTED', message: '', details: {} }
    },
    status: async () => mapQueues(() => ({ waiting: 1, active: 2, workers: 3 })),
    close: async () => void places.push(`${name} closed`),
  }
}

const task = (queue: Task['queue'], dataVersion?: string): Task => ({
  name: 'any',
  queue,
  params: {},
  criticality: 'critical',
  deadlineMs: Date.now() + 1_000,
  ...(dataVersion === undefined ? {} : { dataVersion }),
})

function setUp(held: string | undefined) {
  const places: string[] = []
  const near = { ...placeOf('near', places), currentVersion: () => held }
  return { places, both: createNearTasks(placeOf('far', places), near, ['core']) }
}

test('tasks of the named queues stay in this process, others go to the workers', async () => {
  const { both, places } = setUp('v1')
  await both.run(task('core', 'v1'))
  await both.run(task('volumes', 'v1'))
  expect(places).toEqual(['core near', 'volumes far'])
})

test('where no worker has told its version, this process answers', async () => {
  const { both, places } = setUp('v1')
  await both.run(task('core'))
  expect(places).toEqual(['core near'])
})

test('workers answer while this process holds no data, or others than they', async () => {
  for (const held of [undefined, 'v1']) {
    const { both, places } = setUp(held)
    await both.run(task('core', 'v2'))
    expect(places).toEqual(['core far'])
  }
})

test('the status of a queue counts both; closing closes both', async () => {
  const { both, places } = setUp('v1')
  expect(await both.status()).toMatchObject({
    core: { waiting: 2, active: 4, workers: 6 },
    volumes: { waiting: 1, active: 2, workers: 3 },
  })
  await both.close()
  expect(places.sort()).toEqual(['far closed', 'near closed'])
})
