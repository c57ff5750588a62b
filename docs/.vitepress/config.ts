/** The guide: `docs/` as a site, below /guide/ of the service. The pages stay plain Markdown that GitHub shows, too. */
import { readFileSync } from 'node:fs'
import { defineConfig } from 'vitepress'
import { writeForPrograms } from './llms.ts'
import { groupLanguages, leadLinks, showDiagrams } from './markdown.ts'
import { sidebar } from './navigation.ts'
import { externalScripts } from './scripts.ts'
import { githubSlug } from './slug.ts'

const { version } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8'))

export default defineConfig({
  title: 'siibra-api',
  description: 'Brain atlases over HTTP: regions, maps and data.',
  lang: 'en',
  base: '/guide/',
  outDir: process.env.SIIBRA_GUIDE_OUT ?? '../dist/guide',
  cacheDir: '../.cache/vitepress',
  cleanUrls: true,
  // README of an example is the page of its folder
  rewrites: { 'examples/mricron/README.md': 'examples/mricron.md' },
  head: [['link', { rel: 'icon', href: '/static/favicon.svg' }]],
  markdown: {
    theme: { light: 'github-light-high-contrast', dark: 'github-dark-high-contrast' },
    // braces and colons in the text are what they say
    attrs: false,
    emoji: false,
    anchor: { slugify: githubSlug },
    config(md) {
      leadLinks(md)
      groupLanguages(md)
      showDiagrams(md)
    },
  },
  transformHtml: externalScripts,
  buildEnd: writeForPrograms,
  vite: {
    publicDir: false,
    build: { target: 'es2022', chunkSizeWarningLimit: 5000 },
    css: { postcss: { plugins: [] } },
  },
  themeConfig: {
    outline: [2, 3],
    nav: [{ text: 'Atlas', link: '/', target: '_self' }],
    sidebar,
    search: { provider: 'local' },
    footer: { message: `siibra-api ${version}` },
    docFooter: { prev: 'Before', next: 'Next' },
  },
})
