import { execFileSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'

/** A cached answer beside a file of the same size, from the same nginx: requests a second, and CPU time of its worker. */
export function measure({ wrk, nginxPid, listing, size, file, fileUrl }) {
  writeFileSync(file, Buffer.alloc(size, 'x'))
  const worker = Number(readFileSync(`/proc/${nginxPid}/task/${nginxPid}/children`, 'utf8').trim().split(' ')[0])
  const cpuMs = () => {
    const fields = readFileSync(`/proc/${worker}/stat`, 'utf8').split(') ')[1].split(' ')
    return (Number(fields[11]) + Number(fields[12])) * 10
  }
  const cost = (url) => {
    const before = cpuMs()
    const said = execFileSync(wrk, ['-t1', '-c16', '-d3s', url], { encoding: 'utf8' })
    const requests = Number(/(\d+) requests in/.exec(said)?.[1])
    return { us: ((cpuMs() - before) * 1000) / requests, rate: requests / 3 }
  }
  for (let round = 0; round < 3; round++) {
    const [kept, plain] = [cost(listing), cost(fileUrl)]
    const tell = ({ us, rate }) => `${us.toFixed(1)} us of CPU, ${Math.round(rate)}/s`
    console.log(`a cached answer of ${size} bytes: ${tell(kept)}; a file of that size: ${tell(plain)}`)
  }
}
