import { QueueEvents } from 'bullmq'
import type { Redis } from 'ioredis'
import type { JobOutcome } from './job.ts'

/** What is heard of jobs, by their ids; of those of other servers, too. */
export interface JobListener {
  onActive(id: string): void
  onProgress(id: string, fraction: number, doing: string): void
  onCompleted(id: string, outcome: JobOutcome): void
  onFailed(id: string, reason: string): void
  /** Another server has asked for a job that was there already. */
  onDuplicated(id: string): void
}

export interface JobEventsOptions {
  /** Asked for what was the last event. */
  broker: Redis
  /** Duplicated for each queue, as listening blocks a connection. */
  connection: Redis
  listener: JobListener
  /** Hears of events that are none of a queue. */
  onUnreadable: (message: string) => void
  onError: (error: Error) => void
}

export interface JobEvents {
  /** Listens to a queue (by its name at the broker), from now on, so that nothing is missed while it starts. Once for each. */
  listen(queue: string): Promise<void>
  close(): Promise<void>
}

/** Longer than the second by which a stream is opened before now. */
const REOPEN_AFTER_MS = 1_100

/** The event streams of the queues that are in use. */
export function createJobEvents({ broker, connection, listener, onUnreadable, onError }: JobEventsOptions): JobEvents {
  const streams = new Map<string, Promise<QueueEvents>>()
  let isClosed = false

  const open = async (queue: string): Promise<QueueEvents> => {
    // not by a clock: servers of a Cluster have one each, and a new primary has another one than that before
    const [last] = await broker.xrevrange(`bull:${queue}:events`, '+', '-', 'COUNT', 1)
    const lastEventId = last?.[0] ?? '0-0'
    const events = new QueueEvents(queue, { connection, lastEventId, skipVersionCheck: true })
    events.on('error', (error) => {
      onError(error)
      if (error instanceof SyntaxError) reopen(queue, events, error)
    })
    events.on('active', ({ jobId }) => listener.onActive(jobId))
    events.on('duplicated', ({ jobId }) => listener.onDuplicated(jobId))
    events.on('progress', ({ jobId, data }) => {
      const [fraction, doing]: unknown[] = Array.isArray(data) ? data : []
      if (typeof fraction === 'number' && typeof doing === 'string') listener.onProgress(jobId, fraction, doing)
      else onUnreadable(`The progress of ${jobId} in ${queue} is none`)
    })
    events.on('completed', ({ jobId, returnvalue }) =>
      // typed as text, parsed by BullMQ
      listener.onCompleted(jobId, returnvalue as unknown as JobOutcome),
    )
    events.on('failed', ({ jobId, failedReason }) => listener.onFailed(jobId, failedReason))
    return events
  }

  /** An event that is no JSON ends BullMQ's reading of its stream: it goes on behind that. What was missed, the watch finds. */
  const reopen = (queue: string, events: QueueEvents, error: Error) => {
    if (isClosed) return
    onUnreadable(`An event of ${queue} is none: ${error.message}`)
    streams.delete(queue)
    void events.close().catch(() => undefined)
    setTimeout(() => void (isClosed ? undefined : listen(queue).catch(() => undefined)), REOPEN_AFTER_MS).unref()
  }

  async function listen(queue: string): Promise<void> {
    let stream = streams.get(queue)
    if (stream === undefined) {
      stream = open(queue)
      streams.set(queue, stream)
      stream.catch(() => streams.delete(queue))
    }
    await stream
  }

  return {
    listen,
    async close() {
      isClosed = true
      await Promise.allSettled([...streams.values()].map(async (stream) => (await stream).close()))
    },
  }
}
