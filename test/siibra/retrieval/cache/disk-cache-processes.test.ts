import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createDiskCache } from '../../../../src/siibra/retrieval/cache/disk-cache.ts'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'cache-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))
const open = () => createDiskCache({ folder, maxBytes: 1e9 })

describe('disk cache of several processes', () => {
  const children: ChildProcess[] = []
  afterEach(async () => {
    for (const child of children.splice(0)) {
      if (child.exitCode === null && child.signalCode === null) {
        child.kill('SIGKILL')
        await once(child, 'exit')
      }
    }
  })

  async function startWriter(keys: number): Promise<ChildProcess> {
    const script = join(import.meta.dirname, 'disk-cache-writer.ts')
    const child = spawn(process.execPath, ['--import', 'tsx', script, folder, String(keys)], {
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    children.push(child)
    await once(child.stdout!, 'data')
    return child
  }

  /** What a reader may see of an entry: nothing, or 300,000 times one byte. */
  const isWhole = (bytes: Uint8Array) => bytes.length === 300_000 && bytes.every((byte) => byte === bytes[0])

  it('never shows a torn entry while others write the same keys and are killed at it', async () => {
    const writers = await Promise.all([startWriter(3), startWriter(3)])
    const cache = open()
    let seen = 0
    for (let round = 0; round < 60; round++) {
      if (round === 30) writers[0]!.kill('SIGKILL')
      if (round === 50) writers[1]!.kill('SIGKILL')
      for (let key = 0; key < 3; key++) {
        const entry = await cache.read(`key ${key}`)
        if (!entry) continue
        seen++
        expect(isWhole(entry.bytes)).toBe(true)
      }
    }
    expect(seen).toBeGreaterThan(100)
    await cache.write('key 0', new Uint8Array([1, 2, 3]))
    expect((await open().read('key 0'))!.bytes).toEqual(new Uint8Array([1, 2, 3]))
  })
})
