/**
 * What a number of users needs: arithmetic over what `npm run capacity` has measured. No measurement here, so that anybody can put in
 * numbers of their own.
 */

/**
 * @typedef {object} Usage What people do. All of a day.
 * @property {number} users
 * @property {number} sessions sessions of an explorer, for each user
 * @property {number} scripted requests of scripts, for each user
 * @property {number} uploads images and tables that are sent, for each user
 * @property {number} peak how much busier the busiest minute is than the average one
 * @property {number} edgeHits share of requests (0 to 1) that an edge or CDN answers
 * @property {number} cacheHits share of what comes to servers that they have kept
 */

/**
 * @typedef {object} Costs Measured on one machine.
 * @property {number} requestsPerSession
 * @property {number} bytesPerRequest as sent, compressed
 * @property {number} bytesPerUpload
 * @property {number} hitCpuMs CPU time of a server for an answer that it has kept
 * @property {number} missServerCpuMs ... for one that workers make
 * @property {number} missWorkerCpuMs CPU time of a worker for it
 * @property {number} uploadWorkerCpuMs CPU time of a worker for what is sent
 * @property {number} nearShare share of tasks that a server runs itself (queue core)
 * @property {number} redisOpsPerTask
 * @property {number} redisBytesPerTask to and from Redis
 * @property {number} redisOpsPerS what one Redis does
 */

export const DAY_S = 86_400
/** Beyond this share of a core, answers wait for each other. */
export const BUSY = 0.6

/** @param {Usage} usage @param {Costs} costs */
export function plan(usage, costs) {
  const perS = (perUser) => (usage.users * perUser * usage.peak) / DAY_S
  const read = perS(usage.sessions * costs.requestsPerSession + usage.scripted)
  const uploads = perS(usage.uploads)
  const atServers = read * (1 - usage.edgeHits)
  const misses = atServers * (1 - usage.cacheHits)
  const hits = atServers - misses
  const tasks = misses * (1 - costs.nearShare) + uploads
  const serverCores = (hits * costs.hitCpuMs + (misses + uploads) * costs.missServerCpuMs) / 1000 / BUSY
  const workerCores =
    (misses * (1 - costs.nearShare) * costs.missWorkerCpuMs + uploads * costs.uploadWorkerCpuMs) / 1000 / BUSY
  const redisOps = tasks * costs.redisOpsPerTask
  return {
    requestsPerS: read + uploads,
    atServersPerS: atServers + uploads,
    tasksPerS: tasks,
    // a server is one event loop; two at least, so that one may restart
    servers: Math.max(2, Math.ceil(serverCores)),
    workers: Math.max(2, Math.ceil(workerCores)),
    redisOpsPerS: redisOps,
    redisBytesPerS: tasks * costs.redisBytesPerTask,
    redis: Math.max(1, Math.ceil(redisOps / (costs.redisOpsPerS * BUSY))),
    bitsOutPerS: read * costs.bytesPerRequest * 8,
    bitsFromServersPerS: atServers * costs.bytesPerRequest * 8,
    bitsInPerS: uploads * costs.bytesPerUpload * 8,
  }
}

/** Tasks a second at which one Redis is as busy as it should be. */
export const tasksOfOneRedis = (costs) => (costs.redisOpsPerS * BUSY) / costs.redisOpsPerTask
