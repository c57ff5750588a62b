import { readFileSync } from 'node:fs'
import { createRetrieval, loadConfiguration } from '../../src/siibra/index.ts'

/** Paths and queries of all `curl` commands of a page; variables that the page exports are filled in. */
export function documentedRequests(page: string): string[] {
  const text = readFileSync(page, 'utf8')
  const exports = [...text.matchAll(/^export (.*)$/gm)].flatMap(([, line]) => [...line!.matchAll(/(\w+)=(\S+)/g)])
  const variables = new Map(exports.map(([, name, value]) => [name!, value!]))
  const urls = [...text.matchAll(/^curl [^'"\n]*(?:-H '[^']*' )?(?:'(http[^']*)'|"([^"]*)")/gm)].map(
    ([, single, double]) => single ?? double!.replace(/\$(\w+)/g, (_, name) => variables.get(name) ?? ''),
  )
  return urls.map((url) => url.replace('http://127.0.0.1:5000', ''))
}

/** Settings of a service over the example in a folder, as its page says to start it. */
export function exampleSettings(folder: string) {
  return { configuration: `${folder}/configuration`, mirror: `${folder}/mirror` }
}

export function loadExample(folder: string) {
  const { configuration, mirror } = exampleSettings(folder)
  return loadConfiguration({ configuration, retrieval: createRetrieval({ mirror, offline: true }) })
}
