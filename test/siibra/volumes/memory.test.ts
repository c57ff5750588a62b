import { setImmediate as turn } from 'node:timers/promises'
import { expect, it } from 'vitest'
import { createMemoryBudget } from '../../../src/siibra/volumes/memory.ts'

/** Who has memory of a budget of ten bytes, by name, and what gives it back. */
function tenBytes() {
  const budget = createMemoryBudget(10)
  const held = new Map<string, () => void>()
  return {
    take: async (name: string, bytes: number, signal?: AbortSignal) => {
      held.set(name, await budget.take(bytes, signal))
    },
    free(name: string) {
      held.get(name)!()
      held.delete(name)
    },
    async holders() {
      await turn()
      return [...held.keys()].join(' ')
    },
  }
}

it('as much is given at a time as there is, and no byte more', async () => {
  const { take, free, holders } = tenBytes()
  void take('six', 6)
  void take('four', 4)
  void take('one', 1)
  expect(await holders()).toBe('six four')
  free('four')
  expect(await holders()).toBe('six one')
})

it('first come, first served: what would fit waits behind what does not', async () => {
  const { take, free, holders } = tenBytes()
  void take('a', 6)
  void take('large', 5)
  void take('small', 1)
  expect(await holders()).toBe('a')
  free('a')
  expect(await holders()).toBe('large small')
})

it('more than there is comes alone', async () => {
  const { take, free, holders } = tenBytes()
  void take('one', 1)
  void take('huge', 11)
  void take('next', 1)
  expect(await holders()).toBe('one')
  free('one')
  expect(await holders()).toBe('huge')
  free('huge')
  expect(await holders()).toBe('next')
})

it('what is freed twice counts once', async () => {
  const budget = createMemoryBudget(10)
  const free = await budget.take(5)
  await budget.take(5)
  free()
  free()
  await budget.take(5)
  let isGiven = false
  void budget.take(1).then(() => {
    isGiven = true
  })
  await turn()
  expect(isGiven).toBe(false)
})

it('who leaves the line makes way for those behind, and nobody who has come is asked for', async () => {
  const { take, free, holders } = tenBytes()
  const leave = new AbortController()
  void take('first', 5, leave.signal)
  const second = take('second', 6, leave.signal)
  void take('third', 5)
  void take('fourth', 1)
  expect(await holders()).toBe('first')
  leave.abort()
  await expect(second).rejects.toMatchObject({ code: 'ABORTED' })
  expect(await holders()).toBe('first third')
  free('third')
  expect(await holders()).toBe('first fourth')
  await expect(take('late', 1, leave.signal)).rejects.toMatchObject({ code: 'ABORTED' })
})
