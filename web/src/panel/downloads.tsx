import { apiUrl } from '../api/client.ts'
import { How } from '../how/how.tsx'
import { hasStatisticalMap, hasVoxels, parcellation, space } from '../state/atlas.ts'

/** Files of a region, or of the whole map. */
export function Downloads({ regionName }: { regionName?: string }) {
  const chosen = space.value
  if (!chosen || !parcellation.value) return null
  const query = { parcellation_id: parcellation.value['@id'], space_id: chosen['@id'], region_id: regionName }
  const base = (regionName ?? parcellation.value.name).replaceAll(/[^\p{L}\p{N}]+/gu, '_')
  const files = [
    ...(hasVoxels(chosen)
      ? [{ label: regionName ? 'Mask' : 'Map', path: '/map/labelled_map.nii.gz', file: `${base}.nii.gz` }]
      : []),
    ...(hasStatisticalMap.value && regionName
      ? [{ label: 'Probability map', path: '/map/statistical_map.nii.gz', file: `${base}_probability.nii.gz` }]
      : []),
    { label: 'Bundle with everything', path: '/atlas_download', file: `${base}.zip` },
  ]
  return (
    <ul class="downloads">
      {files.map(({ label, path, file }) => {
        const url = apiUrl(path, query)
        return (
          <li key={label}>
            <a href={url} download={file}>
              {label}
            </a>{' '}
            <How what={`${label.toLowerCase()} (${file})`} url={url} file={file} />
          </li>
        )
      })}
    </ul>
  )
}
