/** The request behind a view, in the languages that people work in. */
export interface ShownRequest {
  /** What it gives, in words. */
  what: string
  url: string
  /** Name of the file that is kept, where the answer is one. */
  file?: string | undefined
  /** siibra-python code that does the same, where it can. */
  siibra?: string | undefined
}

export interface Snippet {
  language: string
  code: string
}

export function snippetsFor({ url, file, siibra }: ShownRequest): Snippet[] {
  const snippets = [
    { language: 'curl', code: file ? `curl -o ${shell(file)} ${shell(url)}` : `curl ${shell(url)}` },
    { language: 'Python', code: pythonCode(url, file) },
    { language: 'JavaScript', code: javaScriptCode(url, file) },
    { language: 'R', code: rCode(url, file) },
  ]
  return siibra ? [...snippets, { language: 'siibra-python', code: siibra }] : snippets
}

const shell = (text: string) => `'${text.replaceAll("'", `'\\''`)}'`
const quoted = (text: string) => JSON.stringify(text)

/** Address and query of a URL, as Python and R take them apart. */
function split(url: string) {
  const { origin, pathname, searchParams } = new URL(url)
  return { address: origin + pathname, query: [...searchParams] }
}

function pythonCode(url: string, file: string | undefined): string {
  const { address, query } = split(url)
  const params = query.map(([name, value]) => `    ${quoted(name)}: ${quoted(value)},\n`).join('')
  const request = `response = requests.get(${quoted(address)}${query.length > 0 ? `, params={\n${params}}` : ''})`
  const rest = file
    ? `with open(${quoted(file)}, "wb") as file:\n    file.write(response.content)`
    : 'print(response.json())'
  return `import requests\n\n${request}\nresponse.raise_for_status()\n${rest}`
}

function javaScriptCode(url: string, file: string | undefined): string {
  const rest = file ? 'const bytes = await response.arrayBuffer()' : 'console.log(await response.json())'
  return `const response = await fetch(${quoted(url)})\nif (!response.ok) throw new Error(await response.text())\n${rest}`
}

function rCode(url: string, file: string | undefined): string {
  const { address, query } = split(url)
  const params = query.map(([name, value]) => `\n  ${name} = ${quoted(value)}`).join(',')
  const request = `request(${quoted(address)})${query.length > 0 ? ` |> req_url_query(${params}\n)` : ''}`
  const rest = file ? ` |> req_perform(path = ${quoted(file)})` : ' |> req_perform() |> resp_body_json()'
  return `library(httr2)\n\n${request}${rest}`
}
