/** The routes of the Python client: a method for each, by its operation id; tables and volumes once more, as frames and images. */
import { type ClientRoute, clientRoutes, type OpenApi, type Schema } from './document.ts'
import { bodyName, pythonType, quote } from './python.ts'

const HEAD = `"""Made from the OpenAPI document by \`npm run client:types\`: not to be edited."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

from .models import *
from .sending import Body, Sender

if TYPE_CHECKING:
    import nibabel
    import pandas
`

/** Which form a table has is chosen by where it is asked for. */
const FORMS: ReadonlySet<string> = new Set(['format', 'provenance'])

export function pythonRoutes(document: OpenApi): string {
  const routes = clientRoutes(document).filter(({ method }) => method !== 'DELETE')
  const isVolume = ({ json, path }: ClientRoute) =>
    json === undefined && (path.endsWith('.nii.gz') || path === '/map/resampled_template')
  return [
    HEAD,
    classOf(
      'Routes',
      'Every route, by the name that the documentation gives it: JSON as dictionaries, files as bytes.',
    ),
    ...routes.map((route) => methodOf(route, document, { type: answerType(route, document), send: sendOf(route) })),
    classOf('Frames', 'Routes that answer with tables, as data frames of pandas.'),
    ...routes
      .filter(({ isTable }) => isTable)
      .map((route) =>
        methodOf(route, document, { type: 'pandas.DataFrame', send: 'self._sender.frame', omits: FORMS }),
      ),
    classOf('Images', 'Routes that answer with volumes, as images of nibabel.'),
    ...routes
      .filter(isVolume)
      .map((route) => methodOf(route, document, { type: 'nibabel.Nifti1Image', send: 'self._sender.image' })),
  ].join('\n')
}

const classOf = (name: string, words: string): string => `
class ${name}:
    """${words}"""

    def __init__(self, sender: Sender) -> None:
        self._sender = sender
`

function answerType({ json }: ClientRoute, document: OpenApi): string {
  return json ? pythonType(json, document) : 'bytes'
}

const sendOf = ({ json }: ClientRoute): string => (json ? 'self._sender.json' : 'self._sender.bytes')

interface MethodOptions {
  type: string
  send: string
  omits?: ReadonlySet<string>
}

function methodOf(route: ClientRoute, document: OpenApi, { type, send, omits = new Set() }: MethodOptions): string {
  const { name, method, path, summary, body } = route
  const parameters = route.parameters.filter((parameter) => !omits.has(parameter.name))
  const inPath = parameters.filter((parameter) => parameter.in === 'path')
  const others = parameters.filter((parameter) => parameter.in !== 'path')
  const typed = (schema: Schema) => pythonType({ ...schema }, document)
  const bodyType = body && [...(body.json ? [bodyName(name)] : []), ...(body.hasOthers ? ['Body'] : [])].join(' | ')
  const arguments_ = [
    'self',
    ...inPath.map((parameter) => `${parameter.name}: ${typed(parameter.schema)}`),
    ...(bodyType ? [`body: ${bodyType}`] : []),
    ...(others.length > 0 || body?.hasOthers ? ['*'] : []),
    ...[...others.filter(({ required }) => required), ...others.filter(({ required }) => !required)].map(
      ({ name: own, required, schema }) => `${own}: ${typed(schema)}${required ? '' : ' | None = None'}`,
    ),
    ...(body?.hasOthers ? ['content_type: str | None = None'] : []),
  ]
  const query = others.map(({ name: own }) => `${quote(own)}: ${own}`)
  // told once: the same parameters stand in frames and images
  const told = parameters.flatMap(({ name: own, description }) =>
    description && type !== 'pandas.DataFrame' && type !== 'nibabel.Nifti1Image'
      ? [`        ${own}: ${plain(description)}`]
      : [],
  )
  const filled = path.replace(/\{(\w+)\}/g, (_, own: string) => `{self._sender.part(${own})}`)
  const sent = [
    quote(method),
    `${inPath.length > 0 ? 'f' : ''}${quote(filled)}`,
    `{${query.join(', ')}}`,
    ...(body ? ['body', body.hasOthers ? 'content_type' : 'None'] : []),
  ]
  return `
    def ${name}(
        ${arguments_.join(',\n        ')},
    ) -> ${type}:
        """${plain(summary)}.${told.length > 0 ? `\n\n${told.join('\n')}\n        ` : ''}"""
        answer: ${type} = ${send}(${sent.join(', ')})
        return answer
`
}

const plain = (text: string): string => text.replaceAll('\\', '\\\\').replaceAll('"""', "'''").replaceAll('\n', ' ')
