import type { Gaps } from '../serialization/gaps.ts'

/** An answer that lacks something because another service is away must not be kept by anyone. */
export function gapHeaders(gaps: Gaps): Record<string, string> {
  return gaps.areRetryable ? { 'cache-control': 'no-store' } : {}
}
