import { readFileSync } from 'node:fs'
import { createRetrieval, loadConfiguration } from '../../src/siibra/index.ts'

/** Paths and queries of all `curl` commands of a page. */
export function documentedRequests(page: string): string[] {
  const text = readFileSync(page, 'utf8')
  return [...text.matchAll(/^curl .*'http:\/\/127\.0\.0\.1:5000(\/[^']*)'/gm)].map(([, path]) => path!)
}

/** Settings of a service over the example in a folder, as its page says to start it. */
export function exampleSettings(folder: string) {
  return { configuration: `${folder}/configuration`, mirror: `${folder}/mirror` }
}

export function loadExample(folder: string) {
  const { configuration, mirror } = exampleSettings(folder)
  return loadConfiguration({ configuration, retrieval: createRetrieval({ mirror, offline: true }) })
}
