/** A thread whose priority, clock and ways of answering are the test's. */
import { EventEmitter } from 'node:events'
import type { MessagePort } from 'node:worker_threads'
import Type from 'typebox'
import { afterEach, beforeEach, vi } from 'vitest'
import type { ThreadReply, ThreadRequest, ThreadSettings } from '../../../../src/dispatch/threads/thread-messages.ts'
import type { AtlasCore } from '../../../../src/siibra/index.ts'
import type { DataHandler, HandlerAnswer, HandlerContext, Task } from '../../../../src/tasks/task.ts'
import { createTask } from '../../conformance.ts'

const mocked = vi.hoisted(() => ({
  lowered: [] as number[],
  isCompacted: false,
  isBusy: (): boolean => false,
  /** What the thread has computed, in ms. */
  cpuMs: 0,
  /** By the quicker way; undefined: it is not open. */
  sent: undefined as undefined | object[],
}))

export { mocked }

vi.mock('../../../../src/dispatch/threads/thread-priority.ts', () => ({
  lowerThreadPriority: (niceness: number) => void mocked.lowered.push(niceness),
}))
vi.mock('../../../../src/dispatch/threads/compact.ts', () => ({
  async compactWhenIdle(isBusy: () => boolean) {
    mocked.isCompacted = true
    mocked.isBusy = isBusy
  },
}))
vi.mock('../../../../src/dispatch/threads/cpu-clock.ts', () => ({ openThreadClock: () => () => mocked.cpuMs }))
vi.mock('../../../../src/dispatch/threads/reply-channel.ts', () => ({
  createReplySender: () => ({ send: (reply: object) => mocked.sent !== undefined && mocked.sent.push(reply) > 0 }),
}))
const { runThread } = await import('../../../../src/dispatch/threads/thread-loop.ts')

/** The tests of a file go by a clock that they move. */
export function useOwnClock() {
  beforeEach(() => {
    vi.useFakeTimers()
    Object.assign(mocked, { lowered: [], isCompacted: false, cpuMs: 0, sent: undefined })
  })
  afterEach(() => void vi.useRealTimers())
}

/** A port whose other end is the test. */
class FakePort extends EventEmitter {
  readonly replies: ThreadReply[] = []
  readonly transferred: ArrayBuffer[] = []
  postMessage(reply: ThreadReply, transfer: ArrayBuffer[]) {
    this.replies.push(reply)
    this.transferred.push(...transfer)
  }
}

/** A thread whose tasks do what the test says. */
export async function start(
  settings: Partial<ThreadSettings> = {},
  parts: { loadFails?: boolean; handlersFail?: boolean } = {},
) {
  const port = new FakePort()
  const state = { loads: 0, prepared: [] as string[], volumeBytes: 5, loadFails: parts.loadFails ?? false }
  const core = {
    configuration: {
      fingerprint: async (pause: () => Promise<void>) => {
        await pause()
        return 'print'
      },
    },
    volumes: { stats: () => ({ bytes: state.volumeBytes }) },
  } as unknown as AtlasCore
  let act: (context: HandlerContext) => HandlerAnswer | Promise<HandlerAnswer> = () => ({ json: 'done' })
  const handler: DataHandler = {
    name: 'act',
    queue: 'core',
    params: Type.Object({}),
    run: async (_, context) => act(context),
  }
  await runThread(
    // only messages go through it
    port as unknown as MessagePort,
    {
      queues: ['volumes'],
      sharedDir: '/nowhere',
      niceness: 4,
      isTraced: false,
      loadsCoreAtStart: false,
      loadsCoreBehind: false,
      core: { configuration: 'x', remapProviders: [], isOffline: true } as unknown as ThreadSettings['core'],
      ...settings,
    },
    {
      loadHandlers: async () => {
        if (parts.handlersFail) throw new Error('no handlers')
        return new Map([['act', handler]])
      },
      loadCore: async (_, onNotice) => {
        state.loads++
        onNotice('half of it')
        if (state.loadFails) throw new Error('no configuration')
        return { core, summary: { source: 'here' } as never, files: [] }
      },
      prepare: {
        volumes: async (_core, isBusy) => {
          state.prepared.push(`volumes ${isBusy()}`)
          throw new Error('not now')
        },
        features: async () => void state.prepared.push('features'),
      },
    },
  )
  const send = (request: ThreadRequest) => port.emit('message', request)
  let nextId = 1
  /** Runs a task; gives its reply by the port, or undefined where that is elsewhere. */
  const run = async (does: typeof act, more: { isFollowed?: boolean; task?: Partial<Task> } = {}) => {
    act = does
    const id = nextId++
    send({ kind: 'run', id, task: createTask('act', {}, more.task), isFollowed: more.isFollowed ?? false })
    await vi.advanceTimersByTimeAsync(0)
    return port.replies.find((reply) => reply.kind === 'result' && reply.id === id)
  }
  const kinds = () => port.replies.map(({ kind }) => kind)
  return { port, state, core, run, send, kinds }
}
