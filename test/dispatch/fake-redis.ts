import { EventEmitter } from 'node:events'
import type { Redis } from 'ioredis'

type Value = Buffer | Map<string, Buffer> | Map<string, number> | Set<string>

/** The commands that servers and workers give themselves (BullMQ gives others), in memory, by the clock of the test. */
export class FakeRedis extends EventEmitter {
  status: 'ready' | 'end' = 'ready'
  /** What is there: use `has` and `ttlOf` where a time may be over. */
  readonly values = new Map<string, Value>()
  readonly expiresMs = new Map<string, number>()
  /** Names of all commands so far. */
  readonly asked: string[] = []
  /** Fails or delays a command. */
  before: (command: string, key: string) => void | Promise<void> = () => {}

  /** As what it is used for. */
  get redis(): Redis {
    // only the commands of this class are used
    return this as unknown as Redis
  }

  has(key: string): boolean {
    return this.#at(key) !== undefined
  }

  ttlOf(key: string): number {
    const expiresMs = this.expiresMs.get(key)
    return !this.has(key) ? -2 : expiresMs === undefined ? -1 : expiresMs - Date.now()
  }

  #at(key: string): Value | undefined {
    if ((this.expiresMs.get(key) ?? Infinity) <= Date.now()) this.#remove(key)
    return this.values.get(key)
  }

  #remove(key: string): boolean {
    this.expiresMs.delete(key)
    return this.values.delete(key)
  }

  async #run<T>(command: string, key: string, act: () => T): Promise<T> {
    this.asked.push(command)
    await this.before(command, key)
    return act()
  }

  #string = (key: string) => this.#at(key) as Buffer | undefined
  #or<T extends Value>(key: string, empty: T): T {
    const value = (this.#at(key) ?? empty) as T
    this.values.set(key, value)
    return value
  }

  set = (key: string, value: string | Buffer, px?: 'PX', ms?: number, nx?: 'NX') =>
    this.#run('set', key, () => {
      if (nx && this.has(key)) return null
      this.values.set(key, Buffer.from(value as string))
      this.expiresMs.delete(key)
      if (px && ms !== undefined) this.expiresMs.set(key, Date.now() + ms)
      return 'OK'
    })
  get = (key: string) => this.#run('get', key, () => this.#string(key)?.toString() ?? null)
  getBuffer = (key: string) => this.#run('getBuffer', key, () => this.#string(key) ?? null)
  getrangeBuffer = (key: string, from: number, to: number) =>
    this.#run('getrangeBuffer', key, () => Buffer.from(this.#string(key)?.subarray(from, to + 1) ?? []))
  strlen = (key: string) => this.#run('strlen', key, () => this.#string(key)?.length ?? 0)
  append = (key: string, value: Buffer) =>
    this.#run('append', key, () => {
      const whole = Buffer.concat([this.#or(key, Buffer.alloc(0)), value])
      this.values.set(key, whole)
      return whole.length
    })
  rename = (from: string, to: string) =>
    this.#run('rename', from, () => {
      const value = this.#at(from)
      if (value === undefined) throw new Error('ERR no such key')
      const expiresMs = this.expiresMs.get(from)
      this.#remove(from)
      this.#remove(to)
      this.values.set(to, value)
      if (expiresMs !== undefined) this.expiresMs.set(to, expiresMs)
    })
  exists = (...keys: string[]) => this.#run('exists', keys[0] ?? '', () => keys.filter((key) => this.has(key)).length)
  unlink = (...keys: string[]) =>
    this.#run('unlink', keys[0] ?? '', () => keys.filter((key) => this.#remove(key)).length)
  pttl = (key: string) => this.#run('pttl', key, () => this.ttlOf(key))
  pexpire = (key: string, ms: number) =>
    this.#run('pexpire', key, () => {
      if (this.has(key)) this.expiresMs.set(key, Date.now() + ms)
    })

  hset = (key: string, ...fields: (string | Buffer | object)[]) =>
    this.#run('hset', key, () => {
      const hash = this.#or(key, new Map<string, Buffer>())
      const [first] = fields
      const flat =
        typeof first === 'object' && !Buffer.isBuffer(first) ? Object.entries(first).flat() : (fields as string[])
      for (let i = 0; i < flat.length; i += 2) {
        const value: unknown = flat[i + 1]
        hash.set(String(flat[i]), Buffer.isBuffer(value) ? value : Buffer.from(String(value)))
      }
    })
  hget = (key: string, field: string) =>
    this.#run('hget', key, () => (this.#at(key) as Map<string, Buffer> | undefined)?.get(field)?.toString() ?? null)
  hgetall = (key: string) =>
    this.#run('hgetall', key, () =>
      Object.fromEntries(
        [...((this.#at(key) as Map<string, Buffer>) ?? [])].map(([name, value]) => [name, `${value}`]),
      ),
    )
  hgetallBuffer = (key: string) =>
    this.#run('hgetallBuffer', key, () => Object.fromEntries((this.#at(key) as Map<string, Buffer>) ?? []))
  hdel = (key: string, ...fields: string[]) =>
    this.#run('hdel', key, () => {
      for (const field of fields) (this.#at(key) as Map<string, Buffer> | undefined)?.delete(field)
    })

  sadd = (key: string, ...members: string[]) =>
    this.#run('sadd', key, () => {
      for (const member of members) this.#or(key, new Set<string>()).add(member)
    })
  srem = (key: string, ...members: string[]) =>
    this.#run('srem', key, () => {
      for (const member of members) (this.#at(key) as Set<string> | undefined)?.delete(member)
    })
  smembers = (key: string) => this.#run('smembers', key, () => [...((this.#at(key) as Set<string>) ?? [])])

  zadd = (key: string, ...args: ['GT', number, string] | [number, string]) =>
    this.#run('zadd', key, () => {
      const scores = this.#or(key, new Map<string, number>())
      const [score, member] = args.slice(-2) as [number, string]
      const before = scores.get(member)
      if (!(args[0] === 'GT' && before !== undefined && before >= Number(score))) scores.set(member, Number(score))
    })
  zrem = (key: string, member: string) =>
    this.#run('zrem', key, () => (this.#at(key) as Map<string, number> | undefined)?.delete(member))
  zcount = (key: string, least: number, _most: '+inf') =>
    this.#run(
      'zcount',
      key,
      () =>
        [...((this.#at(key) as Map<string, number>) ?? new Map<string, number>()).values()].filter((n) => n >= least)
          .length,
    )
  zscore = (key: string, member: string) =>
    this.#run('zscore', key, () => {
      const score = (this.#at(key) as Map<string, number> | undefined)?.get(member)
      return score === undefined ? null : String(score)
    })
  zrange = (key: string, _from: '0', _to: '-1', withScores?: 'WITHSCORES') =>
    this.#run('zrange', key, () =>
      [...((this.#at(key) as Map<string, number>) ?? [])]
        .sort(([, a], [, b]) => a - b)
        .flatMap(([member, score]) => (withScores ? [member, String(score)] : [member])),
    )

  time = () => this.#run('time', '', () => [Math.floor(Date.now() / 1000), (Date.now() % 1000) * 1000] as const)
  info = (section: string) => this.#run('info', section, () => 'maxmemory_policy:noeviction')

  pipeline() {
    const steps: (() => Promise<unknown>)[] = []
    const chain = new Proxy(
      {},
      {
        get: (_, name: string) =>
          name === 'exec'
            ? async () => {
                const replies: [Error | null, unknown][] = []
                for (const step of steps)
                  replies.push(
                    await step().then(
                      (reply): [null, unknown] => [null, reply],
                      (error): [Error, unknown] => [error, undefined],
                    ),
                  )
                return replies
              }
            : (...args: unknown[]) => {
                // commands are looked up by their names, as the pipeline of ioredis does
                const command = (this as unknown as Record<string, (...all: unknown[]) => Promise<unknown>>)[name]
                steps.push(() => command?.(...args) ?? this.#run(name, '', () => 1))
                return chain
              },
      },
    )
    return chain
  }
}
