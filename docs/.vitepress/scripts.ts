/** Scripts that stand in a page become files: the pages of the service run no script that is not one of its files. */
import { createHash } from 'node:crypto'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { SiteConfig, TransformContext } from 'vitepress'

export function externalScripts(html: string, _id: string, { siteConfig }: TransformContext): string {
  return html.replace(/<script((?: id="[^"]*")?)>([\s\S]*?)<\/script>/g, (_, attributes: string, text: string) => {
    return `<script${attributes} src="${write(siteConfig, text)}"></script>`
  })
}

function write({ outDir, assetsDir, site }: SiteConfig, text: string): string {
  const name = `page.${createHash('sha256').update(text).digest('hex').slice(0, 8)}.js`
  mkdirSync(join(outDir, assetsDir), { recursive: true })
  writeFileSync(join(outDir, assetsDir, name), text)
  return `${site.base}${assetsDir}/${name}`
}
