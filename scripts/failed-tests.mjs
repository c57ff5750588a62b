/**
 * Names the tests that failed, of reports that vitest wrote as JSON: file, full name, first line of the message.
 *
 *   node scripts/failed-tests.mjs .cache/vitest.json [REPORT ...]
 */
import { readFileSync } from 'node:fs'
import { relative } from 'node:path'
import { stripVTControlCharacters } from 'node:util'

/** First line of a message, without colours, at most 300 characters. */
const firstLine = (message) =>
  stripVTControlCharacters(message ?? '')
    .trim()
    .split('\n', 1)[0]
    .slice(0, 300)

/** @returns a line for each test that failed, and for each file that failed as a whole (it does not load, a hook threw) */
function failuresOf({ testResults }) {
  return testResults.flatMap(({ name, status, message, assertionResults }) => {
    const file = relative('.', name)
    const failed = assertionResults.filter((test) => test.status === 'failed')
    if (failed.length === 0) return status === 'failed' ? [`${file}: ${firstLine(message)}`] : []
    return failed.map(({ fullName, failureMessages }) => `${file} > ${fullName}: ${firstLine(failureMessages[0])}`)
  })
}

for (const report of process.argv.slice(2)) {
  try {
    for (const line of failuresOf(JSON.parse(readFileSync(report, 'utf8')))) console.log(line)
  } catch (problem) {
    console.log(`${report} cannot be read: ${problem.message}`)
  }
}
