import { useEffect, useState } from 'preact/hooks'

/** Something that is loaded: under way, there, or not to be had (in words). */
export type Loaded<T> = { state: 'loading' } | { state: 'there'; value: T } | { state: 'failed'; message: string }

/** Loads something whenever `key` changes; what is under way for an earlier key is ended. Nothing is loaded for an empty key. */
export function useLoaded<T>(key: string, load: (signal: AbortSignal) => Promise<T>): Loaded<T> {
  const [loaded, setLoaded] = useState<{ key: string; result: Loaded<T> }>()
  useEffect(() => {
    if (key === '') return
    const controller = new AbortController()
    load(controller.signal)
      .then((value) => setLoaded({ key, result: { state: 'there', value } }))
      .catch((thrown: Error) => {
        if (thrown.name !== 'AbortError') setLoaded({ key, result: { state: 'failed', message: thrown.message } })
      })
    return () => controller.abort()
  }, [key])
  return loaded?.key === key ? loaded.result : { state: 'loading' }
}
