import { describe, expect, it } from 'vitest'
import { forgetLoaded, loadOncePer, memosOf, oncePer } from '../../../../src/siibra/retrieval/cache/once-per.ts'

interface Owner {
  made: number
  load?: (signal: AbortSignal) => Promise<string>
}

function makeTable(owner: Owner) {
  return { number: ++owner.made }
}

function makeNothing(owner: Owner) {
  owner.made++
}

function loadText(owner: Owner, signal: AbortSignal): Promise<string> {
  owner.made++
  return owner.load?.(signal) ?? Promise.resolve(`text ${owner.made}`)
}

describe('oncePer', () => {
  it('makes a value once for each owner, also where it is undefined', () => {
    const [a, b]: [Owner, Owner] = [{ made: 0 }, { made: 10 }]
    expect(oncePer(a, makeTable)).toBe(oncePer(a, makeTable))
    expect(oncePer(b, makeTable)).toEqual({ number: 11 })
    oncePer(b, makeNothing)
    oncePer(b, makeNothing)
    expect(b.made).toBe(12)
    expect(memosOf(a)).toEqual(['makeTable'])
    expect(memosOf(b)).toEqual(['makeNothing', 'makeTable'])
  })

  it('refuses a function without a name, which would be another key each time', () => {
    expect(() => oncePer({}, () => 1)).toThrow(TypeError)
  })

  it('keeps nothing of what throws', () => {
    let calls = 0
    function fail() {
      calls++
      throw new Error('no')
    }
    const owner = {}
    expect(() => oncePer(owner, fail)).toThrow('no')
    expect(() => oncePer(owner, fail)).toThrow('no')
    expect(calls).toBe(2)
  })
})

/** A load that waits until it is told to end, and hears whether its signal fired. */
function controlled() {
  let finish = (_text: string) => {}
  let seen: AbortSignal | undefined
  const load = (signal: AbortSignal) => {
    seen = signal
    return new Promise<string>((resolve, reject) => {
      finish = resolve
      signal.addEventListener('abort', () => reject(signal.reason))
    })
  }
  return { load, finish: (text: string) => finish(text), signal: () => seen }
}

describe('loadOncePer', () => {
  it('loads once for all who ask, and keeps it', async () => {
    const owner: Owner = { made: 0 }
    const [a, b] = await Promise.all([loadOncePer(owner, loadText), loadOncePer(owner, loadText)])
    expect([a, b, await loadOncePer(owner, loadText)]).toEqual(['text 1', 'text 1', 'text 1'])
    expect(memosOf(owner)).toEqual(['loadText'])
    forgetLoaded(owner, loadText)
    expect(await loadOncePer(owner, loadText)).toBe('text 2')
  })

  it('goes on for the second caller when the first one leaves', async () => {
    const { load, finish, signal } = controlled()
    const owner: Owner = { made: 0, load }
    const first = new AbortController()
    const leaving = loadOncePer(owner, loadText, { signal: first.signal })
    const staying = loadOncePer(owner, loadText, { signal: new AbortController().signal })
    first.abort()
    await expect(leaving).rejects.toMatchObject({ code: 'ABORTED' })
    expect(signal()?.aborted).toBe(false)
    finish('there')
    expect(await staying).toBe('there')
  })

  it('stops when all have left, and keeps nothing of it, though it came to an end', async () => {
    let seen: AbortSignal | undefined
    let finish = (_text: string) => {}
    const owner: Owner = {
      made: 0,
      load: (signal) => {
        seen = signal
        return new Promise((resolve) => {
          finish = resolve
        })
      },
    }
    const abort = new AbortController()
    const leaving = loadOncePer(owner, loadText, { signal: abort.signal })
    abort.abort()
    await expect(leaving).rejects.toMatchObject({ code: 'ABORTED' })
    expect(seen?.aborted).toBe(true)
    finish('half of it')
    await new Promise(setImmediate)
    expect(memosOf(owner)).toEqual([])
    delete owner.load
    expect(await loadOncePer(owner, loadText)).toBe('text 2')
  })

  it('forgets failures, and hands out what is not complete without keeping it', async () => {
    const owner: Owner = { made: 0, load: () => Promise.reject(new Error('away')) }
    await expect(loadOncePer(owner, loadText)).rejects.toThrow('away')
    delete owner.load
    const isComplete = (text: string) => text !== 'text 2'
    expect(await loadOncePer(owner, loadText, { isComplete })).toBe('text 2')
    expect(await loadOncePer(owner, loadText, { isComplete })).toBe('text 3')
    expect(await loadOncePer(owner, loadText, { isComplete })).toBe('text 3')
  })
})
