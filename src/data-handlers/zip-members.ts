/**
 * What members of archives have in common: a fixed time, so that equal requests give equal bytes, and one ETag. It is
 * written as DOS has it, without time zone, so that it is the same wherever a worker runs.
 */
export const ZIP_MEMBER = { mtime: new Date(1980, 0, 1), forceDosTimestamp: true } as const
