import type { ComponentChildren } from 'preact'
import { getJson, id } from '../api/client.ts'
import type { DataFrame } from '../api/types.ts'
import { address } from '../state/address.ts'
import { parcellation, space } from '../state/atlas.ts'
import { drawn, roundedMm } from '../state/shown.ts'
import { useLoaded } from '../use-loaded.ts'

const COLUMNS = ['name', 'voxels', 'volume_mm3', 'components']

/** Where a region is, and how large, as the voxels of its map say. */
export function Facts({ name, centre }: { name: string; centre: number[] | null }) {
  const size = useSize(name)
  return (
    <dl class="facts">
      {centre ? (
        <Fact term="Centre">
          <button
            type="button"
            class="link"
            title="Go there"
            onClick={() => {
              address.point.value = roundedMm(centre)
            }}
          >
            {centre.map((value) => value.toFixed(1)).join(', ')} mm
          </button>
        </Fact>
      ) : null}
      {centre || size || drawn.value?.names.includes(name) ? null : (
        <Fact term="Drawn">not in {space.value?.fullName}</Fact>
      )}
      {size ? (
        <>
          <Fact term="Volume">{volumeText(size.volumeMm3)}</Fact>
          <Fact term="Voxels">
            {size.voxels.toLocaleString('en')}
            {size.components > 1 ? ` in ${size.components} parts` : ''}
          </Fact>
        </>
      ) : null}
    </dl>
  )
}

export function Fact({ term, children }: { term: string; children: ComponentChildren }) {
  return (
    <div>
      <dt>{term}</dt>
      <dd>{children}</dd>
    </div>
  )
}

const volumeText = (mm3: number) =>
  mm3 >= 1000
    ? `${Number((mm3 / 1000).toPrecision(3)).toLocaleString('en')} cm³`
    : `${Number(mm3.toPrecision(3)).toLocaleString('en')} mm³`

/** One table holds all regions, so that it is asked for once a map. */
function useSize(name: string) {
  const [chosen, chosenSpace] = [parcellation.value?.['@id'], space.value?.['@id']]
  const key = chosen && chosenSpace ? `${chosen} ${chosenSpace}` : ''
  const table = useLoaded(key, (signal) =>
    getJson<DataFrame>(
      `/parcellations/${id(chosen ?? '')}/region_table`,
      { space_id: chosenSpace, columns: COLUMNS },
      { signal },
    ),
  )
  if (table.state !== 'there') return undefined
  const { columns, data } = table.value
  const row = data.find((one) => one[columns.indexOf('name')] === name)
  const read = (column: string) => row?.[columns.indexOf(column)] as number | null | undefined
  const [voxels, volumeMm3, components] = [read('voxels'), read('volume_mm3'), read('components')]
  return voxels && volumeMm3 ? { voxels, volumeMm3, components: components ?? 1 } : undefined
}
