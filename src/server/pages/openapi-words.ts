/** What the OpenAPI document says of the service and of its chapters, for people who know brains rather than services. */
import type { RouteRecord } from '../routes/route.ts'

export const DESCRIPTION = `Brain atlases over HTTP: how brains are divided into regions, where these lie in standard spaces, and what was measured there.

The [guide](/guide/) explains the [words](/guide/concepts) and has [recipes](/guide/cookbook); the [first page](/) shows the atlas itself.

## What to know
- **A place needs two things**: a parcellation (which regions there are) and a space (where coordinates lie). Ids, names, or words of names do: \`parcellation_id=julich brain 3.1\`, \`space_id=mni152\`.
  Where a name was guessed, the header \`x-siibra-match\` names what was taken and what fits as well: \`loose; parcellation=<name>; parcellation-others=<name>,<name>,+3\`, names percent-encoded.
- **Coordinates** are millimetres: right, anterior, superior. x = -20 lies on the left.
- **A region holds its parts**: the mask of a lobe is that of all areas below it.
- **Lists** come in pages (\`page\`, \`size\`). **Tables** come as JSON, and with \`format=csv\`, \`tsv\`, \`arrow\` or \`ndjson\` as a whole. **Images** are gzipped NIfTI.
- **The same in Python**: send \`Accept: text/x-sapi-python\` to get siibra-python code of a request instead of its answer.
- **What takes long**: send \`Prefer: respond-async\` to get 202 at once, with the task to look at in \`Location\`.
- **Mistyped parameters** are ignored, and named in the header \`x-siibra-ignored\` (percent-encoded, separated by \`, \`).

## When something is wrong
Every error is \`{"error": true, "status_code": 404, "message": "..."}\`, whose message is JSON with \`detail\` (what is wrong) and \`code\`:

| status | code | what to do |
|---|---|---|
| 400 | \`AMBIGUOUS\`, \`INVALID_COMBINATION\`, \`UNSUPPORTED\` | choose one of the \`candidates\`; ask for a map that there is |
| 404 | \`NOT_FOUND\`, \`NOT_AVAILABLE\` | look at \`similar\`: names that may have been meant |
| 422 | \`INVALID_PARAMETER\` | \`parameter\` is wrong, \`allowed\` says what would be right |
| 413, 415 | \`TOO_LARGE\`, \`UNSUPPORTED_MEDIA_TYPE\` | send less, or another type |
| 502 | \`BAD_DATA\` | data of another service are broken |
| 503 | \`OVERLOADED\`, \`UNAVAILABLE\`, \`UPSTREAM_UNAVAILABLE\` | come back after \`Retry-After\` seconds |
| 504 | \`DEADLINE_EXCEEDED\` | ask for less, or with \`Prefer: respond-async\` |`

interface TagWords {
  'x-displayName': string
  description: string
}

export const TAGS: Readonly<Record<RouteRecord['tag'], TagWords>> = {
  atlas: {
    'x-displayName': 'Atlases',
    description: 'What belongs together for the brain of a species: its spaces and parcellations.',
  },
  space: {
    'x-displayName': 'Spaces',
    description:
      'Systems of coordinates (MNI 152, BigBrain, fsaverage ...), each with a template brain that shows where they are.',
  },
  parcellation: {
    'x-displayName': 'Parcellations',
    description: 'Ways to divide a brain into regions: trees of names, with versions.',
  },
  region: {
    'x-displayName': 'Regions',
    description:
      'Regions of a parcellation: found, placed in the tree, related to those of other parcellations and species.',
  },
  maps: {
    'x-displayName': 'Maps',
    description:
      'Where the regions of a parcellation lie in a space: labels, probabilities, masks, meshes and pictures; and in which regions points and images lie.',
  },
  feature: {
    'x-displayName': 'Features',
    description:
      'Data sets that belong somewhere in the atlas: receptors, cells, genes, connectivity, recordings, images.',
  },
  vocabularies: {
    'x-displayName': 'Vocabularies',
    description: 'Words that other routes take: genes, receptors, conditions of recordings.',
  },
  download: {
    'x-displayName': 'Bundles',
    description: 'Everything of a region, a parcellation or a space in one archive.',
  },
  task: {
    'x-displayName': 'Tasks',
    description: 'Answers that were asked for with `Prefer: respond-async`, and are fetched later.',
  },
}

/** Links of a text to pages of this service, as they are reached below a path. */
export const linksBelow = (prefix: string | undefined, text: string): string =>
  prefix ? text.replaceAll('](/', `](${prefix}/`) : text
