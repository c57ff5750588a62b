/** Bad input to the packed program, whose tasks run in threads and in workers: half a minute, so that `.ci/run` asks for it. */
import { describe } from 'vitest'
import { refusesBadImages } from '../data-handlers/volumes/bad-images.ts'
import { refusesBadInput } from '../demo/bad-input.ts'
import { startTestApp } from './app.ts'

describe.skipIf(!process.env.SIIBRA_TEST_NPM).each([
  ['all', false],
  ['server', true],
] as const)('role %s', (_role, hasWorkers) => {
  refusesBadInput(() => startTestApp(undefined, { hasWorkers }))
  describe('images', () => refusesBadImages(() => startTestApp(undefined, { hasWorkers })))
})
