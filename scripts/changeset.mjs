#!/usr/bin/env node
/**
 * Changesets, which knows the packages of a workspace but not the one at its root: while it runs, the root is one of them.
 *
 *   npm run changeset                 asks what kind of change it is, and for a line that users will read
 *   npm run changeset -- status
 */
import { spawnSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = join(dirname(fileURLToPath(import.meta.url)), '..')

/** Runs a command of changesets; throws where it fails. */
export function changesets(args) {
  const file = join(root, 'package.json')
  const given = JSON.parse(readFileSync(file, 'utf8'))
  const write = (value) => writeFileSync(file, `${JSON.stringify(value, null, 2)}\n`)
  write({ ...given, workspaces: ['.', ...given.workspaces] })
  try {
    const bin = fileURLToPath(import.meta.resolve('@changesets/cli/bin.js'))
    const { status } = spawnSync(process.execPath, [bin, ...args], { cwd: root, stdio: 'inherit' })
    if (status !== 0) throw new Error(`changeset ${args.join(' ')} failed`)
  } finally {
    write({ ...JSON.parse(readFileSync(file, 'utf8')), workspaces: given.workspaces })
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) changesets(process.argv.slice(2))
