/**
 * Do the tests notice? Changes one token of a source file at a time (`<` to `<=`, `+` to `-`, `++` to `--`, `true` to `false` ...), in a
 * copy of the project, and runs the tests that reach the token: nearest by imports first, until one fails. What no test notices is
 * listed, unless scripts/equal-mutants.txt says why it behaves the same (FILE | CHANGE | LINE | REASON; of several such tokens in a line,
 * the second is `< to <= #2`).
 *
 *   npm run mutate -- [FILE ...] [--each N] [--seed N] [--bound 0.9] [--again] [--tests FILE,FILE]
 *
 * Without files, those of the kernels; of each file N tokens (`--each 0`: all), the same for the same seed; or what the last run left
 * unnoticed (`--again`). By the tests that are named (`--tests`), else by those that are nearest. Ends with 1 where less than `--bound`
 * was noticed.
 */
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { mutated, tokensOf } from './mutate/tokens.mjs'
import { createWarmTests } from './mutate/warm.mjs'
import { whoReaches } from './mutate/who-reaches.mjs'

const { values: options, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    each: { type: 'string', default: '4' },
    seed: { type: 'string', default: '1' },
    again: { type: 'boolean', default: false },
    bound: { type: 'string', default: '0.9' },
    tests: { type: 'string' },
  },
})
/**
 * The kernels: files of the atlas core, of the ways of tasks and of answers that compute or decide something, which is: compare,
 * reckon or combine conditions at six places or more. Pages are looked at in browsers.
 */
const ROOMS = /^src\/(siibra|dispatch|server|tasks|worker)\/(?!pages\/).*\.ts$/
const LEAST_OPERATORS = 6
const isKernel = (file) =>
  ROOMS.test(file) &&
  tokensOf(readFileSync(file, 'utf8')).filter(({ from }) => from !== 'true' && from !== 'false').length >=
    LEAST_OPERATORS
/** So long may the tests of one mutant take, by their times over unchanged sources. */
const PATIENCE_MS = 15_000

/** A number from 0 to 1, the same for the same text (FNV-1a, mixed). */
function chance(text) {
  let h = 2166136261
  for (const char of text) h = Math.imul(h ^ char.codePointAt(0), 16777619)
  h = Math.imul(h ^ (h >>> 15), 2246822507)
  return ((h ^ (h >>> 13)) >>> 0) / 4294967296
}

const copy = mkdtempSync(join(tmpdir(), 'siibra-api-mutants-'))
const warm = createWarmTests(copy)
process.on('exit', () => warm.end())
process.on('exit', () => rmSync(copy, { recursive: true, force: true, maxRetries: 3 }))
process.on('SIGINT', () => process.exit(130))
process.on('SIGTERM', () => process.exit(143))
for (const name of [
  'src',
  'test',
  'docs',
  'deploy',
  'scripts',
  'bench',
  'web',
  'package.json',
  'tsconfig.json',
  'dist',
])
  cpSync(name, join(copy, name), { recursive: true })
symlinkSync(resolve('node_modules'), join(copy, 'node_modules'))

const equal = new Set(
  readFileSync('scripts/equal-mutants.txt', 'utf8')
    .split('\n')
    .map((line) => line.split(' | ').slice(0, 3).join(' | ')),
)
const files =
  positionals.length > 0
    ? positionals
    : readdirSync('src', { recursive: true })
        .map((path) => join('src', path))
        .filter((path) => path.endsWith('.ts') && isKernel(path))
        .sort()
const each = Number(options.each) || Number.POSITIVE_INFINITY
const RESULTS = '.cache/mutants.json'
const last = options.again ? new Set(JSON.parse(readFileSync(RESULTS, 'utf8')).unnoticed) : undefined
// of the copy: the project itself may change meanwhile
const textOf = (file) => readFileSync(join(copy, file), 'utf8')
const drawn = files.flatMap((file) => {
  const code = textOf(file)
  const tokens = tokensOf(code)
  return tokens
    .map((token, index) => ({ token, index, chance: chance(`${options.seed} ${file} ${token.at}`) }))
    .sort((a, b) => a.chance - b.chance)
    .slice(0, last ? tokens.length : each)
    .sort((a, b) => a.index - b.index)
    .map(({ token, index }) => {
      const number = code.slice(0, token.at).split('\n').length
      const lineStart = code.lastIndexOf('\n', token.at) + 1
      const place = tokens.filter(({ at, from }) => at >= lineStart && at <= token.at && from === token.from).length
      const which = place > 1 ? ` #${place}` : ''
      const change = `${token.from} to ${token.to}${which} | ${code.split('\n')[number - 1].trim()}`
      const names = { name: `${file} | ${change}`, here: `${file}:${number} | ${change}` }
      return { id: `${file}:${index}`, file, index, count: tokens.length, token, ...names }
    })
    .filter(({ name }) => !last || last.has(name))
})
const wanted = new Map(files.map((file) => [file, []]))
for (const { file, index, name } of drawn) if (!equal.has(name)) wanted.get(file).push(index)
const tests = await whoReaches(wanted, copy, warm, options.tests?.split(','))
const mutants = drawn.map((one) => {
  const reaching = (mark) =>
    tests
      .filter(({ hits }) => hits.has(one.id + mark))
      .sort((a, b) => a.distances.get(one.file) - b.distances.get(one.file) || a.ms - b.ms)
      .filter(({ ms }, i, all) => i === 0 || all.slice(0, i).reduce((sum, each) => sum + each.ms, ms) < PATIENCE_MS)
  return { ...one, near: reaching(''), far: reaching('!').slice(0, 2) }
})
const result = { noticed: new Map(), unnoticed: [] }
const isOpen = ({ id, name }) => !equal.has(name) && !result.noticed.has(id)
const limit = (ms) => 60_000 + 4 * ms
function note(mutant, test, why) {
  result.noticed.set(mutant.id, { test, why })
  console.log(`noticed   ${mutant.here} (${test.slice('test/'.length)}: ${why.split('\n')[0].slice(0, 100)})`)
}

// first all together that have the same test next, each by one token that is changed as the file is evaluated
for (let round = 0; mutants.some((one) => isOpen(one) && one.near[round]); round++)
  for (const test of tests) {
    const group = mutants.filter((one) => isOpen(one) && one.near[round] === test)
    if (group.length === 0) continue
    const failed = await warm.run(test.test, group, limit(test.ms))
    for (const one of group) if (failed.get(one.id)) note(one, test.test, failed.get(one.id))
  }
// then those that only other threads or processes reach, which read the changed file
for (const one of mutants)
  for (const { test, ms } of one.far) {
    if (!isOpen(one)) break
    const code = textOf(one.file)
    warm.write(one.file, mutated(code, one.token))
    const why = (await warm.run(test, [], limit(ms))).get('unchanged')
    if (why) note(one, test, why)
    warm.write(one.file, code)
  }
warm.end()

const rows = files.map((file) => {
  const own = mutants.filter((one) => one.file === file)
  const known = own.filter(({ name }) => equal.has(name)).length
  return {
    file,
    tried: own.length - known,
    noticed: own.filter(({ id }) => result.noticed.has(id)).length,
    equal: known,
  }
})
for (const one of mutants.filter(isOpen)) {
  result.unnoticed.push(one.name)
  const by = [...one.near, ...one.far].map(({ test }) => test.slice('test/'.length))
  console.log(
    `UNNOTICED ${one.here} (${by.length > 0 ? `reached by ${by.slice(0, 2).join(', ')}` : 'reached by no test'})`,
  )
}
writeFileSync(RESULTS, JSON.stringify({ rows, unnoticed: result.unnoticed }, undefined, 1))

const roomOf = ({ file }) =>
  file
    .split('/')
    .slice(1, file.startsWith('src/siibra/') ? 3 : 2)
    .join('/')
const print = (name, of) => {
  const sum = (key) => of.reduce((total, row) => total + row[key], 0)
  console.log(
    `| ${name} | ${of.length} | ${sum('tried')} | ${sum('noticed')} | ${sum('equal')} | ${sum('tried') - sum('noticed')} |`,
  )
  return sum('tried') === 0 ? 1 : sum('noticed') / sum('tried')
}
console.log('\n| room | files | tried | noticed | equal | unnoticed |\n|---|---|---|---|---|---|')
for (const [room, of] of Map.groupBy?.(rows, roomOf) ?? groupBy(rows, roomOf)) print(room, of)
const share = print('all', rows)
console.log(`\n${(share * 100).toFixed(1)} % noticed`)
process.exit(share >= Number(options.bound) ? 0 : 1)

function groupBy(list, keyOf) {
  const groups = new Map()
  for (const one of list) groups.set(keyOf(one), [...(groups.get(keyOf(one)) ?? []), one])
  return groups
}
