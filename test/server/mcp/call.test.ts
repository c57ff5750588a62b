import { expect, test } from 'vitest'
import { callTool } from '../../../src/server/mcp/call.ts'
import { toolsOf } from '../../../src/server/mcp/tools.ts'
import { FILE, PICTURE, routeOf, TABLE } from '../route-of.ts'

const tools = toolsOf([
  routeOf({ tool: 'list_things' }),
  routeOf({ tool: 'thing_table', path: '/table', response: TABLE }),
  routeOf({ tool: 'thing_file', path: '/file', response: FILE }),
  routeOf({ tool: 'thing_picture', path: '/picture', response: PICTURE }),
])

interface Given {
  given?: Record<string, unknown>
  status?: number
  type?: string
  body?: string
  linkOf?: (path: string) => string | undefined
}

/** What a call comes to, and with which `Accept` the service was asked. */
async function call(
  name: string,
  { given = {}, status = 200, type = 'application/json', body = '{"a":1}', ...more }: Given = {},
) {
  const asked: string[] = []
  const ask = async (path: string, accept: string) => {
    asked.push(`${path} ${accept}`)
    return { status, contentType: type, bytes: Buffer.from(body) }
  }
  const linkOf = more.linkOf ?? ((path: string) => `http://x${path}?a`)
  return { ...(await callTool(tools, name, given, { ask, linkOf }, new AbortController().signal)), asked }
}

const text = (of: string) => ({ type: 'text', text: of })
const problem = (of: string, ...asked: string[]) => ({ isError: true, content: [text(of)], asked })
const link = (uri: string, of: string, mimeType: string) => ({
  type: 'resource_link',
  uri,
  name: `${of}: the whole answer`,
  mimeType,
})
const LONG = JSON.stringify({ list: Array(61).fill(1) })
const SHORT = JSON.stringify({ list: [...Array(60).fill(1), '… and 1 more'] })

test('JSON is shortened, and followed by a link where it was', async () => {
  expect(await call('list_things')).toEqual({ content: [text('{"a":1}')], asked: ['/v3_0/things application/json'] })
  expect((await call('list_things', { body: LONG })).content).toEqual([
    text(SHORT),
    link('http://x/v3_0/things?a', 'list_things', 'application/json'),
  ])
})

test('where there is no address, the command that prints it is told', async () => {
  const { content } = await call('list_things', { body: LONG, linkOf: () => undefined })
  expect(content).toEqual([text(SHORT), text("The whole answer: siibra-api get '/v3_0/things'")])
})

test('a table is asked for as CSV, and so is the whole of it', async () => {
  const rows = (count: number) => ['n', ...Array(count).fill('1')].join('\n')
  const { content, asked } = await call('thing_table', { type: 'text/csv; charset=utf-8', body: rows(61) })
  expect(asked).toEqual(['/v3_0/table text/csv'])
  expect(content).toEqual([
    text(`${rows(60)}\n… and 1 more rows`),
    link('http://x/v3_0/table?a&format=csv', 'thing_table', 'text/csv'),
  ])
  const bare = await call('thing_table', { type: 'text/csv', body: rows(61), linkOf: (path) => path })
  expect(bare.content[1]).toMatchObject({ uri: '/v3_0/table?format=csv' })
})

test('a file is its link alone, a picture both', async () => {
  expect(await call('thing_file')).toEqual({
    content: [link('http://x/v3_0/file?a', 'thing_file', 'application/x-nifti')],
    asked: [],
  })
  expect(await call('thing_picture', { body: 'png', type: 'image/png' })).toEqual({
    content: [
      { type: 'image', data: 'cG5n', mimeType: 'image/png' },
      link('http://x/v3_0/picture?a', 'thing_picture', 'image/png'),
    ],
    asked: ['/v3_0/picture image/png'],
  })
})

const ASKED = '/v3_0/things application/json'
const NAMES = 'There are list_things, thing_table, thing_file, thing_picture'
test('what is wrong is told', async () => {
  expect(await call('list_thing')).toEqual(problem(`There is no tool list_thing; did you mean list_things? ${NAMES}`))
  expect(await call('list_things', { given: { a: 1 } })).toMatchObject({ isError: true, asked: [] })
  const body = (detail: unknown) => JSON.stringify({ message: JSON.stringify({ detail, code: 'X' }) })
  expect(await call('list_things', { status: 404, body: body('No such thing') })).toEqual(
    problem('404 No such thing {"code":"X"}', ASKED),
  )
  expect(await call('list_things', { status: 422, body: body([1]) })).toEqual(problem('422 [1] {"code":"X"}', ASKED))
  expect(await call('list_things', { status: 502, body: 'x'.repeat(501) })).toEqual(
    problem(`502 ${'x'.repeat(500)}`, ASKED),
  )
})
