/** Sources of remote data that are slow, wrong, half or away, while nothing of theirs is kept here. */
import type { SourceState } from '../source.ts'
import { removeCache } from './disk.ts'
import { ALL, type Fault, QUEUE } from './fault.ts'

const broken = (name: string, state: SourceState, lastsS = 3): Fault => ({
  name,
  fleets: [ALL, QUEUE],
  lastsS,
  async begin(fleet) {
    fleet.source.state = state
    removeCache(fleet)
    for (const reader of fleet.readers) reader.signal('SIGUSR2')
  },
  end: async ({ source }) => {
    source.state = 'whole'
  },
  normalWithinS: 30,
})

export const SOURCE_FAULTS: Fault[] = [
  broken('sources are slow (0.8 s each)', 'slow'),
  { ...broken('sources give a web page', 'a web page'), shortIn: [ALL] },
  broken('sources give half of each file', 'half'),
  broken('sources answer 500', 'failing'),
  { ...broken('sources close the connection', 'away'), shortIn: [QUEUE] },
  broken('sources close the connection for 15 s', 'away', 15),
]
