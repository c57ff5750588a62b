import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join, relative, resolve } from 'node:path'
import { tokensOf, watched } from './tokens.mjs'

/** Tests of the built program, of pages in a browser, of documents and of what others install: too slow, or they run no source file. */
const LEFT_OUT = /^test\/(built|browser|conformance|deploy|clients|docs|release|version|fuzz\/fuzz)/
const KEPT = process.env.KEPT ?? '.cache/who-reaches.json'

const typescriptOf = (folder) =>
  readdirSync(folder, { recursive: true })
    .map((path) => join(folder, path))
    .filter((path) => path.endsWith('.ts'))
const digest = (text) => createHash('sha1').update(text).digest('hex').slice(0, 16)

/** The files that each file imports, of its own project. */
function readImports() {
  return new Map(
    [...typescriptOf('src'), ...typescriptOf('test')].map((file) => {
      const found = readFileSync(file, 'utf8').matchAll(/(?:from|import\() ?'(\.[^']+)'/g)
      return [file, [...found].map(([, path]) => relative('.', resolve(dirname(file), path)))]
    }),
  )
}

/** How far away files are by imports: 1 is imported directly. */
function distancesFrom(test, imports) {
  const distances = new Map([[test, 0]])
  for (const [file, distance] of distances)
    for (const next of imports.get(file) ?? []) if (!distances.has(next)) distances.set(next, distance + 1)
  return distances
}

/** So many tests are asked for each file, and as many more twice where some of its tokens are reached by none of them. */
const NEAREST = 4
const ROUNDS = 3
/** Tests that start other processes take long: they come after others, as if they were so many steps further away. */
const STARTS_PROCESSES = /node:child_process|\.\.\/redis\.ts'|\/s3\.ts'/
const NEAR_STEPS = 3

/** The tests of a file: quick ones first, those that import it by the fewest steps, then those in a folder of the same name. */
function testsByNearness(file, distancesOf, slow) {
  const sharedFolders = (test) => {
    const [a, b] = [test.split('/').slice(1), file.split('/').slice(1)]
    return a.filter((name, i) => a.slice(0, i + 1).join('/') === b.slice(0, i + 1).join('/') && name !== '').length
  }
  const steps = ({ test, distance }) => distance + (slow.has(test) ? NEAR_STEPS : 0)
  return [...distancesOf]
    .filter(([, distances]) => distances.has(file))
    .map(([test, distances]) => ({ test, distance: distances.get(file), shared: sharedFolders(test) }))
    .sort((a, b) => steps(a) - steps(b) || b.shared - a.shared)
    .map(({ test }) => test)
}

/**
 * Runs the tests nearest to the files, each alone, over sources that write down which of their tokens are reached.
 * Gives, for each test file that passes: its time (ms), what it reaches, and how far its imports are from each of the files.
 * What was found is kept for the next time, by the text of the test and of the files that it may reach.
 * @param wanted by file, the tokens that are to be reached (by their index)
 * @param warm the warm Vitest (warm.mjs) in the folder `copy`
 * @param only the tests to ask; without it, those that are nearest
 */
export async function whoReaches(wanted, copy, warm, only) {
  const imports = readImports()
  const hitsFile = join(copy, 'hits.txt')
  const kept = existsSync(KEPT) ? JSON.parse(readFileSync(KEPT, 'utf8')) : {}
  const files = [...wanted.keys()]
  const texts = new Map(files.map((file) => [file, readFileSync(join(copy, file), 'utf8')]))
  const all = only ?? [...imports.keys()].filter((test) => test.endsWith('.test.ts') && !LEFT_OUT.test(test))
  const slow = new Set(all.filter((test) => STARTS_PROCESSES.test(readFileSync(test, 'utf8'))))
  const distancesOf = new Map(all.map((test) => [test, distancesFrom(test, imports)]))
  const nearOf = new Map(files.map((file) => [file, testsByNearness(file, distancesOf, slow)]))
  const found = new Map()
  for (const [file, text] of texts) warm.write(file, watched(text, tokensOf(text), file, hitsFile))
  for (let round = 0; round < ROUNDS; round++) {
    const isReached = (file, token) =>
      [...found.values()].some(({ hits }) => hits.has(`${file}:${token}`) || hits.has(`${file}:${token}!`))
    const open = files.filter((file) => wanted.get(file).some((token) => !isReached(file, token)))
    const tests = only ?? open.flatMap((file) => nearOf.get(file).slice(round * NEAREST, (round + 1) * NEAREST))
    for (const test of new Set(tests)) if (!found.has(test)) found.set(test, await ask(test))
  }
  for (const [file, text] of texts) warm.write(file, text)
  return [...found.values()].filter(({ ms }) => ms !== undefined)

  async function ask(test) {
    const distances = distancesOf.get(test)
    const reached = files.filter((file) => distances.has(file))
    const text = digest(readFileSync(test, 'utf8'))
    const isKnown =
      kept[test]?.text === text && reached.every((file) => kept[test].by[file]?.text === digest(texts.get(file)))
    if (!isKnown) {
      rmSync(hitsFile, { force: true })
      const results = await warm.run(test)
      const failed = results.get('unchanged')
      if (failed) {
        console.log(`left out, as it fails unchanged: ${test}: ${failed.slice(0, 200)}`)
        return { test, distances, hits: new Set() }
      }
      const by = Object.fromEntries(reached.map((file) => [file, { text: digest(texts.get(file)), tokens: [] }]))
      const hits = existsSync(hitsFile) ? new Set(readFileSync(hitsFile, 'utf8').trim().split('\n')) : []
      for (const hit of hits) by[hit.split(':')[0]]?.tokens.push(hit.split(':')[1])
      kept[test] = { text, ms: results.get('ms'), by: { ...(kept[test]?.text === text && kept[test].by), ...by } }
      mkdirSync('.cache', { recursive: true })
      writeFileSync(KEPT, JSON.stringify(kept))
    }
    const hits = reached.flatMap((file) => kept[test].by[file].tokens.map((token) => `${file}:${token}`))
    return { test, distances, ms: kept[test].ms, hits: new Set(hits) }
  }
}
