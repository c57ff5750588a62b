import { join } from 'node:path'
import { directImports } from './direct-imports.mjs'
import { vendoredModules } from './vendor.mjs'

/** What is optional, and installed by npm where it is wanted. All else is in the bundle, or beside it (vendor.mjs). */
const EXTERNAL = ['@bull-board/*', '@aws-sdk/*']

/**
 * What esbuild is told, for the build and for `npm run dev`.
 *
 * @param buildId  what queues and kept answers are named after
 */
export function bundleOptions(root, buildId) {
  return {
    absWorkingDir: root,
    entryPoints: { main: 'src/main.ts', thread: 'src/roles/thread.ts', siibra: 'src/siibra/index.ts' },
    outdir: join(root, 'dist'),
    // beside the entries, so that paths relative to import.meta.url hold
    chunkNames: '[name]-[hash]',
    bundle: true,
    splitting: true,
    format: 'esm',
    platform: 'node',
    target: 'node20',
    external: EXTERNAL,
    plugins: [directImports(join(root, 'src/siibra/index.ts')), vendoredModules],
    // packages in CommonJS that are bundled into ESM still call require
    banner: {
      js: "import { createRequire as createRequireOf } from 'node:module'; const require = createRequireOf(import.meta.url);",
    },
    sourcemap: true,
    metafile: true,
    define: { __BUILD_ID__: JSON.stringify(buildId) },
    minifySyntax: true,
    minifyWhitespace: true,
    logLevel: 'warning',
  }
}
