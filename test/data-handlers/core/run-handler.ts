import type { TSchema } from 'typebox'
import { Value } from 'typebox/value'
import { expect } from 'vitest'
import { coreHandlers } from '../../../src/data-handlers/core/index.ts'
import type { AtlasCore } from '../../../src/siibra/index.ts'
import type { HandlerContext } from '../../../src/tasks/task.ts'

export interface HandlerResult {
  // biome-ignore lint/suspicious/noExplicitAny: answers of all handlers pass through here
  json: any
  headers: Record<string, string>
}

/** Runs a handler as the executor does: defaults filled in, parameters checked. */
export async function runHandler(
  core: AtlasCore,
  name: string,
  params: Record<string, unknown> = {},
  context: Partial<HandlerContext> = {},
): Promise<HandlerResult> {
  const handler = coreHandlers.find((one) => one.name === name)!
  const filled = Value.Default(handler.params, { ...params }) as Record<string, unknown>
  expect(Value.Check(handler.params, filled)).toBe(true)
  const answer = await handler.run(filled, {
    core: async () => core,
    signal: new AbortController().signal,
    sharedDir: '',
    progress() {},
    ...context,
  })
  const json = 'json' in answer ? answer.json : undefined
  return { json: typeof json === 'function' ? await json() : json, headers: answer.headers ?? {} }
}

/** Holds an answer against its model, and says where it differs. */
export function expectModel(model: TSchema, json: unknown): void {
  const plain: unknown = JSON.parse(JSON.stringify(json))
  const [problem] = Value.Errors(model, plain)
  expect(problem && `${problem.instancePath} ${problem.message}`).toBeUndefined()
}
