import { EventEmitter } from 'node:events'
import type { WorkerOptions } from 'node:worker_threads'
import { acknowledgeAbort, type Claims, take } from '../../../src/dispatch/threads/claims.ts'
import type { ThreadReply, ThreadRequest, ThreadSettings } from '../../../src/dispatch/threads/thread-messages.ts'

/** In place of a thread (`Worker` of node:worker_threads): begins tasks and answers when a test says so. */
export class FakeWorker extends EventEmitter {
  /** Those that were made since the last `splice`, the first one first. */
  static readonly all: FakeWorker[] = []
  readonly sent: ThreadRequest[] = []
  readonly settings: ThreadSettings & { claims: Claims }
  readonly entry: URL
  readonly options: WorkerOptions
  isEnded = false

  constructor(entry: URL, options: WorkerOptions) {
    super()
    this.entry = entry
    this.options = options
    this.settings = options.workerData
    FakeWorker.all.push(this)
  }

  postMessage(request: ThreadRequest): void {
    this.sent.push(request)
  }

  async terminate(): Promise<number> {
    await Promise.resolve()
    if (!this.isEnded) this.emit('exit', 1)
    this.isEnded = true
    return 1
  }

  /** Names of the tasks that it was sent, in this order. */
  names(): string[] {
    return this.sent.flatMap((request) => (request.kind === 'run' ? [request.task.name] : []))
  }

  /** What it was told to stop, and why. */
  aborts(): string[] {
    return this.sent.flatMap((request) => (request.kind === 'abort' ? [request.code] : []))
  }

  idOf(name: string): number {
    return this.sent.findLast((request) => request.kind === 'run' && request.task.name === name)?.id ?? -1
  }

  /** Begins tasks; whether it might. */
  begin(...names: string[]): boolean[] {
    const ids = names.map((name) => this.idOf(name))
    return ids.map((id) => id >= 0 && take(this.settings.claims, id))
  }

  /** Reads that a task is to stop. */
  seeAbort(name: string): void {
    acknowledgeAbort(this.settings.claims, this.idOf(name))
  }

  reply(reply: ThreadReply): void {
    this.emit('message', reply)
  }

  /** Ends a task, begun or not. */
  end(name: string): void {
    this.begin(name)
    const result = { ok: false, code: 'NOT_FOUND', message: name } as const
    this.reply({ kind: 'result', id: this.idOf(name), result, runMs: 1 })
  }
}
