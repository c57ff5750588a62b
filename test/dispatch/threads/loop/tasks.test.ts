/** What a thread does with tasks and bodies. */
import { describe, expect, test, vi } from 'vitest'
import { createClaims, hasSeenAbort, offer } from '../../../../src/dispatch/threads/claims.ts'
import { DEFAULT_LIMITS } from '../../../../src/tasks/limits.ts'
import type { HandlerContext } from '../../../../src/tasks/task.ts'
import { textOf } from '../../conformance.ts'
import { mocked, start, useOwnClock } from './parts.ts'

useOwnClock()

describe('a task', () => {
  test('is begun where it may be, and told to stop for the reason that is given', async () => {
    const claims = createClaims()
    const { run, send, port, kinds } = await start({ claims })
    expect(await run(() => ({ json: 1 }))).toBeUndefined()
    for (const id of [2, 3]) offer(claims, id)
    const untilStopped = ({ signal }: HandlerContext) =>
      new Promise<never>((_, reject) => void signal.addEventListener('abort', () => reject(signal.reason)))
    for (const code of ['ABORTED', 'DEADLINE_EXCEEDED'] as const) {
      await run(untilStopped)
      const id = code === 'ABORTED' ? 2 : 3
      expect(hasSeenAbort(claims, id)).toBe(false)
      send({ kind: 'abort', id, code })
      await vi.advanceTimersByTimeAsync(0)
      expect(hasSeenAbort(claims, id)).toBe(true)
      expect(port.replies.at(-1)).toMatchObject({ id, result: { ok: false, code } })
    }
    // one that has ended, or was never begun
    send({ kind: 'abort', id: 2, code: 'ABORTED' })
    expect(kinds()).toEqual(['started', 'result', 'result'])
  })

  test('tells its progress by the port, and its result there, too, where somebody follows it', async () => {
    mocked.sent = []
    const { run, port } = await start({ replies: {} as never })
    const tells = ({ progress }: HandlerContext) => {
      progress(0.5, 'half')
      return { json: 1 }
    }
    expect(await run(tells)).toBeUndefined()
    expect(mocked.sent).toMatchObject([{ id: 1, result: { ok: true } }])
    expect(await run(tells, { isFollowed: true })).toMatchObject({ result: { ok: true } })
    expect(port.replies[1]).toEqual({ kind: 'progress', id: 2, fraction: 0.5, doing: 'half' })
    mocked.sent = undefined
    expect(await run(tells)).toMatchObject({ id: 3 })
  })

  test('may take what the thread was told that it may', async () => {
    const limits = { ...DEFAULT_LIMITS, answerFileBytes: 7 }
    const { run } = await start({ limits })
    let seen: unknown[] = []
    await run((context) => {
      seen = [context.limits, context.sharedDir]
      return { json: 1 }
    })
    expect(seen).toEqual([limits, '/nowhere'])
  })

  test('has its time told where it has computed for 7 ms', async () => {
    const { run } = await start()
    const computes = (ms: number) => () => {
      vi.advanceTimersByTime(50)
      mocked.cpuMs += ms
      return { json: 1 }
    }
    mocked.cpuMs = 1_000
    const less = await run(computes(6))
    expect(less).toMatchObject({ runMs: 50 })
    expect(Object.keys(less?.kind === 'result' ? less.result : {})).not.toContain('timing')
    expect(await run(computes(7))).toMatchObject({ result: { timing: { waitMs: 0, runMs: 50, cpuMs: 7 } }, runMs: 50 })
    const core = await start({ queues: ['core'] })
    const quick = await core.run(computes(100))
    expect(Object.keys(quick?.kind === 'result' ? quick.result : {})).not.toContain('timing')
  })

  test('is followed by what the caches hold, once a second, where there is a core', async () => {
    const { run, port, state } = await start()
    const held = () => port.replies.flatMap((reply) => (reply.kind === 'caches' ? [reply.bytes] : []))
    await vi.advanceTimersByTimeAsync(500)
    await run(() => ({ json: 1 }))
    await vi.advanceTimersByTimeAsync(5_000)
    expect(held()).toEqual([])
    await run(async ({ core }) => ({ json: (await core()) === undefined }))
    state.volumeBytes = 6
    await vi.advanceTimersByTimeAsync(999)
    await run(() => ({ json: 1 }))
    expect(held()).toEqual([{ volumes: 5 }])
    await vi.advanceTimersByTimeAsync(1)
    await run(() => ({ json: 1 }))
    expect(held()).toEqual([{ volumes: 5 }, { volumes: 6 }])
  })
})

describe('a body', () => {
  const bytesOf = async (bytes: Uint8Array, contentType = 'x/y') => {
    const { run, port } = await start()
    const reply = await run(() => ({ bytes, contentType }))
    if (reply?.kind !== 'result' || !reply.result.ok) throw new Error('no result')
    return { body: reply.result.body, transferred: port.transferred, text: textOf(reply.result) }
  }

  test('of up to 256 KiB lies in shared memory, an empty one nowhere', async () => {
    const most = await bytesOf(new Uint8Array(2 ** 18).fill(65))
    expect([most.body.buffer, most.transferred]).toEqual([expect.any(SharedArrayBuffer), []])
    expect([most.text.length, most.text.slice(-2)]).toEqual([2 ** 18, 'AA'])
    const none = await bytesOf(new Uint8Array())
    expect([none.body.buffer, none.transferred]).toEqual([expect.any(ArrayBuffer), []])
  })

  test('that is larger is transferred: a copy, unless it was made for this answer', async () => {
    const kept = new Uint8Array(2 ** 18 + 1).fill(65)
    const copy = await bytesOf(kept)
    expect([copy.transferred, copy.body.buffer === kept.buffer, copy.text.length]).toEqual([
      [copy.body.buffer],
      false,
      2 ** 18 + 1,
    ])
    const own = await bytesOf(kept, 'application/json')
    expect([own.transferred, own.body.buffer === kept.buffer]).toEqual([[kept.buffer], true])
    // a part of something larger
    const part = new Uint8Array(2 ** 18 + 9).subarray(8)
    expect((await bytesOf(part, 'application/json')).body.buffer === part.buffer).toBe(false)
    const shared = new Uint8Array(new SharedArrayBuffer(2 ** 18 + 1))
    expect((await bytesOf(shared, 'application/json')).transferred).toEqual([expect.any(ArrayBuffer)])
  })
})
