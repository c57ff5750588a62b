/** The packed program offers its tools to the official SDK's client: over standard input and output, and at /mcp. */
import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client'
import { StdioClientTransport } from '@modelcontextprotocol/client/stdio'
import { afterEach, beforeAll, expect, test } from 'vitest'
import { temporaryFolder } from '../temporary-folder.ts'
import { type InstalledPackage, installPackage } from './package.ts'
import { startBuilt } from './run.ts'

let installed: InstalledPackage
const ends: (() => Promise<unknown>)[] = []
beforeAll(() => {
  installed = installPackage()
})
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end()
})

const DEMO = { SIIBRA_USE_CONFIGURATION: 'demo', SIIBRA_API_OFFLINE: '1' }

async function firstRegion(client: Client): Promise<unknown> {
  const { content } = await client.callTool({ name: 'find_regions', arguments: { find: 'Area B1 (Bow) left' } })
  const [answer] = content
  return answer?.type === 'text' ? JSON.parse(answer.text).items[0].name : answer
}

async function connectByStdio(args: string[]): Promise<Client> {
  const transport = new StdioClientTransport({
    command: process.execPath,
    args: [installed.main, 'mcp', ...args],
    env: { ...DEMO, PATH: process.env.PATH ?? '', SIIBRA_CACHEDIR: temporaryFolder() },
    stderr: 'pipe',
  })
  const client = new Client({ name: 'test', version: '1' })
  await client.connect(transport)
  ends.push(() => client.close())
  return client
}

test('over standard input and output, without a service', async () => {
  const client = await connectByStdio([])
  expect((await client.listTools()).tools.length).toBeGreaterThan(20)
  expect(await firstRegion(client)).toBe('Area B1 (Bow) left')
  const { content } = await client.callTool({
    name: 'show_slice',
    arguments: { parcellation_id: 'Harbour v2', space_id: 'Demo mean' },
  })
  expect(content[0]?.type).toBe('image')
  expect(content[1]).toMatchObject({
    type: 'text',
    text: expect.stringMatching(/^The whole answer: siibra-api get '\/v3_0/),
  })
})

test('over HTTP, and over standard input and output for a service that runs', async () => {
  const service = await startBuilt(installed.main, { env: DEMO })
  ends.push(() => service.stop())
  const overHttp = new Client({ name: 'test', version: '1' })
  await overHttp.connect(new StreamableHTTPClientTransport(new URL(`${service.base}/mcp`)))
  ends.push(() => overHttp.close())
  expect(await firstRegion(overHttp)).toBe('Area B1 (Bow) left')
  const through = await connectByStdio(['--url', service.base])
  expect(await firstRegion(through)).toBe('Area B1 (Bow) left')
  const file = await through.callTool({ name: 'template_file', arguments: { space_id: 'Demo mean' } })
  expect(file.content[0]).toMatchObject({ uri: expect.stringMatching(new RegExp(`^${service.base}/v3_0/spaces/`)) })
})
