/**
 * The `content-disposition` of a file to be saved under a name. Names with other than plain characters are sent as
 * RFC 6266 has it, slashes as they are.
 */
export function attachmentHeader(fileName: string): string {
  const encoded = encodeURIComponent(fileName)
    .replace(/[!'()*]/g, (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`)
    .replaceAll('%2F', '/')
  return encoded === fileName ? `attachment; filename="${fileName}"` : `attachment; filename*=utf-8''${encoded}`
}
