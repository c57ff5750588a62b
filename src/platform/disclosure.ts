/**
 * What clients are not told: credentials, addresses within the network of the service, folders of its machine. The places
 * are those of the process, not of a request, and an answer that forgot to ask for them would leak: so there is one list
 * for the process, which whoever builds a server or loads a core adds to.
 */
import { homedir, tmpdir } from 'node:os'
import { resolve } from 'node:path'
import { isPrivateAddress, isPrivateHost, mapTexts, redactCredentials } from '../siibra/index.ts'

/** Settings that name places. */
export interface PrivatePlaces {
  configuration?: string | readonly string[] | undefined
  mirror?: string | undefined
  localSnapshotDir?: string | undefined
  cacheDir?: string | undefined
  sharedDir?: string | undefined
  logDir?: string | undefined
  monitorDir?: string | undefined
}

const LABELS: Readonly<Record<keyof PrivatePlaces, string>> = {
  configuration: '(configuration)',
  mirror: '(mirror)',
  localSnapshotDir: '(snapshot)',
  cacheDir: '(cache)',
  sharedDir: '(shared folder)',
  logDir: '(log)',
  monitorDir: '(monitoring)',
}

const URL_IN_TEXT = /\b([a-z][a-z0-9+.-]*:\/\/)((?:[^\s"'`<>\\/?#]*@)?)(\[[0-9a-f:.]+\]|[^\s"'`<>\\/?#:(]+)(:\d+)?/gi
const BARE_ADDRESS = /(?<![\w.:/-])(?:\d{1,3}(?:\.\d{1,3}){3}|(?=[0-9a-f:]*::)[0-9a-f:]{2,39})(?::\d{1,5})?(?![\w.-])/gi
const HOST_ERROR =
  /\b((?:getaddrinfo|connect|read|write|bind|listen) E[A-Z_]{3,}) ([^\s"',;()]+?)(:\d+)?(?=[\s"',;()]|$)/g
const HIDDEN_ADDRESS = '(internal address)'

/** What stands where -> what clients are told, the longest first. */
const places = new Map<string, string>()
let longestFirst: (readonly [place: string, label: string])[] = []

/** Adds places that clients are not told of. */
export function keepPrivate(settings: PrivatePlaces): void {
  for (const key of Object.keys(LABELS) as (keyof PrivatePlaces)[]) {
    // several stand in a list or, as they were set, between commas
    const texts = [settings[key] ?? []].flat() as string[]
    for (const given of new Set(texts.flatMap((text) => [text, ...text.split(',')]))) {
      const place = given.trim().replace(/[/\\]+$/, '')
      if (['', 'demo', 'official'].includes(place)) continue
      if (/^https?:\/\//i.test(place)) {
        // the address of a public configuration may be told; that of a mirror says where the copies lie
        if (key === 'mirror' || isPrivateHost(hostOf(place))) addPlace(place, LABELS[key])
      } else addPlace(resolve(place), LABELS[key])
    }
  }
}

function addPlace(place: string, label: string): void {
  if (place === resolve('/')) return
  places.set(place, label)
  longestFirst = [...places].sort(([a], [b]) => b.length - a.length)
}

addPlace(resolve(import.meta.dirname, '..'), '(program)')
addPlace(process.cwd(), '(working directory)')
addPlace(homedir(), '(home)')
addPlace(tmpdir(), '(temporary folder)')

/** A text as clients may read it. */
export function forClients(text: string): string {
  let result = text
  for (const [place, label] of longestFirst) {
    if (!result.includes(place)) continue
    result = result.replace(new RegExp(`(?<=file://|(?<![\\w./:~%-]))${escapeRegExp(place)}(?![\\w.-])`, 'g'), label)
  }
  result = redactCredentials(result)
  if (result.includes('://'))
    result = result.replace(URL_IN_TEXT, (url, scheme, _user, host) =>
      isPrivateHost(host) ? scheme + HIDDEN_ADDRESS : url,
    )
  result = result.replace(HOST_ERROR, (all, what, host) => (isPrivateHost(host) ? `${what} ${HIDDEN_ADDRESS}` : all))
  return result.replace(BARE_ADDRESS, (address) => (isPrivateAddress(withoutPort(address)) ? HIDDEN_ADDRESS : address))
}

/** An answer as clients may read it: every text in it. */
export const answerForClients = <T>(value: T): T => mapTexts(value, forClients)

const withoutPort = (address: string) => (address.includes('.') ? address.replace(/:\d+$/, '') : address)
const hostOf = (url: string) => (URL.canParse(url) ? new URL(url).hostname : '')
const escapeRegExp = (text: string) => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')
