/** The request behind a view. */
export interface ShownRequest {
  /** What it gives, in words. */
  what: string
  url: string
  /** Name of the file that is kept, where the answer is one. */
  file?: string | undefined
  /** A file that is sent, where one is. */
  sends?: { file: string; mediaType: string } | undefined
}

export interface Snippet {
  language: string
  code: string
}

/** The request in the languages that people work in. */
export function snippetsFor(request: ShownRequest): Snippet[] {
  return [
    { language: 'curl', code: curlCode(request) },
    { language: 'Python', code: pythonCode(request) },
    { language: 'JavaScript', code: javaScriptCode(request) },
    { language: 'R', code: rCode(request) },
  ]
}

const shell = (text: string) => `'${text.replaceAll("'", `'\\''`)}'`
const quoted = (text: string) => JSON.stringify(text)

/** Address and query of a URL, as Python and R take them apart. A parameter that is repeated has several values. */
function split(url: string) {
  const { origin, pathname, searchParams } = new URL(url)
  const names = [...new Set(searchParams.keys())]
  return { address: origin + pathname, query: names.map((name) => [name, searchParams.getAll(name)] as const) }
}

function curlCode({ url, file, sends }: ShownRequest): string {
  return [
    'curl',
    ...(file ? [`-o ${shell(file)}`] : []),
    ...(sends ? [`-H ${shell(`content-type: ${sends.mediaType}`)}`, `--data-binary ${shell(`@${sends.file}`)}`] : []),
    shell(url),
  ].join(sends ? ' \\\n  ' : ' ')
}

function pythonCode({ url, file, sends }: ShownRequest): string {
  const { address, query } = split(url)
  const params = query.map(([name, values]) => {
    const value = values.length > 1 ? `[${values.map(quoted).join(', ')}]` : quoted(values[0] ?? '')
    return `    ${quoted(name)}: ${value},\n`
  })
  const parts = [
    quoted(address),
    ...(params.length > 0 ? [`params={\n${params.join('')}}`] : []),
    ...(sends ? ['data=body', `headers={"content-type": ${quoted(sends.mediaType)}}`] : []),
  ]
  const request = `response = requests.${sends ? 'post' : 'get'}(${parts.join(', ')})`
  const rest = file
    ? `with open(${quoted(file)}, "wb") as file:\n    file.write(response.content)`
    : 'print(response.json())'
  const sent = sends
    ? `with open(${quoted(sends.file)}, "rb") as body:\n    ${request.replaceAll('\n', '\n    ')}`
    : request
  return `import requests\n\n${sent}\nresponse.raise_for_status()\n${rest}`
}

function javaScriptCode({ url, file, sends }: ShownRequest): string {
  const options = sends
    ? `, {\n  method: 'POST',\n  headers: { 'content-type': ${quoted(sends.mediaType)} },\n  body: await readFile(${quoted(sends.file)}),\n}`
    : ''
  const rest = file ? 'const bytes = await response.arrayBuffer()' : 'console.log(await response.json())'
  const needs = sends ? "import { readFile } from 'node:fs/promises' // in a browser: a File\n\n" : ''
  return `${needs}const response = await fetch(${quoted(url)}${options})\nif (!response.ok) throw new Error(await response.text())\n${rest}`
}

function rCode({ url, file, sends }: ShownRequest): string {
  const { address, query } = split(url)
  const isRepeated = query.some(([, values]) => values.length > 1)
  const params = query.map(
    ([name, values]) =>
      `\n  ${name} = ${values.length > 1 ? `c(${values.map(quoted).join(', ')})` : quoted(values[0] ?? '')}`,
  )
  const asked =
    params.length > 0 ? ` |> req_url_query(${params.join(',')}${isRepeated ? ',\n  .multi = "explode"' : ''}\n)` : ''
  const sent = sends ? ` |>\n  req_body_file(${quoted(sends.file)}, type = ${quoted(sends.mediaType)})` : ''
  const rest = file ? ` |>\n  req_perform(path = ${quoted(file)})` : ' |>\n  req_perform() |> resp_body_json()'
  return `library(httr2)\n\nrequest(${quoted(address)})${asked}${sent}${rest}`
}

/** siibra-python code that does the same, as the service writes it; undefined where there is none. */
export async function siibraCode({ url, sends }: ShownRequest): Promise<string | undefined> {
  if (sends) return undefined
  const response = await fetch(url, { headers: { accept: 'text/x-sapi-python' } })
  const isCode = response.ok && (response.headers.get('content-type') ?? '').startsWith('text/plain')
  return isCode ? (await response.text()).trim() : undefined
}
