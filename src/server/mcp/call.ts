/** One call of a tool: the route is asked, its answer made short. */
import type { CallToolResult } from '@modelcontextprotocol/server'
import { nearestOf } from '../../siibra/index.ts'
import { type Compact, compactCsv, compactJson } from './compact.ts'
import type { McpOptions } from './options.ts'
import { isPicture, pathOf, type Tool } from './tools.ts'

type Content = CallToolResult['content'][number]

export async function callTool(
  tools: readonly Tool[],
  name: string,
  given: Record<string, unknown>,
  { ask, linkOf }: Pick<McpOptions, 'ask' | 'linkOf'>,
  signal: AbortSignal,
): Promise<CallToolResult> {
  const tool = tools.find((one) => one.name === name)
  if (tool === undefined) {
    const names = tools.map((one) => one.name)
    const nearest = nearestOf(names, name)
    return problem(
      `There is no tool ${name}${nearest ? `; did you mean ${nearest}?` : ''} There are ${names.join(', ')}`,
    )
  }
  const asked = pathOf(tool, given)
  if (!asked.ok) return problem(asked.problem)
  const { path } = asked
  const link = whole(path, tool, linkOf(path))
  if ('file' in tool.route.response && !isPicture(tool.route)) return { content: link }
  const accept = isTable(tool) ? 'text/csv' : isPicture(tool.route) ? 'image/png' : 'application/json'
  const { status, contentType, bytes } = await ask(path, accept, signal)
  if (status !== 200) return problem(errorText(status, bytes))
  if (isPicture(tool.route)) {
    const data = Buffer.from(bytes).toString('base64')
    return { content: [{ type: 'image', data, mimeType: 'image/png' }, ...link] }
  }
  const text = new TextDecoder().decode(bytes)
  const compact: Compact = contentType.startsWith('text/csv') ? compactCsv(text) : compactJson(text)
  return { content: [{ type: 'text', text: compact.text }, ...(compact.isCut ? link : [])] }
}

const isTable = ({ route: { response } }: Tool): boolean => 'json' in response && response.forms === 'table'

const problem = (text: string): CallToolResult => ({ isError: true, content: [{ type: 'text', text }] })

/** Where the whole answer is: a link, or the command that prints it. */
function whole(path: string, { name, route }: Tool, url: string | undefined): Content[] {
  if (url === undefined) return [{ type: 'text', text: `The whole answer: siibra-api get '${path}'` }]
  const { response } = route
  const mimeType =
    'file' in response ? response.file.mediaType : isTable({ route } as Tool) ? 'text/csv' : 'application/json'
  const separator = url.includes('?') ? '&' : '?'
  const uri = mimeType === 'text/csv' ? `${url}${separator}format=csv` : url
  return [{ type: 'resource_link', uri, name: `${name}: the whole answer`, mimeType }]
}

/** What is wrong, in the words of the service. */
function errorText(status: number, bytes: Uint8Array): string {
  const text = new TextDecoder().decode(bytes)
  try {
    const { detail, ...more } = JSON.parse(JSON.parse(text).message) as { detail: unknown }
    return `${status} ${typeof detail === 'string' ? detail : JSON.stringify(detail)} ${JSON.stringify(more)}`
  } catch {
    return `${status} ${text.slice(0, 500)}`
  }
}
