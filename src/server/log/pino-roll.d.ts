/** pino-roll has no types of its own; this is what is used of it. */
declare module 'pino-roll' {
  interface RollingFile {
    write(text: string): boolean
    flush(done: (error?: Error) => void): void
    flushSync(): void
    on(event: 'error', listener: (error: Error) => void): this
  }
  interface RollingFileOptions {
    file: string
    extension?: string
    frequency?: 'daily' | 'hourly' | number
    size?: string
    mkdir?: boolean
    limit?: { count: number }
  }
  export default function open(options: RollingFileOptions): Promise<RollingFile>
}
