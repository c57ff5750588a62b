import { Agent } from 'node:http'
import { setTimeout as delay } from 'node:timers/promises'
import { ask } from './ask.mjs'

/** Asks for atlases and regions all the time, by new connections, past the cache and from it, until what it gives back is called: it counts. */
export function load(at, parcellation) {
  const counts = { right: 0, wrong: 0 }
  let isOver = false
  const agent = new Agent({ keepAlive: true, maxSockets: 2 })
  const client = async (headers, own) => {
    for (let i = 0; !isOver; i++) {
      const { status } = await ask(
        `${at}/v3_0/${i % 2 ? 'atlases' : `regions?parcellation_id=${parcellation}`}`,
        headers,
        own ? false : agent,
      )
      if (status === 200) counts.right++
      else {
        counts.wrong++
        console.log(`     status ${status}`)
      }
      await delay(10)
    }
  }
  const clients = [
    client({}, true),
    client({ authorization: 'Bearer x' }, true),
    client({ authorization: 'Bearer x' }, false),
  ]
  return async () => {
    isOver = true
    await Promise.all(clients)
    agent.destroy()
    return counts
  }
}
