// What has the form of a secret in connection strings, URLs, headers and the texts of servers that quote them. The form that
// a remedy shows (USER:PASSWORD@HOST) is not one.
const patterns: readonly [RegExp, string][] = [
  [/(;token=)[^;/\s]+/gi, '$1***'],
  // Up to the last @: a password may hold one itself.
  [/(\/\/[^/:@\s]+:)(?!PASSWORD@)\S+(?=@)/g, '$1***'],
  [/(^|[\s"'`(])([\w.+-]+:)(?!\/\/|PASSWORD@)[^\s@"'`()]{2,}(?=@[\w.-]+[:/])/g, '$1$2***'],
  [/\b((?:api_?key|access_token|token|password|passwd|pwd|secret)\s*=\s*)(?:'[^']*'|"[^"]*"|[^&\s;'"]+)/gi, '$1***'],
  [/\b([\w-]*(?:authorization|api-?key|token|secret|cookie)=)(?!\*\*\*)[^\s;&'"]+/gi, '$1***'],
  [/((?:Bearer|Token|authorization: Basic) )[\w.~+/=-]{8,}/g, '$1***'],
]

// Of this process: settings, flags and the token of a server of this checkout.
const known = new Set<string>()
/** Shorter ones would make other words unreadable, and protect nothing. */
const minLength = 6

/** The text without the secrets that this process was given, and without all that has the form of one. */
export function redact(text: string): string {
  let clean = text
  for (const secret of known) clean = clean.replaceAll(secret, '***')
  return patterns.reduce((done, [pattern, by]) => done.replace(pattern, by), clean)
}

/** From now on {@link redact} hides these texts wherever they stand. */
export function rememberSecrets(secrets: readonly string[]): void {
  // As they stand in JSON, too.
  const forms = secrets.flatMap((secret) => [secret, JSON.stringify(secret).slice(1, -1)])
  const all = [...known, ...forms.filter(({ length }) => length >= minLength)]
  known.clear()
  // The longest first: a password may be part of an address.
  for (const secret of all.sort((a, b) => b.length - a.length)) known.add(secret)
}

const harmlessParameters = ['use_ssl', 'user_id', 'user_agent', 'session_id', 'grpc_max_message_size', 'sslmode']

/** What may be secret in the value of a setting that names a server: the password, the parameters, or all of it. */
export function secretsOfAddress(value: string): string[] {
  if (/^(?:sqlite:|local(?:\[|$))/.test(value) || !/[@=;\s'"]/.test(value)) return []
  const secrets = [value]
  // Greedy, since people forget to write @ as %40; and once more to the first @.
  for (const pattern of [/^[^?]*?:\/{0,2}[^:/?]*:(.*)@/s, /:\/\/[^:/?]*:([^@]*)@/s, /^[^:/?]*:(.*)@/s]) {
    const password = pattern.exec(value)?.[1]
    if (password) secrets.push(password)
  }
  for (const [, key, quoted, bare] of value.matchAll(/([\w.-]+)\s*=\s*(?:['"]([^'"]*)['"]|([^;&\s]*))/g)) {
    if (!harmlessParameters.includes(key!)) secrets.push(quoted ?? bare!)
  }
  return secrets.flatMap((secret) => [secret, decoded(secret)])
}

/** The same for the arguments of a command, where a slip may put an address behind any flag or none. */
export function secretsOfArguments(args: readonly string[]): string[] {
  return args.flatMap((arg) => {
    const value = /^--?[\w-]+=(.*)$/s.exec(arg)?.[1] ?? arg
    return /:\/|@|password|token|secret|api_?-?key|authorization/i.test(value) ? secretsOfAddress(value) : []
  })
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}
