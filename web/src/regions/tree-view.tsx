import { computed, signal, useSignalEffect } from '@preact/signals'
import { useEffect, useRef } from 'preact/hooks'
import { address } from '../state/address.ts'
import { regions } from '../state/atlas.ts'
import { chooseRegion } from '../state/shown.ts'
import { buildTree, pathTo, type RegionNode } from './tree.ts'

/** The tree of the regions that are listed. */
export const tree = computed(() => buildTree(regions.value))

/** Names of regions whose parts are shown. */
const opened = signal<ReadonlySet<string>>(new Set())

function setOpen(names: readonly string[], isOpen: boolean) {
  const next = new Set(opened.peek())
  for (const name of names) {
    if (isOpen) next.add(name)
    else next.delete(name)
  }
  opened.value = next
}

/** Rows that can be seen, from above. */
const rows = computed(() => {
  const visible: RegionNode[] = []
  const add = (nodes: readonly RegionNode[]) => {
    for (const node of nodes) {
      visible.push(node)
      if (opened.value.has(node.region.name)) add(node.children)
    }
  }
  add(tree.value.roots)
  return visible
})

/** The tree of regions, by the keys of a tree: arrows, Home, End, Enter. */
export function RegionTree() {
  const list = useRef<HTMLDivElement>(null)
  const chosen = address.region.value
  // at once, so that what somebody closes right after it stays closed
  useSignalEffect(() => {
    const node = tree.value.byName.get(address.region.value ?? '')
    if (!node) return
    const parents = pathTo(node).slice(0, -1)
    setOpen(
      parents.map(({ region }) => region.name),
      true,
    )
  })
  useEffect(() => {
    list.current?.querySelector('[aria-selected=true]')?.scrollIntoView({ block: 'nearest' })
  }, [chosen, tree.value])
  const focused = rows.value.some(({ region }) => region.name === chosen) ? chosen : rows.value[0]?.region.name
  return (
    <div role="tree" aria-label="Tree of regions" ref={list}>
      {rows.value.map((node) => (
        <Row key={node.region['@id']} node={node} isFocusable={node.region.name === focused} list={list.current} />
      ))}
    </div>
  )
}

interface RowProps {
  node: RegionNode
  isFocusable: boolean
  list: HTMLDivElement | null
}

function Row({ node, isFocusable, list }: RowProps) {
  const { name } = node.region
  const isOpen = opened.value.has(name)
  const hasParts = node.children.length > 0
  const choose = () => chooseRegion(name)
  const onKeyDown = (event: KeyboardEvent) => {
    const items = [...(list?.querySelectorAll<HTMLElement>('[role=treeitem]') ?? [])]
    const at = items.indexOf(event.currentTarget as HTMLElement)
    const focus = (to: number) => items[Math.min(Math.max(to, 0), items.length - 1)]?.focus()
    if (event.key === 'ArrowDown') focus(at + 1)
    else if (event.key === 'ArrowUp') focus(at - 1)
    else if (event.key === 'Home') focus(0)
    else if (event.key === 'End') focus(items.length - 1)
    else if (event.key === 'ArrowRight' && hasParts && !isOpen) setOpen([name], true)
    else if (event.key === 'ArrowRight' && hasParts) focus(at + 1)
    else if (event.key === 'ArrowLeft' && isOpen) setOpen([name], false)
    else if (event.key === 'ArrowLeft' && node.parent)
      items.find((item) => item.dataset.name === node.parent?.region.name)?.focus()
    else if (event.key === 'Enter' || event.key === ' ') choose()
    else return
    event.preventDefault()
    event.stopPropagation()
  }
  return (
    <div
      role="treeitem"
      data-name={name}
      aria-level={node.depth + 1}
      aria-selected={address.region.value === name}
      {...(hasParts ? { 'aria-expanded': isOpen } : {})}
      tabIndex={isFocusable ? 0 : -1}
      style={{ paddingInlineStart: `${node.depth * 0.9 + 0.3}rem` }}
      onKeyDown={onKeyDown}
      onClick={choose}
    >
      <span
        class="fold"
        aria-hidden="true"
        onClick={(event) => {
          event.stopPropagation()
          setOpen([name], !isOpen)
        }}
      >
        {hasParts ? (isOpen ? '▾' : '▸') : ''}
      </span>
      <i class="dot" style={{ background: node.colour ?? 'transparent' }} />
      {name}
    </div>
  )
}
