import { apiUrl, getJson } from '../api/client.ts'
import type { DataFrame } from '../api/types.ts'
import { How } from '../how/how.tsx'
import { address } from '../state/address.ts'
import { hasStatisticalMap, hasVoxels, parcellation, space } from '../state/atlas.ts'
import { useLoaded } from '../use-loaded.ts'
import { Downloads } from './downloads.tsx'

const SIGMAS = [0, 1, 3, 5, 10]

/** Which regions a point belongs to, as surely as its uncertainty allows. */
export function PointPanel() {
  const point = address.point.value
  if (!space.value || !parcellation.value) return <div class="panel" />
  return (
    <div class="panel">
      <h2>{parcellation.value.name}</h2>
      <p class="hint">
        {hasVoxels(space.value) ? 'Click into the brain to assign a point, double-click to choose a region.' : null}
      </p>
      <Downloads />
      {point && hasVoxels(space.value) ? <Assigned point={point} /> : null}
    </div>
  )
}

function Assigned({ point }: { point: string }) {
  const sigma = Number(address.sigma.value) || 0
  const type = hasStatisticalMap.value ? 'statistical' : 'labelled'
  const query = {
    parcellation_id: parcellation.value?.['@id'],
    space_id: space.value?.['@id'],
    point: point
      .split(',')
      .map((value) => `${value}mm`)
      .join(','),
    assignment_type: type,
    sigma_mm: sigma,
  }
  const url = apiUrl('/map/assign', query)
  const loaded = useLoaded(url, (signal) => getJson<DataFrame>('/map/assign', query, { signal }))
  return (
    <section aria-label="Assignment">
      <h3>Point {point.replaceAll(',', ', ')} mm</h3>
      <p class="row">
        <label>
          Uncertainty{' '}
          <select value={sigma} onChange={(event) => (address.sigma.value = event.currentTarget.value)}>
            {SIGMAS.map((value) => (
              <option key={value} value={value}>
                {value} mm
              </option>
            ))}
          </select>
        </label>
        <How
          what="the regions of this point"
          url={url}
          siibra={`import siibra\n\nmap_ = siibra.get_map(${JSON.stringify(query.parcellation_id)}, ${JSON.stringify(query.space_id)}, "${type}")\npoint = siibra.Point((${point}), space=${JSON.stringify(query.space_id)}, sigma_mm=${sigma})\nprint(map_.assign(point))`}
        />
      </p>
      {loaded.state === 'loading' ? <p class="hint">Assigning …</p> : null}
      {loaded.state === 'failed' ? <p class="hint">{loaded.message}</p> : null}
      {loaded.state === 'there' ? <Rows frame={loaded.value} isStatistical={type === 'statistical'} /> : null}
    </section>
  )
}

function Rows({ frame, isStatistical }: { frame: DataFrame; isStatistical: boolean }) {
  const at = (name: string) => frame.columns.indexOf(name)
  const rows = frame.data
    .map((row) => ({
      region: row[at('region')] as string | null,
      value: row[at('map_value')] as number | null,
      correlation: row[at('correlation')] as number | null,
    }))
    .sort((a, b) => (b.correlation ?? b.value ?? 0) - (a.correlation ?? a.value ?? 0))
  if (rows.length === 0) return <p class="hint">No region is drawn here.</p>
  return (
    <table>
      <thead>
        <tr>
          <th scope="col">Region</th>
          {isStatistical ? <th scope="col">Probability</th> : null}
          <th scope="col">Correlation</th>
        </tr>
      </thead>
      <tbody>
        {rows.map(({ region, value, correlation }, row) => (
          <tr key={row}>
            <td>
              <button type="button" class="link" onClick={() => (address.region.value = region ?? '')}>
                {region}
              </button>
            </td>
            {isStatistical ? <td>{value === null ? '' : value.toFixed(3)}</td> : null}
            <td>{correlation === null ? '–' : correlation.toFixed(3)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}
