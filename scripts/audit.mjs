/** `npm audit` of what is installed in production; skipped visibly where the registry does not answer it. */
import { spawnSync } from 'node:child_process'

const { stdout, stderr } = spawnSync('npm', ['audit', '--omit=dev', '--json'], { encoding: 'utf8', timeout: 60_000 })
let report
try {
  report = JSON.parse(stdout)
} catch {
  report = {}
}
const counts = report.metadata?.vulnerabilities
if (counts === undefined) {
  const why = report.error?.summary ?? report.message ?? stderr.trim().split('\n').at(-1)
  console.log(`SKIPPED: the registry does not answer npm audit: ${String(why).slice(0, 200)}`)
} else {
  console.log(`npm audit: ${JSON.stringify(counts)}`)
  for (const { name, severity, range } of Object.values(report.vulnerabilities))
    console.log(`${severity}: ${name} ${range}`)
  process.exit(counts.high + counts.critical > 0 ? 1 : 0)
}
