import { expect, test } from 'vitest'
import { loadHandlers } from '../../../src/data-handlers/index.ts'
import { KNOWN_TASKS, requireKnownTasks } from '../../../src/server/routes/known-tasks.ts'
import { routeTable } from '../../../src/server/routes/table.ts'
import { QUEUE_NAMES } from '../../../src/tasks/task.ts'

test.each(QUEUE_NAMES)('the list of tasks is that of the handlers: %s', async (queue) => {
  expect([...KNOWN_TASKS[queue]].sort()).toEqual([...(await loadHandlers([queue])).keys()].sort())
})

test('every route has a handler; a server with one that has none does not start', () => {
  expect(() => requireKnownTasks(routeTable)).not.toThrow()
  const [route] = routeTable
  const stranger = { ...route!, name: 'stranger', task: { name: 'unheard_of', queue: 'core' as const } }
  expect(() => requireKnownTasks([...routeTable, stranger])).toThrow('stranger -> core/unheard_of')
})
