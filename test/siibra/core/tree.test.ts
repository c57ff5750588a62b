import { describe, expect, it } from 'vitest'
import { isMappedIn } from '../../../src/siibra/core/supported-spaces.ts'
import {
  ancestorAtDepth,
  ancestors,
  depth,
  descendants,
  isWithin,
  leaves,
  path,
  siblings,
  subtreeUpwards,
} from '../../../src/siibra/core/tree.ts'
import type { ParcellationMap, Region, Space } from '../../../src/siibra/core/types.ts'
import { fakeParcellation } from '../maps/fake-atlas.ts'

const root = fakeParcellation({ cortex: { frontal: { a: {}, b: {} }, parietal: {} }, stem: {} })
const named = (name: string) => descendants(root).find((region) => region.name === name) as Region
const names = (regions: Region[]) => regions.map(({ name }) => name)

describe('the tree of regions', () => {
  it('is listed each region before its parts', () => {
    expect(names(descendants(root))).toEqual(['cortex', 'frontal', 'a', 'b', 'parietal', 'stem'])
    expect(descendants(named('stem'))).toEqual([])
  })

  it('is listed each region behind its parts', () => {
    expect(names(subtreeUpwards(root))).toEqual(['a', 'b', 'frontal', 'parietal', 'cortex', 'stem', 'parcellation'])
  })

  it('has levels and siblings', () => {
    expect(ancestorAtDepth(named('b'), 1)).toBe(named('cortex'))
    expect(ancestorAtDepth(named('b'), 0)).toBe(root)
    expect(ancestorAtDepth(named('stem'), 5)).toBe(named('stem'))
    expect(names(siblings(named('b')))).toEqual(['a'])
    expect(siblings(root)).toEqual([])
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
    expect(subtreeUpwards(deep)[0]).toBe(last)
    const space = { id: 'space' } as Space
    last.name = 'drawn'
    const map = { parcellation: deep, space, indices: new Map([['drawn', []]]) } as unknown as ParcellationMap
    expect(isMappedIn({ spaces: { all: [space] }, maps: { all: [map] } }, deep, space)).toBe(true)
  })
})
