import { describe, expect, it } from 'vitest'
import { ancestors, depth, descendants, isWithin, leaves, path } from '../../../src/siibra/core/tree.ts'
import type { Region } from '../../../src/siibra/core/types.ts'
import { fakeParcellation } from '../maps/fake-atlas.ts'

const root = fakeParcellation({ cortex: { frontal: { a: {}, b: {} }, parietal: {} }, stem: {} })
const named = (name: string) => descendants(root).find((region) => region.name === name) as Region
const names = (regions: Region[]) => regions.map(({ name }) => name)

describe('the tree of regions', () => {
  it('is listed each region before its parts', () => {
    expect(names(descendants(root))).toEqual(['cortex', 'frontal', 'a', 'b', 'parietal', 'stem'])
    expect(descendants(named('stem'))).toEqual([])
  })

  it('ends in leaves', () => {
    expect(names(leaves(root))).toEqual(['a', 'b', 'parietal', 'stem'])
    expect(names(leaves(named('b')))).toEqual(['b'])
  })

  it('is climbed from the parent to the parcellation', () => {
    expect(names(ancestors(named('b')))).toEqual(['frontal', 'cortex', 'parcellation'])
    expect(names(path(named('b')))).toEqual(['parcellation', 'cortex', 'frontal', 'b'])
    expect([depth(root), depth(named('b'))]).toEqual([0, 3])
  })

  it('tells parts from wholes', () => {
    expect(isWithin(named('b'), named('cortex'))).toBe(true)
    expect(isWithin(named('b'), named('b'))).toBe(true)
    expect(isWithin(named('cortex'), named('b'))).toBe(false)
  })

  it('may be deeper than the stack', () => {
    const deep = fakeParcellation({})
    let last = deep
    for (let n = 0; n < 100_000; n++) {
      const child = { ...deep, children: [], parent: last } as Region
      last.children.push(child)
      last = child
    }
    expect(descendants(deep)).toHaveLength(100_000)
    expect(leaves(deep)).toEqual([last])
  })
})
