import type { CoreExamples } from '../../dispatch/threads/thread-messages.ts'
import { answerForClients } from '../../platform/disclosure.ts'
import type { ServiceInfo, ServiceState } from '../service.ts'
import { maskAddress, pointOf, servedCsv } from './openapi-examples.ts'

/** The page at `/`: what this is, what it serves, and requests to try. `origin` is how the visitor reached it. */
export function landingPage(info: ServiceInfo, state: ServiceState, ids: CoreExamples, origin: string): string {
  const { core, demoReason, phase, reason } = answerForClients(state)
  const examples = exampleRequests(ids)
  const [first] = examples
  const last = examples.at(-1) ?? first
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>siibra-api</title>
<link rel="icon" href="/static/favicon.svg">
<link rel="stylesheet" href="/static/page.css">
</head>
<body>
<main>
<h1>siibra-api</h1>
<p>HTTP access to brain atlases: parcellations, regions, maps and the data sets anchored in them.</p>
${core?.isDemo ? demoNotice(demoReason) : ''}
<nav>
<a href="/guide/">Guide</a>
<a href="/v3_0/docs">Routes</a>
<a href="/v3_0/openapi.json">OpenAPI</a>
<a href="/about">About</a>
<a href="/status">Status</a>
<a href="/metrics">Metrics</a>
</nav>
<h2>Try</h2>
<dl>
${examples.map(({ label, url }) => `<dt>${escapeHtml(label)}</dt><dd><a href="${escapeHtml(url)}"><code>${escapeHtml(decodeURIComponent(url))}</code></a></dd>`).join('\n')}
</dl>
<p>The same on the command line, and as Python code:</p>
<pre>curl -s '${escapeHtml(origin + first.url)}'
curl -s -H 'Accept: text/x-sapi-python' '${escapeHtml(origin + last.url)}'</pre>
${sendSection(ids)}
<h2>What is served</h2>
<table>
<tr><th>API version</th><td>${escapeHtml(info.apiVersion)}</td></tr>
<tr><th>Package</th><td>siibra-api ${escapeHtml(info.packageVersion)} (${escapeHtml(info.gitHash)})</td></tr>
<tr><th>Role</th><td>${escapeHtml(info.role)}</td></tr>
<tr><th>State</th><td>${escapeHtml(phase)}${reason === '' ? '' : `: ${escapeHtml(reason)}`}</td></tr>
${
  core === null
    ? ''
    : `<tr><th>Configuration</th><td>${escapeHtml(core.source)}${core.commit === null ? '' : ` (${escapeHtml(core.commit)})`}</td></tr>
<tr><th>Contents</th><td>${core.atlases} atlases, ${core.spaces} spaces, ${core.parcellations} parcellations, ${core.maps} maps</td></tr>`
}
</table>
</main>
<script src="/static/examples.js"></script>
</body>
</html>
`
}

/** Requests with a body, to be sent by a click: the image is the mask of a region that is served. */
function sendSection(ids: CoreExamples): string {
  const image = maskAddress(ids)
  const { parcellation_id, space_id, region_id } = ids
  if (image === undefined || !parcellation_id || !space_id || !region_id) return ''
  const where = `parcellation_id=${encode(parcellation_id)}&space_id=${encode(space_id)}`
  const points = servedCsv({ points: [pointOf(ids) ?? [-20, 10, 10]] }) ?? ''
  const values = servedCsv({ values: { [region_id]: 0.5 } }) ?? ''
  const sendings: [label: string, path: string, body?: string][] = [
    ['Points, as CSV: in which regions do they lie?', `map/assign?${where}&assignment_type=labelled`, points],
    ['An image: which regions does it touch?', `map/assign_image?${where}&assignment_type=labelled`],
    ['An image: its mean in each region', `map/values?${where}`],
    [
      'An image: its clusters and peaks',
      `map/clusters?space_id=${encode(space_id)}&parcellation_ids=${encode(parcellation_id)}&stat_threshold=0.5`,
    ],
    ['Values of regions, as CSV: a coloured map', `map/colorized.nii.gz?${where}`, values],
    ['Points, as CSV: how densely do they lie?', `map/density.nii.gz?space_id=${encode(space_id)}&sigma_mm=8`, points],
  ]
  const buttons = sendings.map(([label, path, csv]) => {
    const body = csv === undefined ? `data-image="${escapeHtml(image)}"` : `data-csv="${escapeHtml(csv)}"`
    return `<li><button type="button" data-url="/v3_0/${escapeHtml(path)}" ${body}>${escapeHtml(label)}</button></li>`
  })
  return `<h2 id="send">Send something</h2>
<p>The image is small: <a href="${escapeHtml(image)}">the mask of ${escapeHtml(region_id)}</a>. What was sent, and the beginning of what comes back, is shown below.</p>
<ul class="send">
${buttons.join('\n')}
</ul>
<pre id="answer" tabindex="0" aria-live="polite">Nothing was sent yet.</pre>`
}

function demoNotice(reason: string | null): string {
  return `<div class="notice">
<strong>This is the embedded demo atlas</strong>, made up for trying things out. Set <code>SIIBRA_USE_CONFIGURATION</code> to serve
another.
${reason === null ? '' : `<details><summary>Why</summary>${escapeHtml(reason)}</details>`}
</div>`
}

interface Example {
  label: string
  url: string
}

/** Requests that this configuration answers. */
function exampleRequests(ids: CoreExamples): [Example, ...Example[]] {
  const list: [Example, ...Example[]] = [{ label: 'All atlases', url: '/v3_0/atlases' }]
  const { atlas_id, space_id, parcellation_id, region_id } = ids
  if (atlas_id) list.push({ label: 'One atlas', url: `/v3_0/atlases/${encode(atlas_id)}` })
  if (space_id) list.push({ label: 'A reference space', url: `/v3_0/spaces/${encode(space_id)}` })
  if (!parcellation_id) return list
  const query = `parcellation_id=${encode(parcellation_id)}`
  list.push({ label: 'Regions of a parcellation', url: `/v3_0/regions?${query}` })
  if (space_id)
    list.push({ label: 'Its map', url: `/v3_0/map?${query}&space_id=${encode(space_id)}&map_type=LABELLED` })
  if (region_id && space_id) {
    list.push({
      label: 'A region, and where its centre is',
      url: `/v3_0/regions/${encode(region_id)}?${query}&space_id=${encode(space_id)}`,
    })
    list.push({
      label: 'The mask of that region (.nii.gz)',
      url: `/v3_0/map/labelled_map.nii.gz?${query}&space_id=${encode(space_id)}&region_id=${encode(region_id)}`,
    })
    list.push({ label: 'All of its features', url: `/v3_0/regions/${encode(region_id)}/features?${query}` })
  }
  return list
}

const encode = encodeURIComponent

export function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`)
}
