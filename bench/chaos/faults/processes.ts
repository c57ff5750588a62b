/** Workers, servers and threads that die, hang, or are told to stop. */
import { setTimeout as delay } from 'node:timers/promises'
import { type Fleet, untilReady } from '../fleet.ts'
import type { ServiceProcess } from '../process.ts'
import { ALL, type Fault, QUEUE } from './fault.ts'

const first = (processes: readonly ServiceProcess[]) => processes[0] as ServiceProcess

const suspended = (name: string, of: (fleet: Fleet) => ServiceProcess, lastsS: number): Omit<Fault, 'fleets'> => ({
  name,
  lastsS,
  begin: async (fleet) => of(fleet).signal('SIGSTOP'),
  end: async (fleet) => of(fleet).signal('SIGCONT'),
})

export const PROCESS_FAULTS: Fault[] = [
  {
    name: 'a worker is killed (SIGKILL)',
    fleets: [QUEUE],
    shortIn: [QUEUE],
    lastsS: 1,
    begin: async ({ workers }) => void (await first(workers).end('SIGKILL')),
    end: ({ workers }) => first(workers).start(),
    answeredWithinS: 15,
  },
  {
    name: 'all workers are killed',
    fleets: [QUEUE],
    lastsS: 2,
    begin: async ({ workers }) => void (await Promise.all(workers.map((worker) => worker.end('SIGKILL')))),
    async end({ workers }) {
      await Promise.all(workers.map((worker) => worker.start()))
    },
  },
  {
    name: 'all threads end (as by a crash of native code)',
    fleets: [ALL, QUEUE],
    shortIn: [ALL, QUEUE],
    lastsS: 1,
    begin: async ({ readers }) => {
      for (const reader of readers) reader.signal('SIGUSR2')
    },
    answeredWithinS: 15,
  },
  {
    ...suspended('a worker is suspended for 4 s', ({ workers }) => first(workers), 4),
    fleets: [QUEUE],
    shortIn: [QUEUE],
  },
  // longer than its lock on its tasks: others run them, and what it brings late is not wanted
  { ...suspended('a worker is suspended for 15 s', ({ workers }) => first(workers), 15), fleets: [QUEUE] },
  {
    ...suspended('the server is suspended for 3 s', ({ servers }) => first(servers), 3),
    fleets: [ALL, QUEUE],
    shortIn: [ALL],
  },
  {
    name: 'a worker is told to stop (SIGTERM), and another started',
    fleets: [QUEUE],
    lastsS: 0,
    async begin({ workers }) {
      await first(workers).end('SIGTERM')
      await first(workers).start()
    },
  },
  {
    name: 'rolling restart: SIGTERM to each server and worker in turn',
    fleets: ['two servers and four workers behind nginx'],
    shortIn: ['two servers and four workers behind nginx'],
    lastsS: 0,
    async begin({ servers, workers }) {
      for (const one of [...servers, ...workers]) {
        const code = await one.end('SIGTERM')
        if (code !== 0) throw new Error(`${one.name} ended with ${code}`)
        await one.start()
        await untilReady(servers)
        await delay(300)
      }
    },
  },
]
