/**
 * Writes the demo atlas to a folder: `configuration/` and `mirror/`, as a service takes them by SIIBRA_USE_CONFIGURATION and
 * SIIBRA_API_MIRROR, and `snapshot/` with the knowledge-graph documents, for siibra-python.
 *
 *     npx tsx scripts/write-demo.ts <folder>
 */
import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { demoConfigurationFiles, demoObjectNames, demoStore } from '../src/demo/index.ts'

const DOCUMENT = /\/repository\/files\/(ebrainsquery\/.*\.json)\/raw@@/

const folder = process.argv[2]
if (folder === undefined) {
  console.error('Usage: npx tsx scripts/write-demo.ts <folder>')
  process.exit(1)
}
await writeDemo(folder)

async function writeDemo(target: string): Promise<void> {
  const files = demoConfigurationFiles()
  for (const path of await files.list()) write(join(target, 'configuration', path), files.read(path))
  const store = demoStore()
  for (const name of demoObjectNames()) {
    const bytes = (await store.get(name))!
    write(join(target, 'mirror', name), bytes)
    const document = DOCUMENT.exec(name)
    if (document) write(join(target, 'snapshot', document[1]!), bytes)
  }
}

function write(path: string, bytes: Uint8Array): void {
  mkdirSync(dirname(path), { recursive: true })
  writeFileSync(path, bytes)
}
