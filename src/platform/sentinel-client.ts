import { Redis, type RedisOptions } from 'ioredis'

/** Connections that somebody wants to end. */
const left = new WeakSet<Redis>()

/** Of a client of ioredis, what asks Sentinels, and listens to them for as long as it is connected; its types do not tell. */
interface Listening {
  connector?: {
    failoverDetector?: { cleanup?(): void } | null
    connectToSentinel?(...to: unknown[]): Pick<Redis, 'on'>
  }
}

/**
 * A connection to the primary behind Sentinels. One of ioredis 6.0 ends for ever, with all that waits to be sent, where a Sentinel tells
 * it of a failover just while it asks where the primary is. This one listens only while it is connected; and if it is ended for that
 * reason for all that, it asks once more. A Sentinel that it cannot reach is no line on the console, which ioredis writes for each attempt:
 * there are others, and where there are none, asking fails. BullMQ duplicates it.
 */
export class SentinelClient extends Redis {
  constructor(options: RedisOptions) {
    // the types of replies follow from an option that nobody sets here
    super(options as RedisOptions & { replyMapping?: 'legacy' })
    const { connector } = this as unknown as Listening
    const connectToSentinel = connector?.connectToSentinel?.bind(connector)
    if (connector && connectToSentinel)
      connector.connectToSentinel = (...to) => connectToSentinel(...to).on('error', () => undefined)
  }

  override connect(callback?: (error?: Error | null) => void): Promise<void> {
    left.delete(this)
    const { connector } = this as unknown as Listening
    connector?.failoverDetector?.cleanup?.()
    const connected = super.connect().catch((thrown: unknown) => {
      // anything else that breaks is connected anew by ioredis
      if (this.status !== 'end' || left.has(this)) throw thrown
      return this.connect()
    })
    if (callback) connected.then(() => callback(), callback)
    return connected
  }

  override disconnect(reconnect = false): void {
    if (!reconnect) left.add(this)
    super.disconnect(reconnect)
  }

  override duplicate: Redis['duplicate'] = (more?: Partial<RedisOptions>) =>
    // as in the constructor
    new SentinelClient({ ...this.options, ...more }) as never
}
