import Schema from 'typebox/schema'
import type { TestApp } from '../app.ts'

interface OpenApi {
  paths: Record<string, Record<string, Operation>>
  components: { schemas: Record<string, unknown> }
}

interface Operation {
  operationId: string
  responses: Record<string, { content?: Record<string, unknown> }>
}

export interface DocumentedAnswers {
  /** Names of all operations of a version of the API. */
  operations: string[]
  /** What is wrong with a JSON answer of an operation, by the schema that the document has for it; empty where nothing is. */
  check(operation: string, answer: unknown): string[]
}

/** The OpenAPI document that the service sends, as a judge of its answers. */
export async function loadOpenApi(app: TestApp, version: string): Promise<DocumentedAnswers> {
  const { paths, components } = (await app.get(`/${version}/openapi.json`)).json<OpenApi & Record<string, unknown>>()
  const all = Object.values(paths).flatMap((path) => Object.values(path).filter((one) => 'operationId' in one))
  const operations = new Map(all.map(({ operationId, responses }) => [operationId, responses['200']]))
  return {
    operations: [...operations.keys()],
    check(operation, answer) {
      const media = operations.get(operation)?.content?.['application/json'] as { schema: object } | undefined
      if (!media) return [`${operation} has no schema for JSON`]
      const [isRight, errors] = Schema.Compile({ ...media.schema, components }).Errors(answer)
      if (isRight) return []
      return errors.slice(0, 3).map(({ instancePath, message }) => `${instancePath} ${message}`)
    },
  }
}
