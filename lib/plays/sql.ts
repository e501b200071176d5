/** Text of a Spark SQL expression. Rules are functions from such text to such text; values enter it by `quoted` alone. */
export type Sql = string

/** The text as a SQL string literal, whatever is in it. */
export function quoted(text: string): Sql {
  return `'${text.replace(/\\/g, '\\\\').replace(/'/g, "\\'")}'`
}

/** Every match of a Java regular expression replaced; `by` may hold `$1`. */
export function replaced(value: Sql, pattern: string, by = ''): Sql {
  return `regexp_replace(${value}, ${quoted(pattern)}, ${quoted(by)})`
}

/** Whether a Java regular expression is found in the value. */
export function matches(value: Sql, pattern: string): Sql {
  return `(${value} rlike ${quoted(pattern)})`
}

export function translated(value: Sql, from: string, to: string): Sql {
  return `translate(${value}, ${quoted(from)}, ${quoted(to)})`
}

/**
 * `body` with a name for a value that it uses several times.
 *
 * The name is the variable of a lambda: a chain of rules grows with its length instead of doubling with each step, and
 * Spark interprets it instead of compiling it to Java, which for a few thousand names costs less than the compiler does.
 */
export function named(value: Sql, name: string, body: (name: Sql) => Sql): Sql {
  return `element_at(transform(array(${value}), ${name} -> ${body(name)}), 1)`
}

/** The value without spaces around it, or `other` if nothing is left. */
export function unlessBlank(value: Sql, other: Sql): Sql {
  return `coalesce(nullif(trim(${value}), ''), ${other})`
}

/** `then` where the pattern is found in the value, else the value: most names need no mending, and looking is cheap. */
export function whereFound(value: Sql, pattern: string, then: Sql): Sql {
  return `if(${matches(value, pattern)}, ${then}, ${value})`
}

/** A literal for use inside a Java regular expression. */
export function literally(text: string): string {
  return text.replace(/[\\^$.|?*+()[\]{}]/g, '\\$&')
}
