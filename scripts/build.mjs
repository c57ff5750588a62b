/** Bundles the entry points to dist/ and writes the declarations of the library. */
import { build } from 'esbuild'

await build({
  entryPoints: { siibra: 'src/siibra/index.ts' },
  outdir: 'dist',
  bundle: true,
  splitting: true,
  format: 'esm',
  platform: 'node',
  target: 'node20',
  packages: 'external',
  sourcemap: true,
  logLevel: 'warning',
})
