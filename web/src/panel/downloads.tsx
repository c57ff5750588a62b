import { apiUrl, id } from '../api/client.ts'
import { How } from '../how/how.tsx'
import { hasStatisticalMap, hasStatisticsOfRegion, hasVoxels, parcellation, space } from '../state/atlas.ts'

interface File {
  label: string
  what: string
  file: string
  url: string
}

/** Files of a region, or of the whole map: each a link that anybody can use. */
export function Downloads({ regionName }: { regionName?: string }) {
  const files = filesOf(regionName)
  if (files.length === 0) return null
  return (
    <section aria-label="Downloads">
      <h3>Downloads</h3>
      <ul class="downloads">
        {files.map(({ label, what, file, url }) => (
          <li key={label}>
            <a href={url} download={file}>
              {label}
            </a>
            <small>{what}</small>
            <How what={`${label.toLowerCase()} (${file})`} url={url} file={file} />
          </li>
        ))}
      </ul>
    </section>
  )
}

function filesOf(regionName: string | undefined): File[] {
  const [chosen, chosenSpace] = [parcellation.value, space.value]
  if (!chosen || !chosenSpace) return []
  const query = { parcellation_id: chosen['@id'], space_id: chosenSpace['@id'], region_id: regionName }
  const base = (regionName ?? chosen.name).replaceAll(/[^\p{L}\p{N}]+/gu, '_').replace(/^_|_$/g, '')
  const isVolume = hasVoxels(chosenSpace)
  const wanted: (File | false | undefined)[] = [
    isVolume && {
      label: regionName ? 'Mask' : 'Map',
      what: 'NIfTI',
      file: `${base}.nii.gz`,
      url: apiUrl('/map/labelled_map.nii.gz', query),
    },
    !isVolume && {
      label: 'Labels of the vertices',
      what: 'GIFTI',
      file: `${base}.label.gii`,
      url: apiUrl('/map/labelled_surface.label.gii', { ...query, region_id: undefined }),
    },
    hasStatisticalMap.value &&
      hasStatisticsOfRegion.value &&
      regionName !== undefined && {
        label: 'Probability map',
        what: 'NIfTI',
        file: `${base}_probability.nii.gz`,
        url: apiUrl('/map/statistical_map.nii.gz', query),
      },
    {
      label: 'Mesh',
      what: 'glTF, for viewers and Blender',
      file: `${base}.glb`,
      url: apiUrl('/map/mesh.glb', { ...query, smooth: isVolume ? 10 : undefined }),
    },
    {
      label: regionName ? 'Table of its parts' : 'Table of all regions',
      what: 'CSV: names, sizes, centres',
      file: `${base}.csv`,
      url: apiUrl(`/parcellations/${id(chosen['@id'])}/region_table`, {
        space_id: chosenSpace['@id'],
        within: regionName,
        format: 'csv',
      }),
    },
    {
      label: 'Bundle',
      what: 'zip with everything',
      file: `${base}.zip`,
      url: apiUrl('/atlas_download', query),
    },
    {
      label: 'Citation',
      what: 'BibTeX',
      file: `${base}.bib`,
      url: apiUrl('/citations', {
        parcellation_id: chosen['@id'],
        space_id: chosenSpace['@id'],
        format: 'bibtex',
      }),
    },
  ]
  return wanted.filter((one): one is File => typeof one === 'object')
}
