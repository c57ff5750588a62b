/**
 * The part of an AbortSignal by which a caller tells that it no longer waits. Any AbortSignal will do; one of node's own costs
 * 2 us, and V8 keeps what it is made of over several collections of its young generation, so whoever serves thousands of
 * requests a second takes a {@link LightAbortSignal}.
 */
export interface CallerSignal {
  readonly aborted: boolean
  readonly reason: unknown
  addEventListener(type: 'abort', listener: () => void, options?: { once: true }): void
  removeEventListener(type: 'abort', listener: () => void): void
}

/** A signal for one listener, which is its own controller. */
export class LightAbortSignal implements CallerSignal {
  aborted = false
  reason: unknown = undefined
  #listener: (() => void) | undefined

  addEventListener(_type: 'abort', listener: () => void): void {
    if (this.#listener !== undefined) throw new Error('This signal has one listener')
    this.#listener = listener
  }

  removeEventListener(_type: 'abort', listener: () => void): void {
    if (this.#listener === listener) this.#listener = undefined
  }

  /** The caller goes. */
  abort(): void {
    if (this.aborted) return
    this.aborted = true
    const listener = this.#listener
    this.#listener = undefined
    listener?.()
  }
}
