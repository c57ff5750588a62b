/** What the site makes of Markdown that GitHub shows as it is. */
import { posix } from 'node:path'
import type { MarkdownRenderer } from 'vitepress'

const TABS: Readonly<Record<string, string>> = { sh: 'curl', python: 'Python', js: 'JavaScript', r: 'R' }

/** Where a page lies in the repository, relative to docs/. */
interface PageEnvironment {
  relativePath?: string
}

/** Pages that lie elsewhere in the repository, or have another address in the site. */
const ELSEWHERE: Readonly<Record<string, string>> = {
  '../CONTRIBUTING.md': '/contributing',
  '../CHANGELOG.md': '/changelog',
  '../README.md': '/',
  'examples/mricron/README.md': '/examples/mricron',
}

/** Links lead to pages of the site; files of the repository, which are not part of it, are shown as names. */
export function leadLinks(md: MarkdownRenderer): void {
  md.core.ruler.push('guide_links', ({ tokens, env }) => {
    const folder = posix.dirname((env as PageEnvironment).relativePath ?? '')
    for (const { children } of tokens) {
      const open: boolean[] = []
      for (const token of children ?? []) {
        if (token.type === 'link_close' && open.pop()) token.tag = 'span'
        if (token.type !== 'link_open') continue
        const href = token.attrGet('href') ?? ''
        const target = siteAddress(folder, href)
        open.push(target === undefined)
        if (target !== undefined) token.attrSet('href', target)
        else {
          token.tag = 'span'
          token.attrs = [['class', 'file-name']]
        }
      }
    }
  })
}

/** The address within the site, undefined for what is no page. */
function siteAddress(folder: string, href: string): string | undefined {
  if (/^([a-z]+:|#|\/)/i.test(href)) return href
  const [path = '', hash] = href.split('#')
  // pages of the root, which are shown as pages of docs/, say docs/ themselves
  const target = posix.normalize(posix.join(folder, path)).replace(/^docs\//, '')
  const page = ELSEWHERE[target] ?? (target.endsWith('.md') ? `/${target.slice(0, -'.md'.length)}` : undefined)
  return page === undefined ? undefined : page + (hash === undefined ? '' : `#${hash}`)
}

/** Blocks of code that follow each other and do the same in several languages are tabs of one. */
export function groupLanguages(md: MarkdownRenderer): void {
  md.core.ruler.push('guide_tabs', (state) => {
    const { tokens, Token } = state
    const language = (at: number) => (tokens[at]?.type === 'fence' ? TABS[tokens[at].info.trim()] : undefined)
    const grouped: typeof tokens = []
    for (let at = 0; at < tokens.length; ) {
      let end = at
      while (language(end) !== undefined) end++
      if (end - at < 2) {
        grouped.push(tokens[at++] as (typeof tokens)[number])
        continue
      }
      const open = new Token('container_code-group_open', 'div', 1)
      open.info = 'code-group'
      open.block = true
      grouped.push(open)
      for (; at < end; at++) {
        const fence = tokens[at] as (typeof tokens)[number]
        fence.info = `${fence.info.trim()} [${language(at)}]`
        grouped.push(fence)
      }
      const close = new Token('container_code-group_close', 'div', -1)
      close.block = true
      grouped.push(close)
    }
    state.tokens = grouped
  })
}

/** Diagrams are drawn in the browser; until then, and without scripts, their source is there to be read. Blocks of text are what code prints, of one language or all. */
export function showDiagrams(md: MarkdownRenderer): void {
  const plain = md.renderer.rules.fence
  md.renderer.rules.fence = (...given) => {
    const [tokens, index] = given
    const { info = '', content = '' } = tokens[index] ?? {}
    const [kind, language = ''] = info.trim().split(' ')
    if (kind === 'text') {
      const label = TABS[language] === undefined ? 'prints' : `${TABS[language]} prints`
      return (plain?.(...given) ?? '').replace('<span class="lang">text</span>', `<span class="lang">${label}</span>`)
    }
    if (kind !== 'mermaid') return plain?.(...given) ?? ''
    return `<SiteDiagram source="${encodeURIComponent(content)}"><pre v-pre tabindex="0">${md.utils.escapeHtml(content)}</pre></SiteDiagram>`
  }
}
