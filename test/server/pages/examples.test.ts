import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createExamples } from '../../../src/server/pages/examples.ts'
import { routeTable } from '../../../src/server/routes/table.ts'
import type { ServiceState } from '../../../src/server/service.ts'
import { startTestApp, type TestApp } from '../../app.ts'

interface Parameter {
  name: string
  in: string
  required: boolean
  example?: unknown
  examples?: { served: { value: unknown } }
  schema: { default?: unknown }
}
interface Operation {
  operationId: string
  parameters: Parameter[]
  deprecated?: boolean
  requestBody?: { content: Record<string, { example?: unknown }> }
}
interface Document {
  paths: Record<string, { get?: Operation; post?: Operation }>
}

let app: TestApp
let document: Document
beforeAll(async () => {
  app = await startTestApp()
  document = (await app.get('/v3_0/openapi.json')).json<never>()
})
afterAll(() => app.close())

const exampleOf = ({ example, examples, schema }: Parameter) => example ?? examples?.served.value ?? schema.default

describe('examples in the documentation', () => {
  test('of features are there, also for optional parameters', () => {
    const operations = Object.values(document.paths).flatMap(({ get }) => get ?? [])
    const of = (operationId: string, name: string) => {
      const found = operations
        .find((one) => one.operationId === operationId)
        ?.parameters.find((one) => one.name === name)
      return found && exampleOf(found)
    }
    expect(of('get_single_connectivity_feature', 'subject')).toBeDefined()
    expect(of('get_single_tabular', 'feature_id')).not.toBe(of('get_single_connectivity_feature', 'feature_id'))
    expect(of('get_all_voi', 'bbox')).toMatch(/^\[\[/)
    for (const { operationId, parameters } of operations)
      for (const parameter of parameters.filter(({ name }) => /^(feature_id|subject|bbox|type)$/.test(name)))
        if (!/Gene|gene|ebrains/i.test(operationId))
          expect([operationId, parameter.name, exampleOf(parameter)]).not.toContain(undefined)
  })

  test.each([
    'get_single_connectivity_feature',
    'get_single_corticalprofile_feature',
    'get_single_tabular',
    'get_single_feature',
    'get_single_feature_plot',
    'get_all_features_region',
  ])('belong together: %s answers what its examples ask for', async (operationId) => {
    const [path, entry] = Object.entries(document.paths).find(([, { get }]) => get?.operationId === operationId) ?? ['']
    let url = path
    const query = new URLSearchParams()
    for (const parameter of entry?.get?.parameters ?? []) {
      if (!parameter.required) continue
      const value = String(exampleOf(parameter))
      if (parameter.in === 'path') url = url.replace(`{${parameter.name}}`, encodeURIComponent(value))
      else query.set(parameter.name, value)
    }
    const answer = await app.get(`/v3_0${url}?${query}`)
    expect([answer.status, answer.status === 200 ? '' : JSON.stringify(answer.json())]).toEqual([200, ''])
  })

  test('work: every route answers what its examples ask for, body included', async () => {
    const failed: unknown[] = []
    let asked = 0
    for (const [path, methods] of Object.entries(document.paths)) {
      for (const [method, { parameters, requestBody }] of Object.entries(methods).filter(([name]) =>
        /get|post/.test(name),
      )) {
        const required = parameters.filter(({ required, example }) => required || example !== undefined)
        if (required.some((one) => exampleOf(one) === undefined)) continue
        const query = new URLSearchParams()
        let url = path
        for (const parameter of required) {
          const value = exampleOf(parameter)
          if (parameter.in === 'path') url = url.replace(`{${parameter.name}}`, encodeURIComponent(String(value)))
          else for (const one of [value].flat()) query.append(parameter.name, String(one))
        }
        const bodies = Object.entries(requestBody?.content ?? { '': {} }).filter(
          ([, { example }]) => method === 'get' || example !== undefined,
        )
        for (const [mediaType, { example }] of bodies) {
          // other services' routes lie elsewhere
          const address = `${path === '/transform-points' ? '/v1' : '/v3_0'}${url}?${query}`
          const body = typeof example === 'string' ? Buffer.from(example) : example
          const answer =
            method === 'get'
              ? await app.get(address)
              : await app.send('POST', `${address.split('?')[0]}?${query}`, body, { 'content-type': mediaType })
          asked++
          if (answer.status !== 200) failed.push([method, address, mediaType, answer.status, answer.json()])
        }
      }
    }
    expect(failed).toEqual([])
    expect(asked).toBeGreaterThan(60)
  })

  test('are what the core told of itself where they cannot be chosen, and are asked for again later', async () => {
    const core = { examples: { parcellation_id: 'p' } } as unknown as NonNullable<ServiceState['core']>
    let asked = 0
    const dispatcher = {
      run: async () => {
        asked++
        return { ok: false as const, code: 'OVERLOADED' as const, message: 'busy' }
      },
    }
    const source = createExamples({ dispatcher, state: { core, phase: 'ready' } }, routeTable)
    expect(await source.load(10_000)).toBe(core.examples)
    expect(await source.load(10_000)).toBe(core.examples)
    expect(asked).toBe(1)
    const answering = {
      run: async () => ({ ok: true, body: Buffer.from('{"subject":"s","features":{"Tabular":"t"}}') }) as never,
    }
    const good = createExamples({ dispatcher: answering, state: { core, phase: 'ready' } }, routeTable)
    expect(await good.load(10_000)).toMatchObject({
      parcellation_id: 'p',
      subject: 's',
      feature_id: 't',
      'get_single_tabular.feature_id': 't',
    })
    expect(good.current()).toBe(await good.load(10_000))
  })
})
