/** Some broken files of every kind, and all that once failed. Many: `npm run fuzz`. */
import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { READERS } from './readers.ts'
import { runCases } from './watch.ts'

const CASES = 40

const corpus: readonly { reader: string; seed: number }[] = JSON.parse(
  readFileSync(new URL('./corpus.json', import.meta.url), 'utf8'),
)

test('a broken file of any kind is answered or refused with a tagged error, in bounded time and memory, and so is what once failed', async () => {
  const results = await runCases([
    ...READERS.map(({ name }) => ({ reader: name, from: 1, count: CASES })),
    ...corpus.map(({ reader, seed }) => ({ reader, from: seed, count: 1 })),
  ])
  expect([...results].filter(([, { problems }]) => problems.length > 0)).toEqual([])
  for (const [name, { tried }] of results)
    expect([name, tried]).toEqual([name, CASES + corpus.filter(({ reader }) => reader === name).length])
})
