const javaSpaces = ' \\t\\n\\x0B\\f\\r'
const compiled = new Map<string, RegExp>()

/** A regular expression of Java's as one of JavaScript's: `\s` is the spaces of ASCII alone. */
export function patternOf(java: string, flags = ''): RegExp {
  const key = `${flags}/${java}`
  const known = compiled.get(key)
  if (known) {
    known.lastIndex = 0
    return known
  }
  let inClass = false
  const translated = java.replace(/\\.|\[|\]/gs, (part) => {
    if (part === '[') inClass = true
    else if (part === ']') inClass = false
    else if (part === '\\s') return inClass ? javaSpaces : `[${javaSpaces}]`
    else if (part === '\\S' && !inClass) return `[^${javaSpaces}]`
    return part
  })
  const pattern = new RegExp(translated, `u${flags}`)
  compiled.set(key, pattern)
  return pattern
}

/** A replacement with the groups that its `$1` name; a group that did not take part is empty. */
export function expanded(template: string, match: readonly (string | undefined)[]): string {
  return template.replace(/\\(.)|\$(\d+)/g, (_, escaped: string | undefined, digits: string) => {
    return escaped ?? match[Number(digits)] ?? ''
  })
}
