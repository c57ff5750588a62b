import { expect, test } from 'vitest'
import { loadHandlers } from '../../../src/data-handlers/index.ts'
import { routeTable } from '../../../src/server/routes/table.ts'
import { QUEUE_NAMES } from '../../../src/tasks/task.ts'

/** They look at tasks instead of running one (server/downloads.ts, server/later.ts). */
const WITHOUT_TASK = ['get_download_progress', 'get_download_result', 'get_task', 'get_task_result', 'delete_task']

// role server loads no handlers: that each of its routes has one is held here
test.each(QUEUE_NAMES)('every task that a route sends has a handler on its queue: %s', async (queue) => {
  const handlers = await loadHandlers([queue])
  const routes = routeTable.filter(({ name, task }) => task.queue === queue && !WITHOUT_TASK.includes(name))
  expect(routes.length).toBeGreaterThan(0)
  expect(
    routes.filter(({ task }) => !handlers.has(task.name)).map(({ name, task }) => `${name}: ${task.name}`),
  ).toEqual([])
})

/** The server sends it by itself (server/pages/examples.ts). */
const BESIDE_ROUTES = ['documentation_examples']

test.each(QUEUE_NAMES)('no handler waits for a task that nobody sends: %s', async (queue) => {
  const sent = new Set([...BESIDE_ROUTES, ...routeTable.map(({ task }) => task.name)])
  expect([...(await loadHandlers([queue])).keys()].filter((name) => !sent.has(name))).toEqual([])
})
