type Plain = null | boolean | number | string | readonly Plain[] | { readonly [key: string]: Plain }

/** Options of data sources have names without regard to case, and Scala sends them in lower case. */
const optionMaps = new Set(['options'])

/**
 * A plan message as plain data in which only what matters to Spark is left:
 *
 * - plan ids and origins (`common`) and the plan ids of attributes are dropped: each client counts its own;
 * - fields with their default (false, 0, empty) are dropped, as some clients send them and some do not;
 * - lambda variables are renamed in order;
 * - keys of maps are sorted, names of options put in lower case;
 * - the collation UTF8_BINARY is the same as none.
 */
export const normalised = (message: unknown): Plain => {
  const variables = new Map<string, string>()
  const variable = (name: string): string => {
    const known = variables.get(name) ?? `v${variables.size}`
    variables.set(name, known)
    return known
  }
  const visit = (value: unknown, key = ''): Plain | undefined => {
    if (value === undefined || value === false || value === '' || value === 0 || value === 0n) return undefined
    if (typeof value === 'bigint') return `${value}n`
    if (typeof value === 'number') return Number.isFinite(value) ? value : String(value)
    if (value === null || typeof value === 'string' || typeof value === 'boolean') return value
    if (value instanceof Uint8Array) return Buffer.from(value).toString('hex')
    if (Array.isArray(value)) return value.length === 0 ? undefined : value.map((item) => visit(item) ?? null)
    const node = value as Record<string, unknown>
    if (node.$typeName === 'spark.connect.Expression.UnresolvedNamedLambdaVariable') {
      return { variable: (node.nameParts as string[]).map(variable) }
    }
    if (!('$typeName' in node) && 'case' in node) {
      return node.case === undefined ? undefined : { [node.case as string]: visit(node.value) ?? null }
    }
    const ordered = Object.entries(node).sort(([a], [b]) => (a < b ? -1 : 1))
    const entries = ordered.flatMap(([name, item]): [string, Plain][] => {
      if (name.startsWith('$') || name === 'common' || name === 'planId') return []
      if (name === 'collation' && item === 'UTF8_BINARY') return []
      const plain = visit(item, name)
      const shown = optionMaps.has(key) ? name.toLowerCase() : name
      return plain === undefined ? [] : [[shown, plain]]
    })
    return Object.fromEntries(entries)
  }
  return visit(message) ?? null
}
