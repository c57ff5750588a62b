import { existsSync, mkdtempSync, rmSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { type Lease, takeLease } from '../../../../src/siibra/retrieval/cache/leases.ts'

let folder: string
const held: Lease[] = []

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'leases-'))
})
afterEach(() => {
  for (const lease of held.splice(0)) lease.release()
  rmSync(folder, { recursive: true, force: true })
})

const take = (name: string, expiresAfterMs?: number) => {
  const lease = takeLease(join(folder, name), { expiresAfterMs })
  if (lease !== 'held') held.push(lease)
  return lease
}

test('one alone has it, until it is given back', () => {
  const first = take('ab/index') as Lease
  expect(first.isInherited).toBe(false)
  expect(take('ab/index')).toBe('held')
  expect(take('ab/other')).not.toBe('held')
  first.release()
  expect(take('ab/index')).toMatchObject({ isInherited: false })
  // once more does not take it from the next one
  first.release()
  expect(take('ab/index')).toBe('held')
})

test('who died is followed by one', () => {
  const file = join(folder, 'index.lease')
  writeFileSync(file, '')
  expect(take('index')).toBe('held')
  for (const seconds of [-60, 3600]) {
    utimesSync(file, new Date(Date.now() + seconds * 1000), new Date(Date.now() + seconds * 1000))
    const [heir, ...others] = [take('index'), take('index'), take('index')]
    expect(heir).toMatchObject({ isInherited: true })
    expect(others).toEqual(['held', 'held'])
  }
})

test('it is renewed while it is held', async () => {
  take('index', 200)
  await delay(500)
  expect(take('index', 200)).toBe('held')
  for (const lease of held) lease.release()
  expect(existsSync(join(folder, 'index.lease'))).toBe(false)
})

test('folders are made for it, and those above them', () => {
  expect(take('of/ours/index')).toMatchObject({ isInherited: false })
  expect(take('of/ours/index')).toBe('held')
})

test('one that is gone as it is looked at was not abandoned', () => {
  // it is there, and leads to nothing
  symlinkSync('nowhere', join(folder, 'index.lease'))
  expect(take('index')).toBe('held')
})

test('one that cannot be moved away is not taken over', () => {
  // the name that it would have there is longer than names may be
  const name = 'x'.repeat(245)
  const file = join(folder, `${name}.lease`)
  writeFileSync(file, '')
  utimesSync(file, 1000, 1000)
  expect(take(name)).toBe('held')
})

test('where nothing can be written, everybody goes on', () => {
  writeFileSync(join(folder, 'file'), '')
  expect(take('file/index')).toMatchObject({ isInherited: false })
  expect(take('file/index')).toMatchObject({ isInherited: false })
})
