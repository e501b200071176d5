import { AppError } from '../errors.ts'

/** Where `docker compose up` puts its server, and where a Spark Connect server listens by default. */
export const localAddress = 'sc://localhost:15002'

/** Which Spark a job gets, and why, in the words of one log line. */
export type Choice =
  | { readonly kind: 'remote'; readonly url: string; readonly why: string }
  | { readonly kind: 'local'; readonly url: string; readonly why: string }
  | { readonly kind: 'embedded'; readonly master: string; readonly why: string }

/**
 * The order in which Spark is looked for: the setting, then a server that answers on this machine, then our own.
 *
 * `answers` says whether a Spark Connect server speaks at an address; it is asked only when nothing is set.
 * *Errors:* `AppError('usage')` for a setting that is neither `sc://…` nor `local[…]`.
 */
export async function chooseSpark(
  remote: string | undefined,
  answers: (url: string) => Promise<boolean>,
): Promise<Choice> {
  if (remote !== undefined && remote !== '') {
    if (/^sc:\/\/./.test(remote)) return { kind: 'remote', url: remote, why: 'SPARK_REMOTE' }
    if (/^local(?:\[(?:\*|[1-9]\d*)\])?$/.test(remote)) return { kind: 'embedded', master: remote, why: 'SPARK_REMOTE' }
    throw new AppError('usage', 'this is not the address of a Spark Connect server', {
      place: 'SPARK_REMOTE',
      remedy: 'write sc://HOST:PORT, or local[*] for the embedded server',
    })
  }
  if (await answers(localAddress))
    return { kind: 'local', url: localAddress, why: 'a server answers on localhost:15002' }
  return { kind: 'embedded', master: 'local[*]', why: 'no server answers on localhost:15002' }
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
