/** How much a waiting person depends on an answer, from most to least: the one list that priorities, refusals and metrics follow. */
export const CRITICALITIES = ['critical', 'normal', 'background'] as const

/** It decides priority, refusal order and weight in the metrics. */
export type Criticality = (typeof CRITICALITIES)[number]

/** 0 for the most critical. */
export const rankOf = (criticality: Criticality): number => CRITICALITIES.indexOf(criticality)

/** A record with one value per criticality. */
export function mapCriticalities<T>(create: (criticality: Criticality) => T): Record<Criticality, T> {
  return Object.fromEntries(CRITICALITIES.map((name) => [name, create(name)])) as Record<Criticality, T>
}
