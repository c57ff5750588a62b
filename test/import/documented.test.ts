import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { runCommandLine } from '../../src/cli/program.ts'
import { parseConfig } from '../../src/config.ts'

const ROOT = join(import.meta.dirname, '../..')
const WORK = mkdtempSync(join(tmpdir(), 'siibra-documented-'))
afterAll(() => rmSync(WORK, { recursive: true, force: true }))

const page = readFileSync(join(ROOT, 'docs/own-atlas.md'), 'utf8')
const commands = [...page.matchAll(/^\| (.+?) \| `siibra-api (import test\/fixtures.+?)` \|$/gm)].map(
  ([, format, command]) => [format!, command!] as const,
)

test('the page has a command for every format', () => {
  expect(commands.length).toBeGreaterThan(18)
})

test.each(commands)('%s', async (_, command) => {
  const words = [...command.matchAll(/"([^"]*)"|(\S+)/g)].map(([, quoted, plain]) => quoted ?? plain!)
  const out = mkdtempSync(join(WORK, 'out-'))
  const args = words.map((word) => (word === 'my-atlas' ? out : word.startsWith('test/') ? join(ROOT, word) : word))
  let told = ''
  const write = (text: string) => {
    told += text
  }
  const code = await runCommandLine(args, {
    env: {},
    stdout: { write },
    stderr: { write },
    config: () => parseConfig({}),
  })
  expect(code, told).toBeUndefined()
  expect(told).toMatch(/IMPORT\.md says what was taken/)
})
