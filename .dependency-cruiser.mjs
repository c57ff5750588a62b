/**
 * The walls of the house: imports go inward only. `npm run walls` holds them; it reads TypeScript with @swc/core (without,
 * dependency-cruiser cannot read TypeScript 7, sees nothing and passes), and scripts/check-walls.mjs fails where it saw less
 * than it should.
 */

/** From the outermost room to the innermost: who stands further right or below is imported, and imports nobody before it. */
const ORDER = [
  ['^src/main\\.ts$'],
  ['^src/cli/'],
  ['^src/roles/'],
  ['^src/data-handlers/'],
  ['^src/server/', '^src/worker/', '^src/atlas/'],
  ['^src/config[^/]*\\.ts$', '^src/version\\.ts$'],
  ['^src/downloads/', '^src/dispatch/', '^src/demo/', '^src/import/', '^src/validate/', '^src/mirror/'],
  ['^src/tasks/', '^src/serialization/'],
  ['^src/platform/', '^src/models/', '^src/tables/', '^src/build-id\\.ts$'],
  ['^src/siibra/'],
]

const outward = ORDER.slice(1).map((rooms, i) => ({
  name: `inward-only: ${rooms.join(' ')}`,
  severity: 'error',
  comment: 'A room imports rooms further in, never one further out.',
  from: { path: rooms },
  to: { path: ORDER.slice(0, i + 1).flat() },
}))

export default {
  forbidden: [
    ...outward,
    {
      name: 'no-circles',
      severity: 'error',
      comment: 'Two files that import each other are one file, or share a third.',
      from: { path: '^src/' },
      to: { circular: true },
    },
    {
      name: 'no-folder-circles',
      scope: 'folder',
      severity: 'error',
      from: { path: '^src/' },
      to: { circular: true },
    },
    {
      name: 'boundary: nothing past siibra/index.ts',
      severity: 'error',
      comment: 'Who is outside of the atlas core imports its index; what it lacks is exported there.',
      from: { path: '^src/', pathNot: '^src/siibra/' },
      to: { path: '^src/siibra/', pathNot: '^src/siibra/index\\.ts$' },
    },
    {
      name: 'boundary: nothing inside imports siibra/index.ts',
      severity: 'error',
      from: { path: '^src/siibra/' },
      to: { path: '^src/siibra/index\\.ts$' },
    },
    {
      name: 'answers are made without knowing who asks',
      severity: 'error',
      comment: 'HTTP, queues, logs and metrics are for the rooms around atlas core, models and handlers.',
      from: { path: '^src/(siibra|models|serialization|tables|data-handlers)/' },
      to: { path: '(^|/)node_modules/(fastify|bullmq|ioredis|pino|prom-client)/' },
    },
    {
      name: 'handlers know no server and no worker',
      severity: 'error',
      from: { path: '^src/data-handlers/' },
      to: { path: '^src/(server|worker|roles|cli|atlas)/' },
    },
    {
      name: 'declared',
      severity: 'error',
      comment:
        'What src imports is named in package.json. It is bundled, so that users need not install it (test/built runs the package alone).',
      from: { path: '^src/' },
      to: {
        dependencyTypes: ['npm-no-pkg', 'npm-unknown'],
        dependencyTypesNot: ['type-only'],
      },
    },
  ],
  options: {
    parser: 'swc',
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    doNotFollow: { path: 'node_modules' },
  },
}
