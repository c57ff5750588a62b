import { errorOf } from '@siibra-api/client'
import { API, ApiError, apiUrl, getJson, type Query } from './client.ts'

/** What is sent, and of which kind it is. */
export interface Body {
  content: Blob
  mediaType: string
}

/** How far a request is: `share` (0 to 1) is undefined where that is not known. */
export type OnStep = (doing: string, share: number | undefined) => void

interface TaskState {
  task_id: string
  status: 'PENDING' | 'STARTED' | 'SUCCESS' | 'FAILURE'
  progress: number
  doing: string
  detail: string | null
}

const FIRST_WAIT_MS = 100
const LONGEST_WAIT_MS = 1500

/**
 * Sends a body and waits for the answer. The service works on it behind (`Prefer: respond-async`), so that its progress can be told; aborting ends
 * the upload, or the task.
 */
export async function post(path: string, query: Query, body: Body, signal: AbortSignal, onStep: OnStep): Promise<Blob> {
  const sent = await upload(apiUrl(path, query), body, signal, (share) => onStep('Sending', share))
  if (sent.status !== 202) return sent.answer
  const { task_id: taskId } = JSON.parse(await sent.answer.text()) as TaskState
  const task = `/tasks/${encodeURIComponent(taskId)}`
  try {
    for (let wait = FIRST_WAIT_MS; ; wait = Math.min(wait * 1.5, LONGEST_WAIT_MS)) {
      await pause(wait, signal)
      const state = await getJson<TaskState>(task, {}, { signal })
      onStep(state.doing || 'Working', state.progress > 0 ? state.progress / 100 : undefined)
      if (state.status === 'FAILURE') throw failed(state)
      if (state.status === 'SUCCESS') break
    }
    return await result(`${API}${task}/result`, signal)
  } catch (thrown) {
    if (signal.aborted) fetch(API + task, { method: 'DELETE' }).catch(() => {})
    throw thrown
  }
}

const failed = ({ detail }: TaskState) =>
  new ApiError(500, 'TASK_FAILED', detail ?? 'The service could not do this.', API)

async function result(url: string, signal: AbortSignal): Promise<Blob> {
  const response = await fetch(url, { signal })
  if (!response.ok) throw await errorOf(response, url)
  return response.blob()
}

/** `fetch` does not tell how much has been sent; the older interface does. */
function upload(
  url: string,
  { content, mediaType }: Body,
  signal: AbortSignal,
  onShare: (share: number) => void,
): Promise<{ status: number; answer: Blob }> {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest()
    request.open('POST', url)
    request.responseType = 'blob'
    request.setRequestHeader('content-type', mediaType)
    request.setRequestHeader('prefer', 'respond-async')
    request.upload.onprogress = ({ loaded, total }) => onShare(total ? loaded / total : 0)
    request.onload = async () => {
      const answer = request.response as Blob
      if (request.status < 400) resolve({ status: request.status, answer })
      else reject(await errorOf(new Response(answer, { status: request.status }), url))
    }
    request.onerror = () =>
      reject(new ApiError(0, 'UNREACHABLE', 'The service does not answer, or has refused what was sent.', url))
    request.onabort = () => reject(new DOMException('ended', 'AbortError'))
    signal.addEventListener('abort', () => request.abort(), { once: true })
    if (signal.aborted) request.abort()
    else request.send(content)
  })
}

function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(resolve, ms)
    signal.addEventListener(
      'abort',
      () => {
        clearTimeout(timer)
        reject(new DOMException('ended', 'AbortError'))
      },
      { once: true },
    )
  })
}
