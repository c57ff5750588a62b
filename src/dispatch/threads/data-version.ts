import { createHash } from 'node:crypto'
import { BUILD_ID } from '../../build-id.ts'
import type { CoreSettings } from './thread-messages.ts'

type Settings = Pick<CoreSettings, 'remapProviders' | 'localSnapshotDir' | 'mirror' | 'isOffline'>

/**
 * One name for all that answers are made of beside their parameters and remote data: the configuration, the settings that
 * change what is read, the program itself. Kept answers of another one are of no use.
 */
export function dataVersionOf(fingerprint: string, settings: Settings): string {
  const { remapProviders, localSnapshotDir = '', mirror = '', isOffline } = settings
  const parts = [BUILD_ID, fingerprint, remapProviders, localSnapshotDir, mirror, isOffline]
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex').slice(0, 12)
}
