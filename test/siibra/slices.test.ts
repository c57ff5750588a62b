import { expect, it, vi } from 'vitest'
import { createSlices, endsStep, inSlices, runInSlices, runSteps } from '../../src/siibra/slices.ts'

it('a loop gives way at the last turn of every step', () => {
  expect([0, 1, 2, 3, 4, 5, 6].filter((n) => endsStep(n, 3))).toEqual([2, 5])
  expect([0, 1, 2].filter((n) => endsStep(n, 1))).toEqual([0, 1, 2])
})

it('work in slices covers all of 0 ... count once, the last part shorter, and nothing of nothing', async () => {
  const partsOf = async (count: number) => {
    const parts: number[][] = []
    await inSlices(count, 4, createSlices(), (from, to) => parts.push([from, to]))
    return parts
  }
  expect(await partsOf(10)).toEqual([
    [0, 4],
    [4, 8],
    [8, 10],
  ])
  expect(await partsOf(8)).toEqual([
    [0, 4],
    [4, 8],
  ])
  expect(await partsOf(0)).toEqual([])
})

it('a slice that has not ended does not pause; one that has does, and ends where the signal has fired', async () => {
  expect(createSlices(undefined, 1e9).pause()).toBeUndefined()
  await expect(createSlices(undefined, 0).pause()).resolves.toBeUndefined()
  await expect(createSlices(AbortSignal.abort(), 0).pause()).rejects.toMatchObject({ code: 'ABORTED' })
})

it('steps give what they return, at once or with pauses', async () => {
  const steps = function* (): Generator<void, string, void> {
    yield
    yield
    return 'done'
  }
  expect(runSteps(steps())).toBe('done')
  expect(await runInSlices(steps(), createSlices(undefined, 0))).toBe('done')
})

it('who has worked least goes first, but every fourth turn is that of who has waited longest', async () => {
  let clockMs = 0
  const clock = vi.spyOn(performance, 'now').mockImplementation(() => clockMs)
  const order: string[] = []
  const run = async (name: string, ms: number, turns: number) => {
    const slices = createSlices(undefined, 0)
    for (let turn = 0; turn < turns; turn++) {
      clockMs += ms
      await slices.pause()
      order.push(name)
    }
  }
  await Promise.all([run('long', 100, 3), run('short', 1, 12)])
  clock.mockRestore()
  const placesOfLong = order.flatMap((name, at) => (name === 'long' ? [at] : []))
  expect(placesOfLong).toHaveLength(3)
  expect(placesOfLong.map((at) => at - placesOfLong[0]!)).toEqual([0, 4, 8])
})

it('of those who have worked as long, who came first goes first', async () => {
  let clockMs = 0
  const clock = vi.spyOn(performance, 'now').mockImplementation(() => clockMs)
  const order: number[] = []
  const kernels = Array.from({ length: 7 }, () => createSlices(undefined, 1))
  clockMs = 1
  await Promise.all(kernels.map((slices, at) => slices.pause()?.then(() => order.push(at))))
  clock.mockRestore()
  expect(order).toEqual([0, 1, 2, 3, 4, 5, 6])
})
