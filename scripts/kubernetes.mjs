/**
 * The chart of deploy/helm as Helm renders and lints it, for several sets of values, held against the schemas of an old and a new
 * Kubernetes (strict) and against what we want of pods (scripts/kubernetes.py). Helm comes as a library from PyPI; skipped visibly where
 * that cannot be had.
 *
 *   node scripts/kubernetes.mjs
 */
import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { pythonWith } from './lib/python-packages.mjs'

const programs = pythonWith('kubernetes', 'helm-python-sdk==0.2.2', 'kubernetes-validate==1.37.0')
if (programs === undefined) process.exit(0)
const { status } = spawnSync(join(programs, 'python'), ['scripts/kubernetes.py'], { stdio: 'inherit' })
process.exit(status ?? 1)
