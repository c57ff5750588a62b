import { SiibraError } from '../../../siibra/index.ts'

/** What answers tell of features only where it is asked for: listings go without both, volumes of interest without anchors. */
export const INCLUDABLE = ['anchor', 'data'] as const
export type Includable = (typeof INCLUDABLE)[number]

const isIncludable = (text: string): text is Includable => (INCLUDABLE as readonly string[]).includes(text)

/** The parts that `include` names, between commas. Throws INVALID_PARAMETER for others. */
export function parseInclude(text: string | undefined): ReadonlySet<Includable> {
  const names = (text ?? '').split(',').map((name) => name.trim())
  const included = new Set<Includable>()
  for (const name of names.filter((one) => one !== '')) {
    if (!isIncludable(name)) {
      const message = `include: ${JSON.stringify(name.slice(0, 200))} is none of ${INCLUDABLE.join(', ')}`
      throw new SiibraError('INVALID_PARAMETER', message, { parameter: 'include', allowed: [...INCLUDABLE] })
    }
    included.add(name)
  }
  return included
}
