import { describe, expect, test } from 'vitest'
import { untilTrue, withinMs } from '../../src/worker/waiting.ts'

describe('waiting', () => {
  test('looks until it is so, or its time is over', async () => {
    let looked = 0
    await untilTrue(() => ++looked >= 3, 60_000)
    expect(looked).toBe(3)
    looked = 0
    await untilTrue(() => {
      looked++
      return false
    }, 0)
    expect(looked).toBe(1)
  })

  test('gives what is done in time, its failure, or says that it was not', async () => {
    expect(await withinMs(Promise.resolve(7), 60_000)).toBe(7)
    await expect(withinMs(Promise.reject(new Error('no')), 60_000)).rejects.toThrow('no')
    await expect(withinMs(new Promise(() => {}), 1)).rejects.toThrow('not done within 1 ms')
  })
})
