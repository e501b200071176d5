/** A parsed search: alternatives, conjunctions, and fields with one or more acceptable values. */
export type Node =
  | { readonly or: readonly Node[] }
  | { readonly and: readonly Node[] }
  | { readonly field: string; readonly values: readonly string[]; readonly not?: boolean }

/** Parses the part of Lucene's language that a client needs: fields, phrases, AND, OR, NOT, brackets, escapes. Throws on the rest. */
export function parseLucene(query: string): Node {
  return new Parser(query).query()
}

const token = /\s*(\(|\)|"(?:\\.|[^"\\])*"|\bAND\b|\bOR\b|\bNOT\b|[A-Za-z]+:|[^\s()"]+)/g
const unquoted = (value: string) => (value.startsWith('"') ? value.slice(1, -1) : value).replace(/\\(.)/g, '$1')

/** A recursive descent, one method for each level of precedence. */
class Parser {
  readonly #text: string
  readonly #tokens: readonly string[]
  #at = 0

  constructor(text: string) {
    this.#text = text
    this.#tokens = [...text.matchAll(token)].map((match) => match[1] ?? '')
  }

  query(): Node {
    const tree = this.#alternatives()
    if (this.#at !== this.#tokens.length) this.#fail()
    return tree
  }

  #alternatives(): Node {
    const parts = [this.#conjunction()]
    while (this.#skip('OR')) parts.push(this.#conjunction())
    return parts.length === 1 ? parts[0]! : { or: parts }
  }

  #conjunction(): Node {
    const parts = [this.#term()]
    while (this.#next === 'AND' || this.#next === 'NOT') {
      this.#skip('AND')
      const not = this.#skip('NOT')
      const part = this.#term()
      parts.push(not && 'field' in part ? { ...part, not } : part)
    }
    return parts.length === 1 ? parts[0]! : { and: parts }
  }

  #term(): Node {
    if (this.#skip('(')) {
      const inner = this.#alternatives()
      this.#expect(')')
      return inner
    }
    const name = this.#take()
    if (!name.endsWith(':')) this.#fail()
    return { field: name.slice(0, -1), values: this.#values() }
  }

  #values(): string[] {
    if (!this.#skip('(')) return [unquoted(this.#take())]
    const values = [unquoted(this.#take())]
    while (!this.#skip(')')) {
      this.#expect('OR')
      values.push(unquoted(this.#take()))
    }
    return values
  }

  get #next(): string | undefined {
    return this.#tokens[this.#at]
  }

  #skip(wanted: string): boolean {
    if (this.#next !== wanted) return false
    this.#at++
    return true
  }

  #take(): string {
    const next = this.#next ?? this.#fail()
    this.#at++
    return next
  }

  #expect(wanted: string): void {
    if (!this.#skip(wanted)) this.#fail()
  }

  #fail(): never {
    throw new Error(`cannot parse at token ${this.#at} (${this.#next}): ${this.#text}`)
  }
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
