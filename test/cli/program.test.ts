import { expect, test } from 'vitest'
import { runCommandLine } from '../../src/cli/program.ts'
import { parseConfig } from '../../src/config.ts'
import { PACKAGE_VERSION } from '../../src/version.ts'

/** Runs a command line; what it wrote, and the code to exit with. */
async function run(args: string[], env: Record<string, string> = {}) {
  const written = { out: '', err: '' }
  const code = await runCommandLine(args, {
    env,
    stdout: { write: (text) => (written.out += text) },
    stderr: { write: (text) => (written.err += text) },
    config: () => parseConfig(env),
  })
  return { code, ...written }
}

test('--version and --help answer, whatever the environment holds', async () => {
  expect(await run(['--version'])).toEqual({ code: 0, out: `${PACKAGE_VERSION}\n`, err: '' })
  for (const args of [['--help'], ['-h'], ['help']]) {
    const { code, out } = await run(args, { SIIBRA_API_PORT: 'no port' })
    expect(code).toBe(0)
    for (const word of ['serve', 'worker', 'warm-up', 'import', 'validate', 'mirror', 'get', 'assign'])
      expect(out).toMatch(new RegExp(`^  ${word} `, 'm'))
  }
})

test.each(['serve', 'worker', 'warm-up', 'import', 'validate', 'mirror', 'get', 'assign'])(
  '%s describes itself',
  async (word) => {
    for (const args of [
      [word, '--help'],
      ['help', word],
    ]) {
      const { code, out } = await run(args)
      expect(code).toBe(0)
      expect(out).toContain(`siibra-api ${word}`)
      expect(out).toMatch(/\nExamples?:\n/)
    }
  },
)

test.each([
  [['worke'], /unknown command 'worke'; did you mean worker\?/],
  [['frobnicate'], /unknown command 'frobnicate' \(there are serve, worker, /],
  [['--frobnicate'], /unknown option '--frobnicate'/],
  [['-Q', 'core'], /unknown option '-Q'/],
  [['serve', '5000'], /too many arguments/],
  [['serve', '--port', '1'], /unknown option '--port'/],
  [['worker', '--queus', 'core'], /unknown option '--queus'\n\(Did you mean --queues\?\)/],
  [['worker', '-Q'], /argument missing/],
  [['worker', '-Q', 'cores'], /cores/],
  [['warm-up', '--base'], /argument missing/],
])('%j is an error, with code 2, and starts nothing', async (args, message) => {
  const { code, out, err } = await run(args)
  expect({ code, out }).toEqual({ code: 2, out: '' })
  expect(err).toMatch(message)
})

test('a setting that is wrong is told, with code 2', async () => {
  const { code, err } = await run(['serve'], { SIIBRA_API_PORT: 'x' })
  expect(code).toBe(2)
  expect(err).toContain('SIIBRA_API_PORT')
})

test('without a word, the role says which it is', async () => {
  expect((await run(['-Q', 'cores'], { SIIBRA_API_ROLE: 'worker' })).err).toContain('-Q cores: there is no such queue')
})
