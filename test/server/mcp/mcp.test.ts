/** The endpoint for programs that reason, asked by the official SDK's client over both ways. */
import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { routeTable } from '../../../src/server/routes/table.ts'
import { startTestApp, type TestApp } from '../../app.ts'

let app: TestApp
let base: string
const clients: Client[] = []
beforeAll(async () => {
  app = await startTestApp()
  base = await app.listen()
})
afterEach(async () => {
  await Promise.all(clients.splice(0).map((client) => client.close()))
})
afterAll(() => app.close())

async function connect(): Promise<Client> {
  const client = new Client({ name: 'test', version: '1' })
  await client.connect(new StreamableHTTPClientTransport(new URL(`${base}/mcp`)))
  clients.push(client)
  return client
}

const PLACE = { parcellation_id: 'Harbour v2', space_id: 'Demo mean' }

async function call(name: string, given: Record<string, unknown> = {}) {
  const { content, isError } = await (await connect()).callTool({ name, arguments: given })
  const texts = content.flatMap((part) => (part.type === 'text' ? [part.text] : []))
  const links = content.flatMap((part) => (part.type === 'resource_link' ? [part.uri] : []))
  return { isError: isError === true, text: texts.join('\n'), links, content }
}

test('the tools are routes of the table, read only, with their words', async () => {
  const client = await connect()
  expect(client.getInstructions()).toContain('list_atlases')
  const { tools } = await client.listTools()
  const named = routeTable.filter(({ tool }) => tool !== undefined)
  expect(tools.map(({ name }) => name)).toEqual(named.map(({ tool }) => tool))
  expect(new Set(named.map(({ tool }) => tool)).size).toBe(named.length)
  expect(named.filter(({ method }) => method !== 'GET')).toEqual([])
  for (const { annotations, description } of tools) {
    expect(annotations?.readOnlyHint).toBe(true)
    expect(description?.length).toBeGreaterThan(10)
  }
  const find = tools.find(({ name }) => name === 'find_regions')
  expect(find?.inputSchema.properties).toMatchObject({ find: { type: 'string' }, leaf: { enum: ['true', 'false'] } })
  expect(find?.inputSchema.properties).not.toHaveProperty('format')
  expect(tools.find(({ name }) => name === 'assign_point')?.inputSchema.required).toEqual([
    'parcellation_id',
    'space_id',
    'point',
  ])
})

test('regions are found, without contexts and empty members', async () => {
  const { text, links } = await call('find_regions', { find: 'bow', parcellation_id: 'Harbour v2', size: 2 })
  expect(text).not.toMatch(/@context|null/)
  expect(JSON.parse(text)).toMatchObject({ size: 2, items: [{ name: 'bow lobe' }, { name: 'Area B1 (Bow)' }] })
  expect(links).toEqual([])
})

test('a point is assigned: a table as CSV, without row numbers', async () => {
  const { text } = await call('assign_point', { ...PLACE, point: '-20mm,44mm,-5mm' })
  expect(text.split('\n')[0]).toMatch(/^input_structure,centroid,/)
  expect(text).toContain('Area B1 (Bow) left')
})

test('of a long table the first rows come, with a link to the whole, which leads there', async () => {
  const { text, links } = await call('region_table', { parcellation_id: 'Burrow' })
  const whole = await call('compare_parcellations', { ...PLACE, other_parcellation_id: 'Harbour v1' })
  expect(text.length + whole.text.length).toBeGreaterThan(100)
  for (const link of [...links, ...whole.links]) {
    expect(link.startsWith(`${base}/v3_0/`)).toBe(true)
    expect((await fetch(link)).status).toBe(200)
  }
})

test('features are listed, and fetched by the id of the listing', async () => {
  const { text } = await call('find_features', { type: 'ReceptorDensityFingerprint', size: 1 })
  const { items } = JSON.parse(text) as { items: { id: string; name: string }[] }
  const feature = await call('get_feature', { feature_id: items[0]?.id })
  expect(JSON.parse(feature.text)).toMatchObject({ id: items[0]?.id })
})

test('a picture is an image', async () => {
  const { content } = await call('show_slice', { ...PLACE, plane: 'axial' })
  const [image, link] = content
  if (image?.type !== 'image' || link?.type !== 'resource_link') throw new Error(JSON.stringify(content).slice(0, 300))
  expect(image.mimeType).toBe('image/png')
  expect(Buffer.from(image.data, 'base64').subarray(1, 4).toString()).toBe('PNG')
  expect(link.uri).toContain('/v3_0/map/slice.png?')
})

test('a file is a link', async () => {
  const { content, links } = await call('labelled_map_file', PLACE)
  expect(content.length).toBe(1)
  expect((await fetch(links[0] as string)).status).toBe(200)
})

test.each([
  ['find_region', {}, /There is no tool find_region; did you mean find_regions\?/],
  ['describe_region', {}, /needs region_id/],
  ['list_atlases', { colour: 'red' }, /takes page, size, not colour/],
  ['assign_point', { ...PLACE, point: 'here' }, /^422 .*point/],
  ['describe_space', { space_id: 'Atlantis' }, /^404 .*Atlantis/],
])('%s %j says what is wrong', async (name, given, message) => {
  const { isError, text } = await call(name, given)
  expect(isError).toBe(true)
  expect(text).toMatch(message)
})

test('pages of other places may not call', async () => {
  const post = (headers: Record<string, string>) =>
    app.send(
      'POST',
      '/mcp',
      { jsonrpc: '2.0', id: 1, method: 'ping' },
      { accept: 'application/json, text/event-stream', ...headers },
    )
  const statusOf = async (headers: Record<string, string>) =>
    (await post({ host: 'localhost:5000', ...headers })).status
  expect(await statusOf({})).toBe(200)
  expect(await statusOf({ origin: 'http://localhost:3000' })).toBe(200)
  expect(await statusOf({ host: '10.0.0.7:5000' })).toBe(200)
  expect(await statusOf({ origin: 'https://evil.example' })).toBe(403)
  expect(await statusOf({ origin: 'null' })).toBe(403)
  expect(await statusOf({ host: 'rebound.example' })).toBe(403)
  expect((await post({ host: 'rebound.example' })).json()).toMatchObject({
    status_code: 403,
    message: expect.stringContaining('SIIBRA_API_MCP_HOSTS'),
  })
})
