import { setTimeout as delay } from 'node:timers/promises'
import Type from 'typebox'
import { SiibraError } from '../../src/siibra/errors.ts'
import type { DataHandler } from '../../src/tasks/task.ts'

const gates = new Set<() => void>()

/** Ends all tasks `gate` that run in this process. */
export function openGates(): void {
  for (const open of gates) open()
  gates.clear()
}

/** Handlers that stand for real ones in tests of the queue. */
export function createFakeHandlers(onRun: (name: string, params: Record<string, unknown>) => void = () => {}) {
  const handlers: DataHandler[] = [
    {
      name: 'echo',
      queue: 'core',
      params: Type.Object({ text: Type.String() }),
      run: async (params) => ({ json: params.text }),
    },
    {
      name: 'bytes',
      queue: 'volumes',
      params: Type.Object({ length: Type.Integer() }),
      run: async ({ length }) => ({
        bytes: new Uint8Array(length as number).fill(7),
        contentType: 'application/octet-stream',
        headers: { 'content-disposition': 'attachment; filename="ä.bin"' },
      }),
    },
    {
      name: 'slow',
      queue: 'features',
      params: Type.Object({ ms: Type.Integer(), text: Type.String() }),
      run: async ({ ms, text }, { signal, progress }) => {
        for (let i = 0; i < 10; i++) {
          progress(i / 10, `step ${i}`)
          await delay((ms as number) / 10, undefined, { signal })
        }
        return { json: text }
      },
    },
    {
      name: 'gate',
      queue: 'features',
      params: Type.Object({ text: Type.String() }),
      run: ({ text }, { signal }) =>
        new Promise((resolve, reject) => {
          gates.add(() => resolve({ json: text }))
          signal.addEventListener('abort', () => reject(signal.reason))
        }),
    },
    {
      name: 'missing',
      queue: 'core',
      params: Type.Object({}),
      run: async () => {
        throw new SiibraError('NOT_FOUND', 'There is no “such” thing', { id: 'x' })
      },
    },
    {
      name: 'broken',
      queue: 'core',
      params: Type.Object({}),
      run: async () => {
        throw new Error('a defect')
      },
    },
    {
      name: 'fatal',
      queue: 'core',
      params: Type.Object({ text: Type.String() }),
      run: async () => {
        process.kill(process.pid, 'SIGKILL')
        return { json: null }
      },
    },
  ]
  return new Map(
    handlers.map((handler) => [
      handler.name,
      {
        ...handler,
        run: (params: Record<string, unknown>, context: Parameters<DataHandler['run']>[1]) => {
          onRun(handler.name, params)
          return handler.run(params, context)
        },
      } satisfies DataHandler,
    ]),
  )
}
