import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startTestApp, type TestApp } from '../app.ts'
import { documentedRequests } from '../examples/documented-requests.ts'

let app: TestApp
beforeAll(async () => {
  app = await startTestApp()
})
afterAll(() => app.close())

describe.each(['README.md', 'docs/demo.md', 'docs/start.md'])('commands of %s', (page) => {
  const requests = documentedRequests(page)

  it('are there', () => expect(requests.length).toBeGreaterThan(2))

  it.each(requests)('%s', async (path) => {
    const answer = await app.get(path)
    expect(answer.status, new TextDecoder().decode(answer.bytes.subarray(0, 500))).toBe(200)
    expect(answer.bytes.length).toBeGreaterThan(100)
  })
})
