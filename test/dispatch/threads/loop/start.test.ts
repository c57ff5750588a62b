/** How a thread starts. */
import { describe, expect, test, vi } from 'vitest'
import type { HandlerContext } from '../../../../src/tasks/task.ts'
import { mocked, start, useOwnClock } from './parts.ts'

useOwnClock()

describe('the start of a thread', () => {
  test('tells its handlers; the core is loaded by the first task that needs it, once', async () => {
    const { port, state, run } = await start()
    expect([port.replies, mocked.lowered]).toEqual([
      [{ kind: 'started', handlers: ['act'], core: null, files: undefined }],
      [4],
    ])
    state.loadFails = true
    const needsCore = async ({ core }: HandlerContext) => ({ json: (await core()) === undefined })
    expect(await run(needsCore)).toMatchObject({ result: { ok: false, code: 'INTERNAL' } })
    state.loadFails = false
    expect(await run(needsCore)).toMatchObject({ result: { ok: true } })
    await run(needsCore)
    expect(state.loads).toBe(2)
  })

  test('with the core tells what that is, and afterwards its version', async () => {
    const { port } = await start({ loadsCoreAtStart: true })
    vi.useRealTimers()
    await vi.waitUntil(() => port.replies.length === 3)
    expect(port.replies).toEqual([
      { kind: 'notice', message: 'half of it' },
      { kind: 'started', handlers: ['act'], core: { source: 'here' }, files: [] },
      { kind: 'dataVersion', version: expect.stringMatching(/^[0-9a-f]{12}$/) },
    ])
  })

  test('without what it should have tells why', async () => {
    const { port } = await start({ loadsCoreAtStart: true }, { loadFails: true })
    expect(port.replies.at(-1)).toEqual({ kind: 'failed', message: 'no configuration' })
    const other = await start({}, { handlersFail: true })
    expect(other.port.replies).toEqual([{ kind: 'failed', message: 'no handlers' }])
  })

  test('may load the core behind it, and no harm is done where that fails', async () => {
    expect((await start({ loadsCoreBehind: true })).kinds()).toEqual(['started', 'notice'])
    expect((await start({ loadsCoreBehind: true }, { loadFails: true })).kinds()).toEqual(['started', 'notice'])
  })

  test('is followed by preparations after a second; threads of core are not compacted', async () => {
    const { state, run } = await start({ queues: ['volumes', 'features'] })
    await vi.advanceTimersByTimeAsync(999)
    expect([state.prepared, mocked.isCompacted]).toEqual([[], false])
    await vi.advanceTimersByTimeAsync(1)
    expect([state.prepared, mocked.isCompacted, mocked.isBusy()]).toEqual([['volumes false', 'features'], true, false])
    let isBusy = false
    await run(() => {
      isBusy = mocked.isBusy()
      return { json: 1 }
    })
    expect([isBusy, mocked.isBusy()]).toEqual([true, false])
    mocked.isCompacted = false
    await start({ queues: ['core'] })
    await vi.advanceTimersByTimeAsync(1_000)
    expect(mocked.isCompacted).toBe(false)
  })

  test('prepares beside what is run already', async () => {
    const { state, run } = await start()
    void run(() => new Promise(() => {}))
    await vi.advanceTimersByTimeAsync(1_000)
    expect(state.prepared).toEqual(['volumes true'])
  })
})
