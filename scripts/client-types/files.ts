import type { OpenApi } from './document.ts'
import { typescriptTypes } from './typescript.ts'

/** Every file of client types, from the root of the repository, and what writes it. */
export const CLIENT_TYPES: readonly { path: string; write: (document: OpenApi) => string }[] = [
  { path: 'clients/typescript/src/routes.ts', write: typescriptTypes },
]
