import type { Gaps, MapGap } from '../siibra/index.ts'
import { headerList } from '../tasks/answer/header-values.ts'

/** Names what is missing in an answer; where it may come back, the answer is not to be kept by anyone. */
const GAPS_HEADER = 'x-siibra-gaps'

/** An answer that lacks something because another service is away says so, and must not be kept by anyone. */
export function gapHeaders(gaps: Gaps): Record<string, string> {
  return gaps.areRetryable ? { 'cache-control': 'no-store', [GAPS_HEADER]: 'sources' } : {}
}

/** For what could not be read of a map: the names of the regions that the answer lacks. */
export function mapGapHeaders(gaps: readonly MapGap[]): Record<string, string> {
  if (gaps.length === 0) return {}
  const regions = new Set(gaps.flatMap(({ regions, message }) => (regions.length > 0 ? regions : [message])))
  const isTemporary = gaps.some((gap) => gap.isTemporary)
  return { [GAPS_HEADER]: headerList(regions), ...(isTemporary ? { 'cache-control': 'no-store' } : {}) }
}
