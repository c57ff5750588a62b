export type Params = Readonly<Record<string, unknown>>

/** The address of a route: parameters in braces are filled in, the others make the query; lists repeat theirs. */
export function urlOf(base: string, path: string, params: Params = {}): string {
  const inPath = new Set<string>()
  const filled = path.replace(/\{(\w+)\}/g, (_, name: string) => {
    inPath.add(name)
    if (params[name] === undefined) throw new TypeError(`${path} needs ${name}`)
    return encodeURIComponent(String(params[name]))
  })
  const query = Object.entries(params)
    .filter(([name, value]) => !inPath.has(name) && value !== undefined && value !== null)
    .flatMap(([name, value]) => (Array.isArray(value) ? value : [value]).map((one) => [name, String(one)]))
  const text = query.map(([name, value]) => `${name}=${encodeURIComponent(value as string)}`).join('&')
  return base + filled + (text && `?${text}`)
}
