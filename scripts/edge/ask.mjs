import { get as httpGet } from 'node:http'

/** A request by a connection of its own, unless an agent is given. */
export function ask(url, headers = {}, agent = false) {
  return new Promise((resolve) => {
    const request = httpGet(url, { headers, agent }, (response) => {
      let bytes = 0
      response.on('data', (part) => {
        bytes += part.length
      })
      response.on('end', () => resolve({ status: response.statusCode, headers: response.headers, bytes }))
      response.on('error', () => resolve({ status: 0, headers: {}, bytes }))
    })
    request.on('error', () => resolve({ status: 0, headers: {}, bytes: 0 }))
  })
}
