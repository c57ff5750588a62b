import { expect, it } from 'vitest'
import { createTracing, loadTracing, PASS_ON, parseTraceparent } from '../../src/platform/tracing.ts'

const PARENT = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01'
const OWN = '00-0af7651916cd43dd8448eb211c80319c-00f067aa0ba902b7-01'

/** What is used of OpenTelemetry, with one span whose context is `OWN`. */
function fakeOpenTelemetry() {
  const events: string[] = []
  const api: Parameters<typeof createTracing>[0] = {
    context: { active: () => 'root' },
    propagation: {
      extract: (context, carrier) => `${context}<${carrier.traceparent ?? 'none'}`,
      inject: (context, carrier) => {
        events.push(`inject ${context}`)
        carrier.traceparent = OWN
      },
    },
    trace: {
      getTracer: () => ({
        startSpan: (name, _options, context) => {
          events.push(`start ${name} in ${context}`)
          return { setAttribute: (key, value) => events.push(`${key} ${value}`), end: () => events.push('end') }
        },
      }),
      setSpan: (context) => `span in ${context}`,
    },
  }
  return { api, events }
}

it('takes only well-formed trace contexts', () => {
  expect(parseTraceparent(PARENT)).toBe(PARENT)
  for (const bad of [undefined, '', 'x', `${PARENT}\n`, PARENT.toUpperCase(), [PARENT]])
    expect(parseTraceparent(bad)).toBeUndefined()
})

it('makes a span below that of the request, and passes its own context on', async () => {
  const { api, events } = fakeOpenTelemetry()
  const seen = await createTracing(api).span('task single_region', {}, PARENT, async (own) => ({ ok: true, own }))
  expect(seen.own).toBe(OWN)
  expect(events).toEqual([
    `start task single_region in root<${PARENT}`,
    `inject span in root<${PARENT}`,
    'siibra.ok true',
    'end',
  ])
})

it('ends the span of work that throws', async () => {
  const { api, events } = fakeOpenTelemetry()
  const work = () => Promise.reject(new Error('no'))
  await expect(createTracing(api).span('run x', {}, undefined, work)).rejects.toThrow('no')
  expect(events.at(-1)).toBe('end')
})

it('passes the context on where spans are not wanted', async () => {
  expect(await loadTracing(false, () => {})).toBe(PASS_ON)
  expect(await PASS_ON.span('x', {}, PARENT, async (own) => ({ ok: true, own }))).toEqual({ ok: true, own: PARENT })
})
