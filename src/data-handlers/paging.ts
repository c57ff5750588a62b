import type { Page } from '../models/common.ts'
import type { PagingParams } from '../models/parameters/shared.ts'

/** One page of a listing; only its items are serialized. A page past the end is empty. */
export async function paginate<T, Item>(
  all: readonly T[],
  { page, size }: PagingParams,
  serialize: (object: T) => Item | Promise<Item>,
): Promise<Page<Item>> {
  const slice = all.slice((page - 1) * size, page * size)
  const items = await Promise.all(slice.map((object) => serialize(object)))
  return { items, total: all.length, page, size, pages: Math.ceil(all.length / size) }
}
