import type { Gaps, MapGap } from '../siibra/index.ts'
import { GAPS_HEADER, headerList, SOURCES_GAP } from '../tasks/answer/header-values.ts'

/** An answer that lacks something because another service is away says so, and must not be kept by anyone. */
export function gapHeaders(gaps: Gaps): Record<string, string> {
  return gaps.areRetryable ? { 'cache-control': 'no-store', [GAPS_HEADER]: SOURCES_GAP } : {}
}

/** For what could not be read of a map: the names of the regions that the answer lacks. */
export function mapGapHeaders(gaps: readonly MapGap[]): Record<string, string> {
  if (gaps.length === 0) return {}
  const regions = new Set(gaps.flatMap(({ regions, message }) => (regions.length > 0 ? regions : [message])))
  const isTemporary = gaps.some((gap) => gap.isTemporary)
  return { [GAPS_HEADER]: headerList(regions), ...(isTemporary ? { 'cache-control': 'no-store' } : {}) }
}
