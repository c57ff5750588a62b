/** Texts of a bundle. Their layout is the original's: clients and people read them. */
import {
  type AtlasConcept,
  type AtlasCore,
  type DatasetDescription,
  type DatasetReference,
  type Gaps,
  loadDatasetFacts,
} from '../../siibra/index.ts'
import { PACKAGE_VERSION } from '../../version.ts'

export const LICENCE_TEXT = 'Please check the respective `.info.md` regarding licenses of the data.'

const NO_LICENCE = 'No license information is found.'

/** What a bundle is, where it comes from and what was asked for, so that it can be made again; no time, so that it is the same then. */
export function readmeText(asked: Record<string, string | undefined>, core: AtlasCore): string {
  const { source, commit } = core.configuration
  const parameters = ['space_id', 'parcellation_id', 'region_id', 'bbox'].map(
    (name) => `${name}=${asked[name] ?? 'None'}`,
  )
  return `# Packaged Atlas Data

Packaged by siibra-api ${PACKAGE_VERSION} from the configuration ${source}${commit ? ` (${commit})` : ''}.

A part that could not be had is told by a file whose name ends with \`.error.txt\`. If you report a problem, at
[https://github.com/FZJ-INM1-BDA/siibra-api/issues](https://github.com/FZJ-INM1-BDA/siibra-api/issues) or by mail to
[support@ebrains.eu](mailto:support@ebrains.eu) (subject \`atlas support / siibra-api\`), please add this line:

\`\`\`
${parameters.join(', ')}
\`\`\`

`
}

interface Info {
  name: string
  description: string
  citations: string[]
  licence: string
}

const infoText = ({ name, description, citations, licence }: Info): string =>
  [
    `name:\n---\n\n${name}`,
    `description:\n---\n\n${description}`,
    `citations:\n---\n${citations.join('\n\n')}`,
    `license:\n---\n${licence}\n\n`,
  ].join('\n\n')

/** About a space or parcellation: its own publications, then its data sets. */
export async function conceptInfo(core: AtlasCore, concept: AtlasConcept, gaps: Gaps): Promise<string> {
  const { datasets } = await loadDatasetFacts(core, concept, gaps)
  const own = concept.publications.map(({ citation, url }) =>
    url ? `[${citation ?? 'url'}](${url})` : (citation ?? 'CITATION'),
  )
  const theirs = datasets.flatMap(({ name, urls }) => urls.map((url) => `[Dataset name: ${name}](${url})`))
  return infoText({
    name: concept.name,
    description: concept.description || (datasets.find(({ description }) => description)?.description ?? ''),
    citations: [...own, ...theirs],
    licence: datasets.flatMap(licencesOf).join('\n'),
  })
}

/** About one map: the data sets of its volume. */
export async function mapInfo(
  core: AtlasCore,
  name: string,
  references: DatasetReference[],
  gaps: Gaps,
): Promise<string> {
  const { datasets } = await loadDatasetFacts(core, { datasets: references }, gaps)
  return infoText({
    name,
    description: datasets.map(({ description }) => description ?? '').join('\n\n'),
    citations: datasets.flatMap(({ urls }) => urls.map((url) => `[url](${url})`)),
    licence: datasets.flatMap(({ licenses }) => (licenses.length > 0 ? licenses : [NO_LICENCE])).join('\n\n'),
  })
}

const licencesOf = ({ licenses }: DatasetDescription) => licenses.filter((licence) => licence !== NO_LICENCE)
