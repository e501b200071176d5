import { AppError } from '../errors.ts'

/** Where `docker compose up` has its server, and where a Spark Connect server listens by default. */
export const localPort = 15002

/** Which Spark a job gets, and why, in the words of one log line. */
export type Choice =
  | { readonly kind: 'remote'; readonly url: string; readonly why: string }
  | { readonly kind: 'local'; readonly url: string; readonly certificate: string; readonly why: string }
  | { readonly kind: 'embedded'; readonly master: string; readonly why: string }

/**
 * The order in which Spark is looked for: the setting, then the server of `docker compose up`, then our own.
 *
 * `find` looks for the second; it is called only when nothing is set.
 * *Errors:* `AppError('usage')` for a setting that is neither `sc://…` nor `local[…]`.
 */
export async function chooseSpark(
  remote: string | undefined,
  find: () => Promise<{ readonly url: string; readonly certificate: string } | null>,
): Promise<Choice> {
  if (remote !== undefined && remote !== '') {
    if (/^sc:\/\/./.test(remote)) return { kind: 'remote', url: remote, why: 'SPARK_REMOTE' }
    if (/^local(?:\[(?:\*|[1-9]\d*)\])?$/.test(remote)) return { kind: 'embedded', master: remote, why: 'SPARK_REMOTE' }
    throw new AppError('usage', 'this is not the address of a Spark Connect server', {
      place: 'SPARK_REMOTE',
      remedy: 'write sc://HOST:PORT, or local[*] for the embedded server',
    })
  }
  const found = await find()
  if (found !== null) return { kind: 'local', ...found, why: 'the server of "docker compose up" runs' }
  return { kind: 'embedded', master: 'local[*]', why: 'SPARK_REMOTE is not set and "docker compose up" does not run' }
}

/** Host and port of a connection string, without its parameters; nothing of one that is not well-formed. */
export function withoutSecrets(url: string): string {
  const shown = /^sc:\/\/(?:\[[0-9a-f:.]+\]|[a-z0-9._-]+)(?::\d{1,5})?(?=\/?$|\/;)/i.exec(url)
  return shown?.[0] ?? 'the address in SPARK_REMOTE'
}

/** A connection string with a token added, unless it has one or there is none. */
export function withToken(url: string, token: string | undefined): string {
  if (!token || /;token=/.test(url)) return url
  const [base, ...parameters] = url.split('/;')
  const rest = parameters.join('/;').replace(/;$/, '')
  return `${base!.replace(/\/$/, '')}/;${rest === '' ? '' : `${rest};`}token=${encodeURIComponent(token)}`
}
