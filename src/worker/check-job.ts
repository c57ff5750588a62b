/**
 * What a worker takes from the broker is believed only where a server of this version can have written it: its form, its size, an id that
 * is the hash of its task, names of files that are those of bodies. Whether the parameters fit is seen where the handler is
 * (tasks/execute.ts).
 */
import { createHash } from 'node:crypto'
import type { Job } from 'bullmq'
import type { TaskJob } from '../dispatch/queue/job.ts'
import { taskId } from '../dispatch/queue/names.ts'
import { isMarkerName } from '../downloads/shared-folder.ts'
import { MAX_INLINE_BYTES, type TaskBody } from '../tasks/answer/body.ts'
import { isBodyName } from '../tasks/answer/file-names.ts'
import { CRITICALITIES } from '../tasks/criticality.ts'
import type { QueueName, Task } from '../tasks/task.ts'

/** Why a job, or the body that it names, is not taken; metrics count by it. */
export const JOB_REFUSALS = ['malformed', 'too_large', 'other_task', 'body', 'unknown_task', 'parameters'] as const
export type JobRefusal = (typeof JOB_REFUSALS)[number]

export class RefusedJob extends Error {
  override readonly name = 'RefusedJob'
  readonly reason: JobRefusal

  constructor(reason: JobRefusal, message: string) {
    super(message)
    this.reason = reason
  }
}

/** Text in the parameters of a job; what clients send beyond a URL is a body. */
const MAX_PARAMETER_CHARACTERS = 2 ** 20
/** Deeper than any parameter. */
const MAX_DEPTH = 16
const MAX_TEXT = 1024

/** The job as what it is. Throws a RefusedJob where no server of this version can have sent it. */
export function checkJob(
  { id, name, data }: Pick<Job<unknown>, 'id' | 'name' | 'data'>,
  queue: QueueName,
): TaskJob & { id: string } {
  const job = objectOf(data, 'its data')
  const task = objectOf(job.task, 'its task')
  const params = objectOf(task.params, 'its parameters')
  if (charactersIn(params, 0) > MAX_PARAMETER_CHARACTERS)
    throw new RefusedJob('too_large', 'its parameters are too large')
  const body = task.body === undefined ? undefined : checkBody(objectOf(task.body, 'its body'))
  const isWhole =
    isText(id) &&
    isText(task.name) &&
    task.name === name &&
    task.queue === queue &&
    CRITICALITIES.some((one) => one === task.criticality) &&
    Number.isFinite(task.deadlineMs) &&
    isOptional(task.isHeavy, 'boolean') &&
    isOptional(task.mayBeFile, 'boolean') &&
    [task.token, task.dataVersion, task.traceparent].every((value) => value === undefined || isText(value)) &&
    isOptional(job.isLong, 'boolean') &&
    isOptional(job.tellsProgress, 'boolean') &&
    (job.folderMarker === undefined || (isText(job.folderMarker) && isMarkerName(job.folderMarker)))
  if (!isWhole) throw new RefusedJob('malformed', 'it has not the form of a job')
  // each member was looked at
  const { task: checked, ...rest } = job as unknown as TaskJob
  const own: Task = body ? { ...checked, body } : checked
  if (id !== taskId(rest.isLong ? { ...own, name: `long ${own.name}` } : own))
    throw new RefusedJob('other_task', 'its id is that of another task')
  return { ...rest, task: own, id }
}

function checkBody(body: Record<string, unknown>): TaskBody {
  const { mediaType, boundary, sha256, bytes } = body
  const place = objectOf(body.place, 'the place of its body')
  const isWhole =
    isText(mediaType) &&
    (boundary === undefined || isText(boundary)) &&
    isText(sha256) &&
    /^[0-9a-f]{64}$/.test(sha256) &&
    Number.isSafeInteger(bytes) &&
    (bytes as number) >= 0
  if (!isWhole) throw new RefusedJob('body', 'its body has not the form of one')
  // each member was looked at
  const checked = body as unknown as TaskBody
  if (place.kind === 'inline') checkInline(place.base64, checked)
  else if (place.kind === 'file' || place.kind === 'object' || place.kind === 'results') {
    const name = place.kind === 'results' ? place.id : place.name
    if (!isText(name) || !isBodyName(name)) throw new RefusedJob('body', 'its body lies where no bodies are')
  } else throw new RefusedJob('body', 'its body lies nowhere')
  return checked
}

function checkInline(base64: unknown, body: TaskBody): void {
  if (typeof base64 !== 'string') throw new RefusedJob('body', 'its body is no text')
  if (base64.length > (MAX_INLINE_BYTES * 4) / 3 + 4)
    throw new RefusedJob('too_large', 'its body is too large for a job')
  const bytes = Buffer.from(base64, 'base64')
  checkContent(body, bytes.byteLength, createHash('sha256').update(bytes).digest('hex'))
}

/** Throws a RefusedJob where what was read is not the body that its task names. */
export function checkContent(body: TaskBody, bytes: number, sha256: string | undefined): void {
  if (bytes !== body.bytes || (sha256 !== undefined && sha256 !== body.sha256))
    throw new RefusedJob('body', 'what lies in the place of its body is another')
}

function objectOf(value: unknown, what: string): Record<string, unknown> {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Record<string, unknown>
  throw new RefusedJob('malformed', `${what} are none`)
}

const isText = (value: unknown): value is string => typeof value === 'string' && value.length <= MAX_TEXT
const isOptional = (value: unknown, type: 'boolean') => value === undefined || typeof value === type

/** Of all texts and names in a JSON value; of one that is nested too deeply, infinitely many. */
function charactersIn(value: unknown, depth: number): number {
  if (typeof value === 'string') return value.length
  if (typeof value !== 'object' || value === null) return 8
  if (depth > MAX_DEPTH) return Number.POSITIVE_INFINITY
  let sum = 0
  for (const [name, member] of Object.entries(value)) sum += name.length + charactersIn(member, depth + 1)
  return sum
}
