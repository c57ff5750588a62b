import { defaultClientConditions, defineConfig } from 'vite'

/** The page at `/` of the service; `npm run build` calls it. Addresses are relative, so that it works below any path. */
export default defineConfig({
  root: import.meta.dirname,
  base: './',
  // the client's sources, which are built with the page
  resolve: { conditions: ['@siibra-api/source', ...defaultClientConditions] },
  build: {
    outDir: '../dist/page',
    emptyOutDir: true,
    target: 'es2022',
    assetsDir: 'page',
    chunkSizeWarningLimit: 5000,
    reportCompressedSize: false,
    rolldownOptions: { checks: { pluginTimings: false } },
  },
  oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
})
