import { setTimeout as sleep } from 'node:timers/promises'
import type { CoreExamples } from '../../dispatch/threads/thread-messages.ts'
import type { Dispatcher } from '../../tasks/dispatcher.ts'
import type { Task } from '../../tasks/task.ts'
import type { RouteRecord } from '../routes/route.ts'
import type { ServiceState } from '../service.ts'
import type { ParameterExamples } from './openapi-examples.ts'

/** What the task `documentation_examples` answers. */
interface ChosenExamples extends Readonly<Record<string, unknown>> {
  features: Readonly<Record<string, string>>
  types: Readonly<Record<string, string>>
  image_space_id?: string
  surface_space_id?: string
}

/** How long choosing may take; it reads all features of the configuration. */
const TASK_TIMEOUT_MS = 60_000
/** After a failure (no worker yet, a busy queue) it is tried again with the first page that is looked at after this. */
const RETRY_MS = 10_000

export type ServedExamples = ParameterExamples & CoreExamples

export interface ExampleSource {
  /** What is known now. The object stays the same until there are others. */
  current(): ServedExamples
  /** As `current`, after waiting for the choice as long as the page can wait for it. */
  load(timeoutMs: number): Promise<ServedExamples>
}

/**
 * Examples for the documentation: of a parcellation that has features, which a task chooses when a page is first looked
 * at; until it has answered, what the loaded core told of itself.
 */
export function createExamples(
  { dispatcher, state }: { dispatcher: Pick<Dispatcher, 'run'>; state: Pick<ServiceState, 'core' | 'phase'> },
  routes: readonly RouteRecord[],
): ExampleSource {
  let chosenFor: ServiceState['core'] = null
  let chosen: ServedExamples = {}
  let choosing: Promise<void> | undefined
  let failedMs = Number.NEGATIVE_INFINITY
  const choose = async (core: NonNullable<ServiceState['core']>) => {
    const result = await dispatcher.run(taskNow())
    if (!result.ok) failedMs = performance.now()
    else if (state.core === core) {
      chosen = { ...core.examples, ...byRoute(JSON.parse(Buffer.from(result.body).toString()), routes) }
      chosenFor = core
    }
  }
  const current = () => (state.core !== null && chosenFor === state.core ? chosen : (state.core?.examples ?? {}))
  return {
    current,
    async load(timeoutMs) {
      const { core, phase } = state
      if (core === null || chosenFor === core || phase !== 'ready') return current()
      if (performance.now() - failedMs > RETRY_MS)
        choosing ??= choose(core).finally(() => {
          choosing = undefined
        })
      await Promise.race([choosing, sleep(timeoutMs, undefined, { ref: false })])
      return current()
    },
  }
}

const taskNow = (): Task => ({
  name: 'documentation_examples',
  queue: 'features',
  params: {},
  criticality: 'background',
  deadlineMs: Date.now() + TASK_TIMEOUT_MS,
})

/** Categories whose features are made when they are asked for: no id of one is known before. */
const LIVE = ['GeneExpressions', 'EbrainsDataFeature']

/** Ids and types of features fit the routes of their category; where any will do, they are those of a table. */
function byRoute(
  { features, types, image_space_id, surface_space_id = '', ...plain }: ChosenExamples,
  routes: readonly RouteRecord[],
) {
  const examples: Record<string, string> = {}
  for (const [name, value] of Object.entries(plain)) if (typeof value === 'string') examples[name] = value
  if (features.Tabular) examples.feature_id = features.Tabular
  if (examples.region_id) examples.colors = JSON.stringify({ [examples.region_id]: 0.8 })
  if (examples.space_id) examples.target_space_id = examples.space_id
  if (examples.parcellation_id) examples.parcellation_ids = examples.parcellation_id
  examples['get_labelled_surface.space_id'] = surface_space_id
  for (const { name, task } of routes) {
    const category = task.name === 'feature_image' ? 'Image' : String(task.fixed?.category ?? '')
    const id = LIVE.includes(category) ? '' : features[category]
    if (id !== undefined) examples[`${name}.feature_id`] = id
    const type = types?.[category]
    if (type !== undefined) examples[`${name}.type`] = type
    if (category === 'Image' && image_space_id) examples[`${name}.space_id`] = image_space_id
  }
  return examples
}
