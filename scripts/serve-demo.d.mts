/** Serves the demo atlas with the built program: its address, and how it is ended. */
export function serveDemo(cacheFolder: string): Promise<{ base: string; stop: () => Promise<void> }>
