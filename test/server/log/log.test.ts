import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, expect, test, vi } from 'vitest'
import { createLogger, isForPeople } from '../../../src/server/log/log.ts'
import { temporaryFolder } from '../../temporary-folder.ts'

const isTerminal = Object.getOwnPropertyDescriptor(process.stdout, 'isTTY')
afterEach(() => {
  if (isTerminal) Object.defineProperty(process.stdout, 'isTTY', isTerminal)
  else Reflect.deleteProperty(process.stdout, 'isTTY')
})

test('a folder has the lines as JSON, whatever their form elsewhere, without credentials', async () => {
  const folder = join(temporaryFolder(), 'of', 'ours')
  const before = process.listeners('exit')
  const logger = createLogger({ logDir: folder, logLevel: 'info', logFormat: 'text' }, 'name')
  for (const text of ['first at https://a:secret@b.org/', 'second']) {
    logger.info(text)
    await new Promise((resolve) => logger.flush(resolve))
  }
  for (const listener of process.listeners('exit')) if (!before.includes(listener)) process.off('exit', listener)
  const lines = await vi.waitFor(() => {
    const [file = 'none'] = readdirSync(folder)
    expect(file).toMatch(/^name.*\.log$/)
    const written = readFileSync(join(folder, file), 'utf8').trim().split('\n')
    expect(written).toHaveLength(2)
    return written
  }, 60_000)
  expect(lines.map((line) => JSON.parse(line).msg)).toEqual([expect.stringMatching(/^first at/), 'second'])
  expect(lines.join()).not.toContain('secret')
})

test.each([
  ['auto', true, true],
  ['auto', undefined, false],
  ['json', true, false],
  ['text', undefined, true],
] as const)('lines of the form %s are for people where standard output is a terminal (%s): %s', (form, isTTY, isSo) => {
  Object.defineProperty(process.stdout, 'isTTY', { value: isTTY, configurable: true })
  expect(isForPeople(form)).toBe(isSo)
})
