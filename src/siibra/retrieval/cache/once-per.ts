/**
 * What is derived from an object (a core, a parcellation, a retrieval) is made once and lives as long as the object.
 * All such memos of the house go through here, so that they follow one set of rules and can be looked at.
 */
import { createSingleFlight, type SingleFlight } from './single-flight.ts'

/** What was made by each function, per owner. Functions of modules are few and live as long as the process. */
const MADE = new Map<Make, WeakMap<object, unknown>>()

type Make = (owner: never) => unknown

/**
 * The value of `make(owner)`, made on the first call for this owner.
 * `make` itself is the key, so it has to be a function of a module (a closure is another key each time, and refused
 * where that shows). What it throws is not kept.
 * @example const entries = oncePer(parcellation, indexRegions)
 */
export function oncePer<Owner extends object, T>(owner: Owner, make: (owner: Owner) => T): T {
  let values = MADE.get(make)
  if (!values) {
    if (make.name === '') throw new TypeError('oncePer needs a named function of a module: it is the key of the memo')
    values = new WeakMap()
    MADE.set(make, values)
  }
  if (values.has(owner)) return values.get(owner) as T
  const value = make(owner)
  values.set(owner, value)
  return value
}

/** Loads the one value of an owner; the signal fires when nobody waits for it any more. */
export type LoadOf<Owner, T> = (owner: Owner, signal: AbortSignal) => Promise<T>

export interface LoadOncePerOptions<T> {
  /** The caller's: it leaves the load when this fires. The load goes on as long as there is one who waits. */
  signal?: AbortSignal | undefined
  /** Whether a value is to be kept; one that lacks something for a passing reason is handed out, and loaded anew. */
  isComplete?: (value: T) => boolean
}

interface Slot {
  flight: SingleFlight<unknown>
  kept: { value: unknown } | undefined
}

const LOADED = new Map<LoadOf<never, unknown>, WeakMap<object, Slot>>()

/**
 * The value that `load` gives for this owner, loaded once for all who ask meanwhile, then kept.
 * Failures, what came of an aborted load and what is not complete are forgotten. The key is `load`, as in `oncePer`;
 * for many values of one owner, see `createByteBoundedCache`.
 */
export async function loadOncePer<Owner extends object, T>(
  owner: Owner,
  load: LoadOf<Owner, T>,
  { signal, isComplete = () => true }: LoadOncePerOptions<T> = {},
): Promise<T> {
  const slot = slotOf(owner, load)
  if (slot.kept) return slot.kept.value as T
  const loadAndKeep = async (shared: AbortSignal) => {
    const value = await load(owner, shared)
    if (!shared.aborted && isComplete(value)) slot.kept = { value }
    return value
  }
  return slot.flight.run('', loadAndKeep, signal) as Promise<T>
}

/** Lets go of what was kept: the next who asks loads it again. */
export function forgetLoaded<Owner extends object, T>(owner: Owner, load: LoadOf<Owner, T>): void {
  LOADED.get(load as LoadOf<never, unknown>)?.delete(owner)
}

/** Names of all that is kept of an object, for tests and for those who look where memory goes. */
export function memosOf(owner: object): string[] {
  const made = [...MADE].filter(([, values]) => values.has(owner)).map(([make]) => make.name)
  const loaded = [...LOADED].filter(([, slots]) => slots.get(owner)?.kept).map(([load]) => load.name)
  return [...made, ...loaded].sort()
}

function slotOf<Owner extends object, T>(owner: Owner, load: LoadOf<Owner, T>): Slot {
  let slots = LOADED.get(load as LoadOf<never, unknown>)
  if (!slots) {
    if (load.name === '') throw new TypeError('loadOncePer needs a named function of a module: it is the key')
    slots = new WeakMap()
    LOADED.set(load as LoadOf<never, unknown>, slots)
  }
  let slot = slots.get(owner)
  if (!slot) {
    slot = { flight: createSingleFlight(), kept: undefined }
    slots.set(owner, slot)
  }
  return slot
}
