declare const __BUILD_ID__: string

/** A hash of what this program was built from (scripts/build.mjs); `source` where it runs unbuilt. */
export const BUILD_ID: string = typeof __BUILD_ID__ === 'string' ? __BUILD_ID__ : 'source'
