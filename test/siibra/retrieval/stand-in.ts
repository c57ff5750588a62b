import type { Retrieval } from '../../../src/siibra/retrieval/retrieval.ts'

/** Retrieval that knows these ways to read; what is asked in any other fails the test. Its answers need not have the types of the real ones. */
export function standInRetrieval(parts: { [name in keyof Retrieval]?: unknown }): Retrieval {
  const notAsked = (...asked: unknown[]) => Promise.reject(new Error(`A stand-in was asked for ${asked[0]}`))
  return {
    store: { get: notAsked },
    bytes: notAsked,
    range: notAsked,
    json: notAsked,
    postJson: notAsked,
    zipMember: notAsked,
    close: async () => {},
    ...parts,
  } as unknown as Retrieval
}
