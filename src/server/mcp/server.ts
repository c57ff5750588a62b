/** What programs that reason are told: tools of this service, for a model that speaks the Model Context Protocol. */
import { Server } from '@modelcontextprotocol/server'
import { callTool } from './call.ts'
import type { McpOptions } from './options.ts'
import { describeTool, toolsOf } from './tools.ts'

const INSTRUCTIONS = [
  'Brain atlases: species, reference spaces, parcellations into regions, maps, and data sets (features) anchored to regions.',
  'Begin with list_atlases and list_parcellations, or with find_regions, which searches all parcellations.',
  'Ids, keys and names are taken alike where an id is asked for. Coordinates are in mm (right, anterior, superior), written as "x mm, y mm, z mm".',
  'Answers are shortened; each ends with where the whole of it is. Tables are CSV.',
  'Cite data sets with the tool cite.',
].join('\n')

/** A server for one connection, or one request: it keeps nothing between calls. */
export function createMcpServer(options: McpOptions): Server {
  const tools = toolsOf(options.routes)
  const listed = tools.map(describeTool)
  const server = new Server(
    { name: 'siibra-api', title: 'Brain atlases', version: options.version },
    { capabilities: { tools: {} }, instructions: INSTRUCTIONS },
  )
  server.setRequestHandler('tools/list', async () => ({ tools: listed }))
  server.setRequestHandler('tools/call', async ({ params }, { mcpReq }) =>
    callTool(tools, params.name, params.arguments ?? {}, options, mcpReq.signal),
  )
  return server
}
