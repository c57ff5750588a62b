/** What a task may take; who runs the service sets it (config-limits.ts), who runs a task hands it on. */
export interface TaskLimits {
  /** Points of a body. */
  points: number
  /** Points of a body that have an uncertainty: each is an integral over the map. */
  uncertainPoints: number
  /** Voxels of an image that is made of points. */
  imageVoxels: number
  /** Bytes of one volume of an image that was sent, as numbers. */
  volumeBytes: number
  /** Bytes of all volumes of such an image, inflated. */
  inflatedBytes: number
  /** Volumes of such an image. */
  volumes: number
  /** Bytes of an answer that lies in a file. */
  answerFileBytes: number
  /** Bytes of all files that tasks leave in the shared folder. */
  sharedBytes: number
}

export const DEFAULT_LIMITS: TaskLimits = Object.freeze({
  points: 1_000_000,
  uncertainPoints: 20_000,
  // 640 MB while it is computed
  imageVoxels: 2 ** 25,
  volumeBytes: 512 * 2 ** 20,
  inflatedBytes: 16 * 2 ** 30,
  volumes: 2000,
  // a million points in twenty parcellations take as much
  answerFileBytes: 4 * 2 ** 30,
  sharedBytes: 20 * 2 ** 30,
})
