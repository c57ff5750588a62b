import type { Retrieval } from '../retrieval.ts'
import { required } from '../upstream-errors.ts'
import { encodePath } from './github-repository.ts'
import { type ListOptions, type Repository, selectPaths } from './repository.ts'

/** A container of the EBRAINS data proxy (https://data-proxy.ebrains.eu/api/docs). */
export interface Bucket {
  /** Name of the bucket, or id of the data set. */
  name: string
  /** Default `buckets`. Data sets other than public ones need a token, which this service has not. */
  kind?: 'buckets' | 'datasets' | 'public/buckets' | 'public/datasets'
}

interface Listing {
  objects: { name: string }[]
}

const BASE = 'https://data-proxy.ebrains.eu/api/v1'
const PER_PAGE = 100

export function bucketFileUrl({ name, kind = 'buckets' }: Bucket, path: string): string {
  return `${BASE}/${kind}/${name}/${encodePath(path)}`
}

export function bucketListUrl({ name, kind = 'buckets' }: Bucket, prefix = '', marker?: string): string {
  const query = [
    `limit=${PER_PAGE}`,
    ...(marker === undefined ? [] : [`marker=${encodeURIComponent(marker)}`]),
    ...(prefix === '' ? [] : [`prefix=${encodeURIComponent(prefix)}`]),
  ]
  return `${BASE}/${kind}/${name}?${query.join('&')}`
}

/** Files of a bucket, listed page by page (the name of the last file of a page is the marker of the next). */
export function createBucketRepository(bucket: Bucket, retrieval: Retrieval): Repository {
  return {
    name: `${BASE}/${bucket.kind ?? 'buckets'}/${bucket.name}`,
    async list(folder = '', options: ListOptions = {}) {
      const names: string[] = []
      for (let marker: string | undefined; ; ) {
        const url = bucketListUrl(bucket, folder, marker)
        const { objects } = required(await retrieval.json<Listing>(url, { signal: options.signal }), url)
        names.push(...objects.map(({ name }) => name))
        const last = objects.at(-1)?.name
        if (objects.length < PER_PAGE || last === marker) return selectPaths(names, folder, options)
        marker = last
      }
    },
    read: (path, read) => retrieval.bytes(bucketFileUrl(bucket, path), read),
  }
}
