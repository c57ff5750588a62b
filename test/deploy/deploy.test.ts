import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import { VARIABLES } from '../../src/config.ts'
import { QUEUE_NAMES } from '../../src/tasks/task.ts'

const folder = fileURLToPath(new URL('../../deploy', import.meta.url))
const files = readdirSync(folder, { recursive: true, withFileTypes: true })
  .filter((entry) => entry.isFile())
  .map((entry) => join(entry.parentPath, entry.name))
const read = (name: string) => readFileSync(join(folder, name), 'utf8')

describe('the files to deploy with', () => {
  test('set no variable that the service does not know', () => {
    const known = new Set(Object.values(VARIABLES).flatMap(({ names }): readonly string[] => names))
    const used = files.flatMap((file) => readFileSync(file, 'utf8').match(/\bSIIBRA_[A-Z0-9_]+/g) ?? [])
    expect(used.length).toBeGreaterThan(10)
    expect([...new Set(used)].filter((name) => !known.has(name))).toEqual([])
  })

  test('the image runs as nobody special, checks its health, and holds what the build needs', () => {
    const dockerfile = read('Dockerfile')
    expect(dockerfile).toMatch(/^USER 1000$/m)
    expect(dockerfile).toMatch(/^HEALTHCHECK /m)
    expect(dockerfile.match(/^FROM /gm)).toHaveLength(2)
    const copied = [...dockerfile.matchAll(/^COPY (?!--from)(.+) \S+$/gm)].flatMap((match) => match[1]!.split(' '))
    const allowed = new Set(
      read('Dockerfile.dockerignore')
        .split('\n')
        .map((line) => line.replace('!', '')),
    )
    expect(copied.filter((name) => !allowed.has(name))).toEqual([])
  })

  test.each(['compose.yaml', 'helm/siibra-api/values.yaml'])('%s has a worker for every queue', (name) => {
    for (const queue of QUEUE_NAMES) expect(read(name)).toMatch(new RegExp(`"-Q", "${queue}"|queues: ${queue}$`, 'm'))
  })

  test('the queue of each drops no key', () => {
    for (const name of ['compose.yaml', 'helm/siibra-api/templates/valkey.yaml'])
      expect(read(name)).toContain('noeviction')
  })
})
