/** For programs that read: the pages as Markdown, and llms.txt, which lists them with what each is about (llmstxt.org). */
import { cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type { SiteConfig } from 'vitepress'
import { chapters, sourceOf } from './navigation.ts'

const INCLUDE = /<!--@include: (.*)-->/

export function writeForPrograms({ outDir, srcDir, site }: SiteConfig): void {
  const lines = [`# ${site.title}`, '', `> ${site.description}`, '']
  lines.push(
    'The service describes itself: OpenAPI at /v3_0/openapi.json, requests that fit what is served at /examples. Coordinates are mm, RAS.',
  )
  for (const { chapter, pages } of chapters) {
    lines.push('', `## ${chapter}`, '')
    for (const { text, path } of pages) {
      const page = readPage(srcDir, path)
      mkdirSync(dirname(join(outDir, `${path}.md`)), { recursive: true })
      writeFileSync(join(outDir, `${path}.md`), page)
      lines.push(`- [${text}](${site.base}${path}.md): ${firstSentence(page)}`)
    }
  }
  writeFileSync(join(outDir, 'llms.txt'), `${lines.join('\n')}\n`)
  cpSync(join(srcDir, 'examples/library.mjs'), join(outDir, 'examples/library.mjs'))
}

/** The text of a page, with the page that it includes in its place. */
function readPage(srcDir: string, path: string): string {
  const text = readFileSync(join(srcDir, sourceOf(path)), 'utf8').replace(/^---\n[\s\S]*?\n---\n/, '')
  const included = INCLUDE.exec(text)?.[1]
  return included === undefined ? text : readFileSync(join(srcDir, included), 'utf8')
}

/** What a page says of itself first: headings, code and tables aside. */
function firstSentence(page: string): string {
  const paragraph = page.split(/\n\s*\n/).find((block) => /^[A-Za-z*`[(]/.test(block.trim())) ?? ''
  const plain = paragraph.replace(/\s+/g, ' ').replace(/\[([^\]]*)\]\([^)]*\)/g, '$1')
  return /^.*?[.:](?= |$)/.exec(plain.trim())?.[0].replace(/:$/, '.') ?? plain.trim()
}
