import { effect, signal } from '@preact/signals'

/** What is shown, as the address of the page says it; every view has an address that can be shared. */
const FIELDS = [
  'atlas',
  'space',
  'parcellation',
  'region',
  'point',
  'sigma',
  'feature',
  'layer',
  'view',
  'pane',
] as const
type Field = (typeof FIELDS)[number]

const read = (field: Field) => new URLSearchParams(location.search).get(field) ?? ''

/**
 * Ids and names; empty where nothing is chosen.
 * `point` is `x,y,z` in mm, `layer` is `labels` where the probabilities of
 * the region are not wanted, `view` which planes, `pane` what the panel shows. */
export const address = Object.fromEntries(FIELDS.map((field) => [field, signal(read(field))])) as Record<
  Field,
  ReturnType<typeof signal<string>>
>

/** Steps that the back button goes through; moving a point is none. */
const STEPS: ReadonlySet<Field> = new Set(['atlas', 'space', 'parcellation', 'region', 'feature', 'pane'])
let known = FIELDS.map((field) => address[field].value)

export function followAddress(): void {
  addEventListener('popstate', () => {
    for (const field of FIELDS) address[field].value = read(field)
  })
  effect(() => {
    const values = FIELDS.map((field) => address[field].value)
    const changed = FIELDS.filter((_, at) => values[at] !== known[at])
    const before = known
    known = values
    if (changed.length === 0) return
    const query = new URLSearchParams()
    for (const [at, field] of FIELDS.entries()) if (values[at]) query.set(field, values[at])
    const text = query.toString()
    const url = location.pathname + (text ? `?${text}` : '')
    if (url === location.pathname + location.search) return
    const isStep = changed.some((field) => STEPS.has(field) && before[FIELDS.indexOf(field)] !== '')
    history[isStep ? 'pushState' : 'replaceState'](null, '', url)
  })
}
