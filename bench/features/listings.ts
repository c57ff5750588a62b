/** Every listing of features: of each parcellation its top regions, its whole, and regions spread over its tree; of each type. */
import { ask, askAll, timed } from './ask.ts'

interface Identified {
  '@id': string
  name: string
}
interface Atlas extends Identified {
  parcellations: Identified[]
  spaces: Identified[]
}
interface Region extends Identified {
  hasParent: unknown
}
interface FeatureType {
  name: string
  path: string | null
}

export interface Listing {
  type: string
  of: string
  path: string
}

/** One request per type that has a listing, for a region of a parcellation. */
export function listingsOf(
  types: readonly FeatureType[],
  where: { parcellation: string; space: string; region: string },
): Listing[] {
  const value = encodeURIComponent
  const parcellation = `parcellation_id=${value(where.parcellation)}`
  const inRegion = `${parcellation}&region_id=${value(where.region)}`
  return types.flatMap(({ name, path }) => {
    const type = name.split('.').at(-1) as string
    const category = path?.split('/').at(-1)
    if (category === undefined || category === 'GeneExpressions') return []
    const query =
      category === 'Image'
        ? `space_id=${value(where.space)}&${inRegion}`
        : category === 'RegionalConnectivity'
          ? parcellation
          : inRegion
    const of = `${where.region} of ${where.parcellation}`
    return [{ type, of, path: `/feature/${category}?type=${type}&${query}&page=1&size=50` }]
  })
}

export const featureTypes = (base: string) => askAll<FeatureType>(`${base}/feature/_types`)

/** Listings of every parcellation, each of some of its regions; whole trees first, as they cost most. */
export async function allListings(base: string, regionsPerParcellation: number): Promise<Listing[]> {
  const types = await featureTypes(base)
  const listings: Listing[] = []
  for (const { parcellations, spaces } of await askAll<Atlas>(`${base}/atlases`)) {
    for (const { '@id': parcellation } of parcellations) {
      const { name } = await ask<Identified>(`${base}/parcellations/${encodeURIComponent(parcellation)}`)
      const regions = await askAll<Region>(`${base}/regions?parcellation_id=${encodeURIComponent(parcellation)}`)
      const names = new Set(regions.map((region) => region.name))
      const tops = regions.filter(({ hasParent }) => !hasParent).slice(0, 2)
      const spread = Array.from(
        { length: Math.min(regionsPerParcellation, regions.length) },
        (_, i) => regions[Math.floor(((i + 0.5) * regions.length) / regionsPerParcellation)] as Region,
      )
      const chosen = new Set([...(names.has(name) ? [name] : []), ...[...tops, ...spread].map((region) => region.name)])
      const space = spaces[0]?.['@id'] ?? ''
      for (const region of chosen) listings.push(...listingsOf(types, { parcellation, space, region }))
    }
  }
  return listings
}

export interface ListingTime extends Listing {
  firstMs: number
  againMs: number
}

/** Each listing twice in a row: what it needs may have to be read the first time, never the second. */
export async function timeListings(base: string, listings: readonly Listing[]): Promise<ListingTime[]> {
  const times: ListingTime[] = []
  for (const listing of listings) {
    const first = await timed(base + listing.path)
    if (first.status !== 200) throw new Error(`${listing.path}: ${first.status} ${JSON.stringify(first.body)}`)
    times.push({ ...listing, firstMs: first.ms, againMs: (await timed(base + listing.path)).ms })
  }
  return times
}
