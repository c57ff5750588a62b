import { regions } from '../state/atlas.ts'

/** Names however their signs and case are written. */
const fold = (name: string) =>
  name
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}]+/gu, ' ')
    .trim()

/** Values by the names that the parcellation has; those that it does not know are listed. */
export function matchRegions(pairs: Iterable<readonly [string, number]>): {
  values: Map<string, number>
  unknown: string[]
} {
  const known = new Map(
    regions.value.flatMap(({ name, '@id': id }) => [[fold(name), name] as const, [fold(id), name] as const]),
  )
  const values = new Map<string, number>()
  const unknown: string[] = []
  for (const [text, value] of pairs) {
    if (!Number.isFinite(value)) continue
    const name = known.get(fold(text))
    if (name) values.set(name, value)
    else unknown.push(text)
  }
  return { values, unknown }
}

/** A table as the service takes it. */
export const valuesCsv = (values: ReadonlyMap<string, number>) =>
  `region,value\n${[...values].map(([name, value]) => `"${name.replaceAll('"', '""')}",${value}`).join('\n')}\n`
