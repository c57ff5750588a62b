/** Handlers for tests of dispatchers: each does one thing that may go wrong on the way. */
import { existsSync, writeFileSync } from 'node:fs'
import { setTimeout as delay } from 'node:timers/promises'
import Type from 'typebox'
import { openThreadClock } from '../../src/dispatch/threads/cpu-clock.ts'
import { SiibraError } from '../../src/siibra/errors.ts'
import type { AnyHandler } from '../../src/tasks/task.ts'

export function createConformanceHandlers(): ReadonlyMap<string, AnyHandler> {
  const counts = new Map<string, number>()
  const kept = new TextEncoder().encode('kept for ever')
  // as `Buffer.concat` gives it: its `slice` would be a view
  const keptBuffer = Buffer.alloc(300_000, 'kept')
  const handler = (name: string, params: AnyHandler['params'], run: AnyHandler['run']): AnyHandler => ({
    name,
    queue: 'core',
    params,
    run,
  })
  const handlers = [
    handler('echo', Type.Object({ value: Type.Unknown() }), async ({ value }) => ({ json: value })),
    handler('nan', Type.Object({}), async () => ({ json: [Number.NaN, Number.POSITIVE_INFINITY, 1] })),
    handler('bytes', Type.Object({ length: Type.Integer() }), async ({ length }) => ({
      bytes: new Uint8Array(length).fill(7),
      contentType: 'application/octet-stream',
      status: 203,
      headers: { 'content-disposition': 'attachment; filename="x.bin"' },
    })),
    handler('kept', Type.Object({}), async () => ({ bytes: kept, contentType: 'text/plain' })),
    handler('keptBuffer', Type.Object({}), async () => ({ bytes: keptBuffer, contentType: 'application/gzip' })),
    handler('missing', Type.Object({}), async () => {
      throw new SiibraError('NOT_FOUND', 'There is no “such” thing', { id: 'x' })
    }),
    handler('broken', Type.Object({}), async () => {
      throw new TypeError('a defect')
    }),
    handler('count', Type.Object({ ms: Type.Integer(), of: Type.String() }), async ({ ms, of }) => {
      const count = (counts.get(of) ?? 0) + 1
      counts.set(of, count)
      await delay(ms)
      return { json: count }
    }),
    handler('sleep', Type.Object({ ms: Type.Integer(), text: Type.String() }), async ({ ms, text }, context) => {
      context.progress(0, 'going to sleep')
      await delay(ms, undefined, { signal: context.signal })
      context.progress(1, 'awake')
      return { json: text }
    }),
    handler('gate', Type.Object({ file: Type.String(), text: Type.String() }), async ({ file, text }, { signal }) => {
      while (!existsSync(file)) await delay(5, undefined, { signal })
      return { json: text }
    }),
    // ends its thread the first time (or, without a file, always)
    handler('crash', Type.Object({ unless: Type.Optional(Type.String()) }), async ({ unless }) => {
      if (unless !== undefined && existsSync(unless)) return { json: 'survived' }
      if (unless !== undefined) writeFileSync(unless, '')
      return process.exit(1)
    }),
    // keeps its thread for ever; says, by a file, that it has begun
    handler('spin', Type.Object({ begun: Type.Optional(Type.String()) }), async ({ begun }) => {
      if (begun !== undefined) writeFileSync(begun, '')
      for (;;);
    }),
    handler('compute', Type.Object({ cpuMs: Type.Integer() }), async ({ cpuMs }) => {
      const now = openThreadClock()
      for (const until = now() + cpuMs; now() < until; );
      return { json: null }
    }),
  ]
  return new Map(handlers.map((known) => [known.name, known]))
}
