/** Sources of data that can be switched off: whatever is read of them then is UPSTREAM_UNAVAILABLE, or another error. */
import { type AtlasCore, SiibraError } from '../src/siibra/index.ts'

export interface SwitchedSources {
  /** What reading throws; undefined: they are there. */
  failure: SiibraError | undefined
  /** Those that are away, by what stands in their URLs; an empty text is all of them. */
  concerned: string
  /** Puts the switch into a core of the test's own: all that it reads comes through its one store. */
  withCore(core: AtlasCore): AtlasCore
}

export const AWAY = new SiibraError('UPSTREAM_UNAVAILABLE', 'The source is away')

export function createSwitchedSources(): SwitchedSources {
  const switched =
    <A extends unknown[], R>(read: (url: string, ...more: A) => Promise<R>) =>
    async (url: string, ...more: A): Promise<R> => {
      if (sources.failure && url.includes(sources.concerned)) throw sources.failure
      return read(url, ...more)
    }
  const sources: SwitchedSources = {
    failure: undefined,
    concerned: '',
    withCore(core) {
      const { store } = core.retrieval
      store.get = switched(store.get)
      if (store.getRange) store.getRange = switched(store.getRange)
      return core
    },
  }
  return sources
}
