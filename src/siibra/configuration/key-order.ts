/**
 * The keys of an object of texts in the order of its file. JavaScript moves keys that look like numbers to the front, and
 * subjects of data sets are named `000`, `001` ... `100`. Empty where the property is missing, or holds other values.
 */
export function keysInFileOrder(text: string, property: string): string[] {
  const start = new RegExp(`"${property}"\\s*:\\s*\\{\\s*`).exec(text)
  if (!start) return []
  const entry = /("(?:[^"\\]|\\.)*")\s*:\s*"(?:[^"\\]|\\.)*"\s*([,}])\s*/y
  entry.lastIndex = start.index + start[0].length
  const keys: string[] = []
  for (;;) {
    const [, key, end] = entry.exec(text) ?? []
    if (key === undefined) return []
    keys.push(JSON.parse(key))
    if (end === '}') return keys
  }
}
