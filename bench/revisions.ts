/**
 * Compares two revisions in one run: builds both, starts both, and replays siibra-explorer's session against them in turn.
 *
 *   npm run bench:revisions -- [--before main~10] [--after HEAD] [--rounds 5] [--users 1]
 */
import { execFileSync, spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { benchConfiguration, ROOT, startService } from './server/processes.ts'

const { before, after, rounds, users } = parseArgs({
  options: {
    before: { type: 'string', default: 'HEAD~1' },
    after: { type: 'string', default: 'HEAD' },
    rounds: { type: 'string', default: '5' },
    users: { type: 'string', default: '1' },
  },
}).values

const scratch = mkdtempSync(join(tmpdir(), 'siibra-revisions-'))
const git = (...args: string[]) => execFileSync('git', args, { cwd: ROOT, encoding: 'utf8' }).trim()

/** A tree of the revision beside this one, built with the packages of this one. */
function buildRevision(name: string, revision: string): string {
  const folder = join(scratch, name)
  git('worktree', 'add', '--quiet', '--detach', folder, revision)
  symlinkSync(join(ROOT, 'node_modules'), join(folder, 'node_modules'))
  execFileSync(process.execPath, ['scripts/build.mjs'], { cwd: folder, stdio: 'inherit' })
  return folder
}

const folders: string[] = []
try {
  const { env } = benchConfiguration()
  const services = []
  for (const [name, revision] of [
    ['before', before],
    ['after', after],
  ] as const) {
    const folder = buildRevision(name, revision)
    folders.push(folder)
    services.push(await startService({ ...env, SIIBRA_CACHEDIR: join(scratch, `${name}-cache`) }, folder))
    console.log(`${name}: ${git('log', '-1', '--format=%h %s', revision)}`)
  }
  const [first, second] = services.map(({ port }) => `http://127.0.0.1:${port}`)
  const args = ['--base', first, '--compare', second, '--rounds', rounds, '--users', users] as string[]
  spawnSync(process.execPath, ['--import', 'tsx', 'bench/session.ts', ...args], { cwd: ROOT, stdio: 'inherit' })
  await Promise.all(services.map((service) => service.stop()))
} finally {
  for (const folder of folders) git('worktree', 'remove', '--force', folder)
  rmSync(scratch, { recursive: true, force: true })
}
