import { spawnSync } from 'node:child_process'
import { existsSync, rmSync } from 'node:fs'
import { join } from 'node:path'

/**
 * A virtual environment with packages of exact versions, made once, in `.cache`.
 *
 * @returns its folder of programs; undefined, having said why, where Python or the packages cannot be had
 */
export function pythonWith(name, ...packages) {
  const venv = join('.cache', `python-${name}-${packages.map((one) => one.split('==')[1]).join('-')}`)
  const programs = join(venv, 'bin')
  const isDone = join(venv, 'is-done')
  if (existsSync(isDone)) return programs
  for (const [command, ...args] of [
    ['python3', '-m', 'venv', venv],
    [
      join(programs, 'python'),
      '-m',
      'pip',
      'install',
      '--quiet',
      '--no-compile',
      '--disable-pip-version-check',
      ...packages,
    ],
    ['touch', isDone],
  ]) {
    const { status, stderr, error } = spawnSync(command, args, { encoding: 'utf8', timeout: 180_000 })
    if (status === 0) continue
    rmSync(venv, { recursive: true, force: true })
    console.log(
      `SKIPPED: ${packages.join(', ')} cannot be installed: ${(error?.message ?? stderr).trim().split('\n').at(-1)}`,
    )
    return undefined
  }
  return programs
}
