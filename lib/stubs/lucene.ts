/** A parsed search: alternatives, conjunctions, and fields with one or more acceptable values. */
export type Node =
  | { readonly or: readonly Node[] }
  | { readonly and: readonly Node[] }
  | { readonly field: string; readonly values: readonly string[]; readonly not?: boolean }

/** Parses the part of Lucene's language that a client needs: fields, phrases, AND, OR, NOT, brackets, escapes. Throws on the rest. */
export function parseLucene(query: string): Node {
  const tokens = [...query.matchAll(/\s*(\(|\)|"(?:\\.|[^"\\])*"|\bAND\b|\bOR\b|\bNOT\b|[A-Za-z]+:|[^\s()"]+)/g)].map(
    (m) => m[1] ?? '',
  )
  let at = 0
  const peek = () => tokens[at]
  const fail = (): never => {
    throw new Error(`cannot parse at token ${at} (${tokens[at]}): ${query}`)
  }
  const value = (token: string) => (token.startsWith('"') ? token.slice(1, -1) : token).replace(/\\(.)/g, '$1')
  function alternatives(): Node {
    const parts = [conjunction()]
    while (peek() === 'OR') {
      at++
      parts.push(conjunction())
    }
    return parts.length === 1 ? parts[0]! : { or: parts }
  }
  function conjunction(): Node {
    const parts = [term()]
    while (peek() === 'AND' || peek() === 'NOT') {
      if (peek() === 'AND') at++
      const not = peek() === 'NOT'
      if (not) at++
      const part = term()
      parts.push(not && 'field' in part ? { ...part, not } : part)
    }
    return parts.length === 1 ? parts[0]! : { and: parts }
  }
  function term(): Node {
    const token = peek() ?? fail()
    if (token === '(') {
      at++
      const inner = alternatives()
      if (peek() !== ')') fail()
      at++
      return inner
    }
    if (!token.endsWith(':')) fail()
    const field = token.slice(0, -1)
    at++
    if (peek() !== '(') {
      const word = peek() ?? fail()
      at++
      return { field, values: [value(word)] }
    }
    at++
    const values: string[] = []
    for (;;) {
      values.push(value(peek() ?? fail()))
      at++
      if (peek() === ')') break
      if (peek() !== 'OR') fail()
      at++
    }
    at++
    return { field, values }
  }
  const tree = alternatives()
  if (at !== tokens.length) fail()
  return tree
}

/** Every way to satisfy the query, as field → acceptable values; equal fields of one way are kept apart. */
export function ways(node: Node): { field: string; values: readonly string[]; not?: boolean }[][] {
  if ('field' in node) return [[node]]
  if ('or' in node) return node.or.flatMap(ways)
  return node.and.map(ways).reduce((all, more) => all.flatMap((one) => more.map((other) => [...one, ...other])), [
    [],
  ] as {
    field: string
    values: readonly string[]
    not?: boolean
  }[][])
}
