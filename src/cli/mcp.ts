import { Command } from 'commander'
import type { Word } from './word.ts'

const HELP = `
A client (an editor, an assistant) starts it itself. Its settings usually look like this:
  { "mcpServers": { "brain-atlases": { "command": "npx", "args": ["siibra-api", "mcp"] } } }

Without --url the atlas of the environment (SIIBRA_USE_CONFIGURATION) is loaded and answers; with it a running service does, which also
offers the same tools at <address>/mcp. docs/mcp.md lists the tools.`

/** `siibra-api mcp`: the tools for programs that reason, over standard input and output. */
export const mcp: Word = ({ config, stderr }) =>
  new Command('mcp')
    .description(
      'offers the atlas as tools to programs that reason: the Model Context Protocol over standard input and output',
    )
    .option('--url <address>', 'of a service that runs; without, this process answers')
    .addHelpText('after', HELP)
    .action(async ({ url }: { url?: string }) => {
      const [{ serveStdio }, { createMcpServer }, { routeTable }, { PACKAGE_VERSION }, { openAsker }] =
        await Promise.all([
          import('@modelcontextprotocol/server/stdio'),
          import('../server/mcp/server.ts'),
          import('../server/routes/table.ts'),
          import('../version.ts'),
          import('./asking/asker.ts'),
        ])
      const asker = await openAsker({ url, config, tell: (message) => stderr.write(`${message}\n`) })
      const base = url?.replace(/\/+$/, '').replace(/\/v\d_0$/, '')
      serveStdio(() =>
        createMcpServer({
          routes: routeTable,
          version: PACKAGE_VERSION,
          async ask(path, accept) {
            const { status, headers, body } = await asker.ask({ path, headers: { accept } })
            return { status, contentType: String(headers['content-type'] ?? ''), bytes: body }
          },
          linkOf: (path) => (base === undefined ? undefined : base + path),
        }),
      )
      // ends when the client closes its end; nothing else keeps the process
      process.stdin.once('close', () => void asker.close().then(() => process.exit(0)))
    })
