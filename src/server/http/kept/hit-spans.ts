import { parseTraceparent, type Tracing } from '../../../platform/tracing.ts'
import type { HotPathOptions } from './hot-path.ts'

/** Makes spans of answers that were sent at once; without tracing it is `onAnswer` itself, so that nothing is asked for each answer. */
export function withSpans(
  onAnswer: HotPathOptions['onAnswer'],
  { serve }: Pick<Tracing, 'serve'> = {},
): HotPathOptions['onAnswer'] {
  if (serve === undefined) return onAnswer
  return (answer) => {
    onAnswer(answer)
    const { message, route, id, status, ms } = answer
    const traceparent = parseTraceparent(message.headers.traceparent)
    serve({ method: 'GET', route: route.path, id, traceparent, beganMsAgo: ms }).end(status, 'hit')
  }
}
