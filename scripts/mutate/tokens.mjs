import { parseAst } from 'vite'

/** What an operator becomes. Each is one token, and the code still parses. */
const SWAPS = {
  '<': '<=',
  '<=': '<',
  '>': '>=',
  '>=': '>',
  '+': '-',
  '-': '+',
  '*': '/',
  '/': '*',
  '%': '*',
  '===': '!==',
  '!==': '===',
  '&&': '||',
  '||': '&&',
  '+=': '-=',
  '-=': '+=',
}
const WITH_OPERANDS = new Set(['BinaryExpression', 'LogicalExpression', 'AssignmentExpression'])

/**
 * The tokens of a file that can be changed: where they are, what they become, and the expression around them.
 * @returns {{ at: number, from: string, to: string, start: number, end: number, isFirst: boolean }[]} isFirst: a statement begins there
 */
export function tokensOf(code) {
  const tokens = []
  const statements = new Set()
  const visit = (node) => {
    if (node === null || typeof node !== 'object') return
    if (Array.isArray(node)) return node.forEach(visit)
    if (/^TS.*(Type|Annotation|Declaration)/.test(node.type ?? '')) return
    const { type, operator, start, end } = node
    if (type === 'ExpressionStatement') statements.add(start)
    if (WITH_OPERANDS.has(type) && SWAPS[operator]) {
      const at = code.indexOf(operator, node.left.end)
      if (at < node.right.start) tokens.push({ at, from: operator, to: SWAPS[operator], start, end })
    } else if (type === 'UpdateExpression') {
      const at = node.prefix ? start : end - 2
      tokens.push({ at, from: operator, to: operator === '++' ? '--' : '++', start, end })
    } else if (type === 'Literal' && typeof node.value === 'boolean')
      tokens.push({ at: start, from: String(node.value), to: String(!node.value), start, end })
    Object.values(node).forEach(visit)
  }
  visit(parseAst(code, { lang: 'ts' }))
  const outermost = new Map()
  for (const token of tokens)
    if (statements.has(token.start) && !(outermost.get(token.start)?.end > token.end)) outermost.set(token.start, token)
  return tokens
    .map((token) => ({ ...token, isFirst: outermost.get(token.start) === token }))
    .sort((a, b) => a.at - b.at)
}

/** The code with one token changed. */
export const mutated = (code, { at, from, to }) => code.slice(0, at) + to + code.slice(at + from.length)

/**
 * The code as it is, but that writes `NAME:INDEX` into a file when a token's expression is reached for the first time; with a `!`
 * where that is in another process or thread than the tests.
 */
export function watched(code, tokens, name, hitsFile) {
  const inserts = tokens.flatMap(({ start, end, isFirst }, i) => [
    // an inner expression begins after and ends before the outer one that begins or ends with it; a statement that began
    // with a bracket would belong to the line before
    { at: start, order: -end, text: isFirst ? `__hit(${i})||(` : `(__hit(${i}),` },
    { at: end, order: -start, text: ')' },
  ])
  let watchedCode = ''
  let from = 0
  const isEnd = ({ text }) => (text === ')' ? 0 : 1)
  for (const { at, text } of inserts.sort((a, b) => a.at - b.at || isEnd(a) - isEnd(b) || a.order - b.order)) {
    watchedCode += code.slice(from, at) + text
    from = at
  }
  const write = `process.getBuiltinModule('node:fs').appendFileSync(${JSON.stringify(hitsFile)},${JSON.stringify(`${name}:`)}+n+(globalThis.__vitest_worker__?'\\n':'!\\n'))`
  return `const __seen=new Set();const __hit=(n)=>{if(!__seen.has(n)){__seen.add(n);${write}}};${watchedCode}${code.slice(from)}`
}
