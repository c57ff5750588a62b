/**
 * What requests, clients and files may ask for, in one table: property <- variable, bounds of its value, default. docs/limits.md has the
 * status that each leads to. What stands in the OpenAPI document as a bound of a parameter can be lowered, not raised.
 */
import { bytesOf, integer, number, routeLimits, variable } from './config-variables.ts'
import { DEFAULT_LIMITS } from './tasks/limits.ts'

const KIBIBYTE = 2 ** 10
const MEBIBYTE = 2 ** 20
const GIBIBYTE = 2 ** 30

/** The largest buffer that node reads a file into. */
export const MAX_REMOTE_BYTES = 2 ** 31 - 1

export const LIMIT_VARIABLES = {
  maxHeadBytes: variable(['SIIBRA_API_MAX_HEAD_KB'], bytesOf(KIBIBYTE, 4, 1024), 32 * KIBIBYTE),
  maxUrlBytes: variable(['SIIBRA_API_MAX_URL_KB'], bytesOf(KIBIBYTE, 0.25, 1024), undefined),
  maxPageSize: variable(['SIIBRA_API_MAX_PAGE_SIZE'], integer(1, 100), 100),
  maxExpressionChars: variable(['SIIBRA_API_MAX_EXPRESSION_CHARS'], integer(1, 1000), 1000),

  clientRate: variable(['SIIBRA_API_CLIENT_RATE'], number(0, 1e6), 0),
  clientBurst: variable(['SIIBRA_API_CLIENT_BURST'], number(1, 1e6), 300),
  clientRequests: variable(['SIIBRA_API_CLIENT_REQUESTS'], integer(0, 1_000_000), 0),
  clientUploads: variable(['SIIBRA_API_CLIENT_UPLOADS'], integer(0, 1_000_000), 0),
  postLimits: variable(['SIIBRA_API_POST_LIMITS_MB'], routeLimits, Object.freeze({})),

  maxPoints: variable(['SIIBRA_API_MAX_POINTS'], integer(1, DEFAULT_LIMITS.points), DEFAULT_LIMITS.points),
  maxUncertainPoints: variable(
    ['SIIBRA_API_MAX_UNCERTAIN_POINTS'],
    integer(0, DEFAULT_LIMITS.points),
    DEFAULT_LIMITS.uncertainPoints,
  ),
  maxImageVoxels: variable(['SIIBRA_API_MAX_IMAGE_VOXELS'], integer(1, 2 ** 28), DEFAULT_LIMITS.imageVoxels),
  maxVolumeBytes: variable(['SIIBRA_API_MAX_VOLUME_MB'], bytesOf(MEBIBYTE, 0.001, 2047), DEFAULT_LIMITS.volumeBytes),
  maxInflatedBytes: variable(
    ['SIIBRA_API_MAX_INFLATED_MB'],
    bytesOf(MEBIBYTE, 0.001, 1_048_576),
    DEFAULT_LIMITS.inflatedBytes,
  ),
  maxVolumes: variable(['SIIBRA_API_MAX_VOLUMES'], integer(1, 100_000), DEFAULT_LIMITS.volumes),
  maxAnswerFileBytes: variable(
    ['SIIBRA_API_MAX_ANSWER_MB'],
    bytesOf(MEBIBYTE, 0.001, 1_048_576),
    DEFAULT_LIMITS.answerFileBytes,
  ),

  maxRemoteBytes: variable(['SIIBRA_API_MAX_REMOTE_MB'], bytesOf(MEBIBYTE, 0.0001, 2047), MAX_REMOTE_BYTES),
  maxDecodedBytes: variable(['SIIBRA_API_MAX_DECODED_MB'], bytesOf(MEBIBYTE), 2048 * MEBIBYTE),
  diskCacheBytes: variable(['SIIBRA_CACHE_SIZE_GIB'], bytesOf(GIBIBYTE), 2 * GIBIBYTE),
  sharedBytes: variable(['SIIBRA_API_SHARED_SIZE_GIB'], bytesOf(GIBIBYTE, 0.000_001, 1e6), DEFAULT_LIMITS.sharedBytes),
  resultFileBytes: variable(['SIIBRA_API_RESULT_FILES_MB'], bytesOf(MEBIBYTE), 1024 * MEBIBYTE),
  resultFiles: variable(['SIIBRA_API_RESULT_FILES'], integer(1, 1_000_000), 200),
} as const
