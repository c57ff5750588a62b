/** Clocks that are set while the service runs, and that differ between machines. */
import type { Fleet } from '../fleet.ts'
import type { ServiceProcess } from '../process.ts'
import type { Fault } from './fault.ts'

const ONE = 'role all, clock by faketime'
const TWO = 'server and worker, clocks by faketime'

const moved = (name: string, of: (fleet: Fleet) => readonly ServiceProcess[], by: string): Fault => ({
  name,
  fleets: [TWO],
  lastsS: 3,
  begin: async (fleet) => {
    for (const one of of(fleet)) one.moveClock(by)
  },
  end: async (fleet) => {
    for (const one of of(fleet)) one.moveClock('+0')
  },
})

const all = ({ servers, workers }: Fleet) => [...servers, ...workers]

export const CLOCK_FAULTS: Fault[] = [
  { ...moved('all clocks go one hour forward, and back', all, '+1h'), fleets: [ONE, TWO] },
  { ...moved('all clocks go one hour back, and forward', all, '-1h'), fleets: [ONE, TWO] },
  { ...moved('the clock of the server is one hour ahead', ({ servers }) => servers, '+1h'), shortIn: [TWO] },
  { ...moved('the clock of the server is one hour behind', ({ servers }) => servers, '-1h'), shortIn: [TWO] },
  moved('the clock of the worker is one minute ahead', ({ workers }) => workers, '+1m'),
]
