import { useId, useState } from 'preact/hooks'
import { regions } from '../state/atlas.ts'
import { chooseRegion } from '../state/shown.ts'
import { fuzzyFind } from './fuzzy.ts'
import { tree } from './tree-view.tsx'

/** Finds regions while somebody types; arrows and Enter choose. */
export function RegionSearch() {
  const listId = useId()
  const [query, setQuery] = useState('')
  const [active, setActive] = useState(0)
  const hits = query.trim() ? fuzzyFind(query, regions.value, ({ name }) => name, 12) : []
  const choose = (name: string) => {
    chooseRegion(name)
    setQuery('')
  }
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === 'ArrowDown') setActive(Math.min(active + 1, hits.length - 1))
    else if (event.key === 'ArrowUp') setActive(Math.max(active - 1, 0))
    else if (event.key === 'Escape') setQuery('')
    else if (event.key === 'Enter' && hits[active]) choose(hits[active].item.name)
    else return
    event.preventDefault()
  }
  // Apart, since the types of inputs want a `list` beside this role.
  const combobox: object = {
    role: 'combobox',
    'aria-expanded': hits.length > 0,
    'aria-controls': listId,
    'aria-autocomplete': 'list',
    'aria-activedescendant': hits.length > 0 ? `${listId}-${active}` : undefined,
  }
  return (
    <div class="search">
      <input
        type="search"
        {...combobox}
        aria-label="Find a region"
        placeholder="Find a region …"
        value={query}
        onInput={(event) => {
          setQuery(event.currentTarget.value)
          setActive(0)
        }}
        onKeyDown={onKeyDown}
      />
      <div id={listId} role="listbox" aria-label="Regions found" hidden={hits.length === 0}>
        {hits.map(({ item }, at) => (
          // biome-ignore lint/a11y/useKeyWithClickEvents: keys are handled by the combobox
          <div
            key={item.name}
            id={`${listId}-${at}`}
            role="option"
            tabIndex={-1}
            aria-selected={at === active}
            onClick={() => choose(item.name)}
          >
            <i class="dot" style={{ background: tree.value.byName.get(item.name)?.colour ?? 'transparent' }} />
            {item.name}
          </div>
        ))}
      </div>
      <p class={query.trim() && hits.length === 0 ? 'hint' : 'sr-only'} role="status">
        {!query.trim() ? '' : hits.length === 0 ? 'No region has these letters in its name.' : `${hits.length} regions`}
      </p>
    </div>
  )
}
