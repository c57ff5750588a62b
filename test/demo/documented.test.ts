import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startTestApp, type TestApp } from '../app.ts'
import { documentedRequests } from '../examples/documented-requests.ts'

let app: TestApp
beforeAll(async () => {
  app = await startTestApp()
})
afterAll(() => app.close())

describe('docs/demo.md', () => {
  it.each(documentedRequests('docs/demo.md'))('%s', async (path) => {
    const answer = await app.get(path)
    expect(answer.status, new TextDecoder().decode(answer.bytes.subarray(0, 500))).toBe(200)
  })
})
