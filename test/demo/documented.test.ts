import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startTestApp, type TestApp } from '../app.ts'
import { documentedRequests } from '../examples/documented-requests.ts'

let app: TestApp
beforeAll(async () => {
  app = await startTestApp()
})
afterAll(() => app.close())

describe('docs/demo.md', () => {
  it.for(documentedRequests('docs/demo.md'))('%s', async (path, { skip }) => {
    const answer = await app.get(path)
    skip(answer.status === 501, 'not there yet')
    expect(answer.status, new TextDecoder().decode(answer.bytes.subarray(0, 500))).toBe(200)
  })
})
