/**
 * Do the tests notice? Changes one token of a source file at a time (`<` to `<=`, `+` to `-`, `++` to `--`, `true` to `false` ...), in a
 * copy of the project, and runs the tests that import the file. What no test notices is listed, unless scripts/equal-mutants.txt says
 * why it behaves the same.
 *
 *   npm run mutate -- [FILE ...] [--of N] [--each N] [--seed N] [--bound 0.9]
 *
 * Without files, N files of the kernels (`--of`) are drawn; of each file N tokens (`--each`).
 */
import { spawnSync } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join, relative, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { parseAst } from 'vite'

const { values: options, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    of: { type: 'string', default: '12' },
    each: { type: 'string', default: '4' },
    seed: { type: 'string', default: '1' },
    bound: { type: 'string', default: '0.9' },
  },
})
const SWAPS = {
  '<': '<=',
  '<=': '<',
  '>': '>=',
  '>=': '>',
  '+': '-',
  '-': '+',
  '*': '/',
  '===': '!==',
  '!==': '===',
  '&&': '||',
  '||': '&&',
}
const KERNELS = /^src\/(siibra|dispatch|server\/(cache|http|bodies|metrics)|import\/(tables|volumes))\/.*\.ts$/
const sources = ['src', 'test'].flatMap((folder) =>
  readdirSync(folder, { recursive: true })
    .map((path) => join(folder, path))
    .filter((path) => path.endsWith('.ts')),
)
/** A mutant may run in circles: that is noticed, too. */
const WITHIN_MS = 120_000

let state = Number(options.seed) * 2654435761
/** Numbers from 0 to 1, the same for the same seed (mulberry32). */
const random = () => {
  state = (state + 0x6d2b79f5) | 0
  let t = Math.imul(state ^ (state >>> 15), 1 | state)
  t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
  return ((t ^ (t >>> 14)) >>> 0) / 4294967296
}
const draw = (list, n) =>
  list
    .map((one) => [random(), one])
    .sort(([a], [b]) => a - b)
    .slice(0, n)
    .map(([, one]) => one)

/** Which test files import a source file: themselves, or else by one file between. */
const imports = new Map(
  sources.map((file) => {
    const found = readFileSync(file, 'utf8').matchAll(/(?:from|import\() ?'(\.[^']+)'/g)
    return [file, new Set([...found].map(([, path]) => relative('.', resolve(dirname(file), path))))]
  }),
)
function testsOf(source) {
  const importers = (files) =>
    [...imports].filter(([, paths]) => files.some((one) => paths.has(one))).map(([file]) => file)
  let files = [source]
  for (let depth = 0; depth < 4; depth++) {
    files = importers(files)
    const tests = files.filter((file) => file.endsWith('.test.ts') && !file.startsWith('test/built'))
    if (tests.length > 0) return tests.slice(0, 12)
  }
  return []
}

/** The tokens of a file that can be changed, with what they become. */
function tokensOf(code) {
  const tokens = []
  const visit = (node) => {
    if (node === null || typeof node !== 'object') return
    if (Array.isArray(node)) return node.forEach(visit)
    if (/^TS.*(Type|Annotation|Declaration)/.test(node.type ?? '')) return
    const { type, operator } = node
    if ((type === 'BinaryExpression' || type === 'LogicalExpression') && SWAPS[operator]) {
      const at = code.indexOf(operator, node.left.end)
      if (at < node.right.start) tokens.push([at, operator, SWAPS[operator]])
    } else if (type === 'UpdateExpression') {
      const at = node.prefix ? node.start : node.end - 2
      tokens.push([at, operator, operator === '++' ? '--' : '++'])
    } else if (type === 'Literal' && typeof node.value === 'boolean')
      tokens.push([node.start, String(node.value), String(!node.value)])
    Object.values(node).forEach(visit)
  }
  visit(parseAst(code, { lang: 'ts' }))
  return tokens
}

const copy = mkdtempSync(join(tmpdir(), 'siibra-api-mutants-'))
process.on('exit', () => rmSync(copy, { recursive: true, force: true }))
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
  '.ci',
])
  cpSync(name, join(copy, name), { recursive: true })
symlinkSync(resolve('node_modules'), join(copy, 'node_modules'))
writeFileSync(
  join(copy, 'vitest.config.ts'),
  `export default { test: { include: ['test/**/*.test.ts'], bail: 1, testTimeout: 60000, fileParallelism: false, pool: 'forks' } }\n`,
)
const runTests = (tests) =>
  spawnSync('npx', ['vitest', 'run', '--silent', '--reporter=dot', ...tests], {
    cwd: copy,
    timeout: WITHIN_MS,
    killSignal: 'SIGKILL',
  }).status

const equal = readFileSync('scripts/equal-mutants.txt', 'utf8')
  .split('\n')
  .map((line) => line.split(' | ').slice(0, 3).join(' | '))
const files =
  positionals.length > 0
    ? positionals
    : draw(
        sources.filter((file) => KERNELS.test(file) && testsOf(file).length > 0),
        Number(options.of),
      )
const unnoticed = []
let count = 0
let same = 0
for (const file of files) {
  const code = readFileSync(file, 'utf8')
  const tests = testsOf(file)
  const tokens = draw(tokensOf(code), Number(options.each))
  if (tokens.length > 0 && runTests(tests) !== 0) throw new Error(`${tests} fail before anything is changed`)
  for (const [at, from, to] of tokens) {
    const number = code.slice(0, at).split('\n').length
    const line = code.split('\n')[number - 1].trim()
    if (equal.includes(`${file} | ${from} to ${to} | ${line}`)) {
      same++
      continue
    }
    writeFileSync(join(copy, file), code.slice(0, at) + to + code.slice(at + from.length))
    const isNoticed = runTests(tests) !== 0
    count++
    console.log(`${isNoticed ? 'noticed  ' : 'UNNOTICED'} ${file}:${number} | ${from} to ${to} | ${line}`)
    if (!isNoticed) unnoticed.push(`${file} | ${from} to ${to} | ${line}`)
  }
  writeFileSync(join(copy, file), code)
}
const share = count === 0 ? 1 : 1 - unnoticed.length / count
mkdirSync('.cache', { recursive: true })
writeFileSync('.cache/mutants.json', JSON.stringify({ files, count, same, unnoticed }, undefined, 1))
console.log(
  `${count - unnoticed.length} of ${count} noticed (${(share * 100).toFixed(0)} %), ${same} known to behave the same`,
)
process.exit(share >= Number(options.bound) ? 0 : 1)
