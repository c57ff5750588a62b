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
  /** Asked for its clock. */
  broker: Redis
  /** Duplicated for each queue, as listening blocks a connection. */
  connection: Redis
  listener: JobListener
  onError: (error: Error) => void
}

export interface JobEvents {
  /** Listens to a queue (full name), from a moment before now on, so that nothing is missed while it starts. Once for each. */
  listen(queue: string): Promise<void>
  close(): Promise<void>
}

/** The event streams of the queues that are in use. */
export function createJobEvents({ broker, connection, listener, onError }: JobEventsOptions): JobEvents {
  const streams = new Map<string, Promise<QueueEvents>>()

  const open = async (queue: string): Promise<QueueEvents> => {
    const [seconds] = await broker.time()
    const lastEventId = `${Number(seconds) * 1000}-0`
    const events = new QueueEvents(queue, { connection, lastEventId, skipVersionCheck: true })
    events.on('error', onError)
    events.on('active', ({ jobId }) => listener.onActive(jobId))
    events.on('duplicated', ({ jobId }) => listener.onDuplicated(jobId))
    events.on('progress', ({ jobId, data }) => {
      // what workers have sent; BullMQ's events have no types of ours
      const [fraction, doing] = data as unknown as [number, string]
      listener.onProgress(jobId, fraction, doing)
    })
    events.on('completed', ({ jobId, returnvalue }) =>
      // typed as text, parsed by BullMQ
      listener.onCompleted(jobId, returnvalue as unknown as JobOutcome),
    )
    events.on('failed', ({ jobId, failedReason }) => listener.onFailed(jobId, failedReason))
    return events
  }

  return {
    async listen(queue) {
      let stream = streams.get(queue)
      if (stream === undefined) {
        stream = open(queue)
        streams.set(queue, stream)
        stream.catch(() => streams.delete(queue))
      }
      await stream
    },
    async close() {
      await Promise.allSettled([...streams.values()].map(async (stream) => (await stream).close()))
    },
  }
}
