/** What was found, as docs/reliability.md has it: a table for each fleet. */
import type { Found } from './run-fault.ts'

const HEAD = `| fault | asked | right | refused | wrong | lost | normal after | longest |
|---|---|---|---|---|---|---|---|`

export function tablesOf(found: readonly Found[]): string {
  const fleets = [...new Set(found.map(({ fleet }) => fleet))]
  return fleets
    .map((fleet) => {
      const rows = found.filter((one) => one.fleet === fleet).map(rowOf)
      return `### ${fleet[0]?.toUpperCase()}${fleet.slice(1)}\n\n${HEAD}\n${rows.join('\n')}\n`
    })
    .join('\n')
}

function rowOf({ fault, asked, right, refused, wrong, lost, normalAfterS, longestS }: Found): string {
  const counts = [asked, right, refused, wrong, lost].map((count) => count.toLocaleString('en'))
  return `| ${[fault, ...counts, `${normalAfterS} s`, `${longestS} s`].join(' | ')} |`
}
