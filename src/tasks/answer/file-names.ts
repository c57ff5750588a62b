/** Names of the files that tasks and requests leave in the shared folder: nothing else there is ever read or removed. */

/** A bundle is named so once it is whole. */
export const isBundleName = (name: string): boolean => /^atlas-download-[\w-]+\.zip$/.test(name)

/** A file that holds the body of a request. */
export const bodyName = (id: string): string => `siibra-api-body-${id}`
export const isBodyName = (name: string): boolean => /^siibra-api-body-[\w-]+$/.test(name)

/** What the names of files that hold an answer begin with. */
export const ANSWER_FILE_PREFIX = 'siibra-api-answer-'
const ANSWER = new RegExp(`^${ANSWER_FILE_PREFIX}[\\w-]+$`)
export const isAnswerFileName = (name: string): boolean => ANSWER.test(name)
