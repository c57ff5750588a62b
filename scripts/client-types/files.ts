import type { OpenApi } from './document.ts'
import { pythonModels } from './python.ts'
import { pythonRoutes } from './python-routes.ts'
import { typescriptTypes } from './typescript.ts'

/** Every file of client types, from the root of the repository, and what writes it. */
export const CLIENT_TYPES: readonly { path: string; write: (document: OpenApi) => string }[] = [
  { path: 'clients/typescript/src/routes.ts', write: typescriptTypes },
  { path: 'clients/python/src/siibra_api_client/models.py', write: pythonModels },
  { path: 'clients/python/src/siibra_api_client/routes.py', write: pythonRoutes },
]
