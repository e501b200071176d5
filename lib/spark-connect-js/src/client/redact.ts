// What a secret looks like in connection strings, headers and the texts of servers and proxies that quote them.
const patterns: readonly [RegExp, string][] = [
  [/([;?&]|\b)(token|password|api_key|access_token)=[^;&\s'"]+/gi, '$1$2=***'],
  [/\b(Bearer|Basic)\s+[^\s'",;]+/gi, '$1 ***'],
]

/** Turns a text into one without secrets. */
export type Redact = (text: string) => string

/**
 * A redactor for known secrets as well as for everything that has the form of one.
 *
 * The list is read at each call, so a token that was rotated in later is covered too. A secret of fewer than four
 * characters is left to the patterns: replacing it everywhere would make every message unreadable.
 */
export function redactor(secrets: Iterable<string> = []): Redact {
  return (text) => {
    let clean = text
    for (const secret of secrets) {
      if (secret.length < 4) continue
      clean = clean.replaceAll(secret, '***')
      const encoded = encodeURIComponent(secret)
      if (encoded !== secret) clean = clean.replaceAll(encoded, '***')
    }
    for (const [pattern, by] of patterns) clean = clean.replace(pattern, by)
    return clean
  }
}
