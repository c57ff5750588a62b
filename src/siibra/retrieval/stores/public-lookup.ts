/** Names of foreign servers must not lead into the own machine or network. */
import { lookup as lookUp } from 'node:dns'
import type { LookupFunction } from 'node:net'
import { isPrivateAddress } from '../../private-hosts.ts'

/** Resolves names to public addresses only; a name that has a private one among its addresses fails. */
export const publicLookup: LookupFunction = (hostname, options, callback) => {
  lookUp(hostname, { ...options, all: true }, (failure, addresses) => {
    const inside = addresses?.find(({ address }) => isPrivateAddress(address))
    const problem = failure ?? (inside && new Error(`${hostname} is a private address`))
    if (problem) return callback(problem as NodeJS.ErrnoException, [])
    const [first] = addresses
    if (options.all || !first) callback(null, addresses)
    else callback(null, first.address, first.family)
  })
}
