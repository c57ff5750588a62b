import { useEffect, useState } from 'preact/hooks'
import { apiUrl, getJson } from '../api/client.ts'
import type { DataFrame } from '../api/types.ts'
import { How } from '../how/how.tsx'
import { address } from '../state/address.ts'
import { hasStatisticalMap, hasVoxels, parcellation, space } from '../state/atlas.ts'
import { chooseRegion, openPane, parsePoint, roundedMm } from '../state/shown.ts'
import { useLoaded } from '../use-loaded.ts'
import { colourOf } from '../viewer/colours.ts'
import { Failed, Loading } from './waiting.tsx'

const LARGEST_SIGMA_MM = 30
/** While the cross is dragged nothing is asked. */
const REST_MS = 150

/** Which regions a point belongs to, as surely as its uncertainty allows. */
export function PointPanel() {
  const point = address.point.value ?? ''
  const settled = useSettled(point)
  if (!space.value || !parcellation.value) return null
  return (
    <>
      <h2>Point</h2>
      {hasVoxels(space.value) ? null : (
        <p class="hint">Points are assigned in spaces with voxels; this one has surfaces only.</p>
      )}
      <Coordinates point={point} />
      <Uncertainty />
      {settled && hasVoxels(space.value) ? (
        <Assigned point={settled} />
      ) : (
        <p class="hint">Click into the brain, or type coordinates in mm.</p>
      )}
    </>
  )
}

function useSettled(value: string): string {
  const [settled, setSettled] = useState(value)
  useEffect(() => {
    const timer = setTimeout(() => setSettled(value), REST_MS)
    return () => clearTimeout(timer)
  }, [value])
  return settled
}

function Coordinates({ point }: { point: string }) {
  const [typed, setTyped] = useState<string>()
  const text = typed ?? point.replaceAll(',', ', ')
  const isWrong = typed !== undefined && typed !== '' && !parsePoint(typed)
  const apply = () => {
    const parsed = parsePoint(typed)
    if (parsed) address.point.value = roundedMm(parsed)
    if (parsed || typed === '') setTyped(undefined)
  }
  return (
    <form
      class="field"
      onSubmit={(event) => {
        event.preventDefault()
        apply()
      }}
    >
      <label for="coordinates">Coordinates (x, y, z in mm)</label>
      <input
        id="coordinates"
        inputMode="text"
        placeholder="-20, 10, 10"
        value={text}
        aria-invalid={isWrong}
        aria-describedby={isWrong ? 'coordinates-wrong' : undefined}
        onInput={(event) => setTyped(event.currentTarget.value)}
        onBlur={apply}
      />
      {isWrong ? (
        <p id="coordinates-wrong" class="wrong">
          Three numbers are needed, such as -20, 10, 10.
        </p>
      ) : null}
    </form>
  )
}

function Uncertainty() {
  const sigma = Number(address.sigma.value) || 0
  return (
    <div class="field">
      <label for="sigma">
        Uncertainty: <output>{sigma === 0 ? 'none' : `${sigma} mm (standard deviation)`}</output>
      </label>
      <input
        id="sigma"
        type="range"
        min={0}
        max={LARGEST_SIGMA_MM}
        step={1}
        value={sigma}
        onChange={(event) => {
          address.sigma.value = event.currentTarget.value === '0' ? '' : event.currentTarget.value
        }}
      />
    </div>
  )
}

function Assigned({ point }: { point: string }) {
  const isStatistical = hasStatisticalMap.value
  const query = {
    parcellation_id: parcellation.value?.['@id'],
    space_id: space.value?.['@id'],
    point: point
      .split(',')
      .map((value) => `${value}mm`)
      .join(','),
    assignment_type: isStatistical ? 'statistical' : 'labelled',
    sigma_mm: Number(address.sigma.value) || 0,
  }
  const url = apiUrl('/map/assign', query)
  const loaded = useLoaded(url, (signal) => getJson<DataFrame>('/map/assign', query, { signal }))
  return (
    <section aria-label="Assignment" aria-live="polite">
      <h3>
        Regions <How what="the regions of this point" url={url} />
      </h3>
      {loaded.state === 'loading' ? <Loading what="its regions" /> : null}
      {loaded.state === 'failed' ? <Failed message={loaded.message} /> : null}
      {loaded.state === 'there' ? <Rows frame={loaded.value} isStatistical={isStatistical} /> : null}
    </section>
  )
}

function Rows({ frame, isStatistical }: { frame: DataFrame; isStatistical: boolean }) {
  const at = (name: string) => frame.columns.indexOf(name)
  const rows = frame.data
    .map((row) => ({
      region: (row[at('region')] as string | null) ?? '',
      value: row[at('map_value')] as number | null,
      correlation: row[at('correlation')] as number | null,
      containedness: row[at('input_containedness')] as number | null,
    }))
    .sort((a, b) => (b.correlation ?? b.value ?? 0) - (a.correlation ?? a.value ?? 0))
  if (rows.length === 0) return <p class="hint">No region is drawn here.</p>
  const isUncertain = rows.some(({ correlation }) => correlation !== null)
  return (
    <table>
      <thead>
        <tr>
          <th scope="col">Region</th>
          {isStatistical ? <th scope="col">{isUncertain ? 'Highest value' : 'Probability'}</th> : null}
          {isUncertain ? <th scope="col">Correlation</th> : null}
          {isUncertain ? <th scope="col">Contained</th> : null}
        </tr>
      </thead>
      <tbody>
        {rows.map(({ region, value, correlation, containedness }, row) => (
          <tr key={row}>
            <td>
              <i class="dot" style={{ background: `rgb(${colourOf(region, row).join(' ')})` }} />
              <button
                type="button"
                class="link"
                onClick={() => {
                  chooseRegion(region)
                  openPane('region')
                }}
              >
                {region}
              </button>
            </td>
            {isStatistical ? <td class="number">{share(value)}</td> : null}
            {isUncertain ? <td class="number">{share(correlation)}</td> : null}
            {isUncertain ? <td class="number">{share(containedness)}</td> : null}
          </tr>
        ))}
      </tbody>
    </table>
  )
}

const share = (value: number | null) => (value === null ? '–' : value.toFixed(3))
