/** What the demo shows is shown by the packed program, too: every format that it reads, every file that it makes. */
import { vi } from 'vitest'

vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 })
vi.mock('../app.ts', () => import('./app.ts'))
await import('../demo/every-feature-type.test.ts')
