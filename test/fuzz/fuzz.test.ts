/** Some broken files of every kind, and all that once failed. Many: `npm run fuzz`. */
import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { READERS } from './readers.ts'
import { type Batch, runCases } from './watch.ts'

const CASES = 40

test('a broken file of any kind is answered or refused with a tagged error, in bounded time and memory', async () => {
  const results = await runCases(READERS.map(({ name }) => ({ reader: name, from: 1, count: CASES })))
  expect([...results].filter(([, { problems }]) => problems.length > 0)).toEqual([])
  for (const [name, { tried }] of results) expect([name, tried]).toEqual([name, CASES])
})

test('what once failed does not any more', async () => {
  const corpus = JSON.parse(readFileSync(new URL('./corpus.json', import.meta.url), 'utf8')) as {
    reader: string
    seed: number
  }[]
  for (const batch of corpus.map(({ reader, seed }): Batch => ({ reader, from: seed, count: 1 }))) {
    const results = await runCases([batch])
    expect([batch, results.get(batch.reader)?.problems]).toEqual([batch, []])
  }
})
