import { readFileSync } from 'node:fs'
import { createRetrieval, loadConfiguration } from '../../src/siibra/index.ts'

/** Paths and queries of all `curl` commands of a page. */
export function documentedRequests(page: string): string[] {
  const text = readFileSync(page, 'utf8')
  return [...text.matchAll(/^curl .*'http:\/\/127\.0\.0\.1:5000(\/[^']*)'/gm)].map(([, path]) => path!)
}

/** The example's configuration and mirror, as its page says to start the service. */
export function loadExample(folder: string) {
  const retrieval = createRetrieval({ mirror: `${folder}/mirror`, offline: true })
  return loadConfiguration({ configuration: `${folder}/configuration`, retrieval })
}
