/**
 * Writes the types of the clients from the OpenAPI document: `npm run client:types`. They are committed;
 * test/server/surface.test.ts fails where they are not those of the route table (its snapshots: `-u` writes them, too).
 */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { openApiDocument } from '../src/server/pages/openapi.ts'
import { routeTable } from '../src/server/routes/table.ts'
import type { OpenApi } from './client-types/document.ts'
import { CLIENT_TYPES } from './client-types/files.ts'

const document = openApiDocument(routeTable, 'v3_0', { apiVersion: '' }) as unknown as OpenApi
for (const { path, write } of CLIENT_TYPES) {
  writeFileSync(join(import.meta.dirname, '..', path), write(document))
  console.log(path)
}
