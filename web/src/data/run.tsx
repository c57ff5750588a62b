import { useState } from 'preact/hooks'
import { apiUrl, type Query } from '../api/client.ts'
import { type Body, post } from '../api/post.ts'
import { How } from '../how/how.tsx'
import { report, withWork } from '../state/problems.ts'

interface RunProps {
  label: string
  path: string
  query: Query
  body: () => Body
  /** Name of what is sent, in the code that is shown. */
  sends: string
  mediaType: string
  file?: string
  onAnswer: (answer: Blob) => Promise<void>
}

/** A button that sends something, tells how far that is, and hands the answer on; and the request behind it. */
export function Run({ label, path, query, body, sends, mediaType, file, onAnswer }: RunProps) {
  const [isRunning, setRunning] = useState(false)
  const run = async () => {
    setRunning(true)
    try {
      await withWork(label, async (signal, progress) => {
        await onAnswer(await post(path, query, body(), signal, (doing, share) => progress(share, doing)))
      })
    } catch (thrown) {
      report(thrown)
    } finally {
      setRunning(false)
    }
  }
  return (
    <p class="row">
      <button type="button" class="primary" disabled={isRunning} onClick={run}>
        {isRunning ? 'Working …' : label}
      </button>
      <How what={label.toLowerCase()} url={apiUrl(path, query)} file={file} sends={{ file: sends, mediaType }} />
    </p>
  )
}
