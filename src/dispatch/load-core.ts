import { SiibraError } from '../siibra/errors.ts'
import type { AtlasCore } from '../siibra/index.ts'
import type { CoreSettings, CoreSummary } from './thread-messages.ts'

/** Loads the configuration that the settings name. */
export async function loadCore(settings: CoreSettings): Promise<{ core: AtlasCore; summary: CoreSummary }> {
  throw new SiibraError('NOT_IMPLEMENTED', `Configurations cannot be loaded yet: ${settings.configuration}`)
}
