import { setTimeout as delay } from 'node:timers/promises'
import { afterEach, describe, expect, it } from 'vitest'
import { SiibraError } from '../../src/siibra/errors.ts'
import { untilTrue } from '../until.ts'
import { createFakeApp } from './fake-app.ts'

let fake: ReturnType<typeof createFakeApp> | undefined
afterEach(() => fake?.close())

/** A service whose answers are stale at once; each answer of the handler differs from the one before. */
function startStale(answer: (nth: number) => unknown) {
  let nth = 0
  fake = createFakeApp({
    config: { responseCacheTtlS: 0, responseCacheStaleS: 60 },
    answers: { single_space: () => ({ json: answer(++nth) }) },
  })
  const { app } = fake
  return { get: () => app.inject('/v3_0/spaces/mni'), asked: () => nth }
}

describe('an answer that has become stale', () => {
  it('is served once more, and made again behind', async () => {
    const { get, asked } = startStale((nth) => ({ nth }))
    expect((await get()).json()).toEqual({ nth: 1 })
    const second = await get()
    expect(second.json()).toEqual({ nth: 1 })
    expect(second.headers['x-fastapi-cache']).toBe('hit')
    await untilTrue(() => asked() === 2)
    await untilTrue(async () => (await get()).json().nth > 1)
  })

  it('goes on being served where the remote data are away', async () => {
    const { get, asked } = startStale((nth) => {
      if (nth > 1) throw new SiibraError('UPSTREAM_UNAVAILABLE', 'Nobody is there')
      return { nth }
    })
    for (let i = 0; i < 4; i++) {
      expect((await get()).json()).toEqual({ nth: 1 })
      await delay(10)
    }
    // not asked again for every request
    expect(asked()).toBe(2)
  })

  it('is forgotten where the thing is gone', async () => {
    const { get } = startStale((nth) => {
      if (nth > 1) throw new SiibraError('NOT_FOUND', 'No such space')
      return { nth }
    })
    await get()
    expect((await get()).statusCode).toBe(200)
    await untilTrue(async () => (await get()).statusCode === 404)
  })
})
