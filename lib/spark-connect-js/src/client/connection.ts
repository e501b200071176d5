import { type Channel, type ChannelOptions, Client, credentials, type Interceptor, Metadata } from '@grpc/grpc-js'
import { abortError, SparkConnectError } from './errors.ts'
import { Liveness } from './liveness.ts'
import { type Redact, redactor } from './redact.ts'
import { authorityOf, describeRemote, isLoopback, type Remote } from './url.ts'

/** Certificates as PEM. */
export interface TlsOptions {
  /** The authorities to trust. Default: those of the system. */
  readonly ca?: Uint8Array | string | undefined
  /** The client's certificate and key, where the server asks for them. */
  readonly cert?: Uint8Array | string | undefined
  readonly key?: Uint8Array | string | undefined
  /** The name that the server's certificate must carry, where it is not that of the address. */
  readonly serverName?: string | undefined
}

/** Gives the token for each call; one that expires is renewed here. */
export type TokenProvider = () => string | Promise<string>

export interface TransportOptions {
  /** Turns TLS on. */
  readonly tls?: TlsOptions | undefined
  /** Takes the place of the connection string's token. */
  readonly token?: TokenProvider | undefined
  /** Interceptors of `@grpc/grpc-js` for every call, the first outermost: traces, metrics, headers of a gateway. */
  readonly interceptors?: readonly Interceptor[] | undefined
  /** Makes the channel, in place of the client's own: for proxies and service meshes. Called for each new connection. */
  readonly channel?: (() => Channel) | undefined
  /** Silence of a connection with open calls after which it is probed. Default: 60,000. */
  readonly keepaliveMs?: number | undefined
  /** Time for the answer to a probe. Default: 20,000. */
  readonly keepaliveTimeoutMs?: number | undefined
}

// The receive window. With gRPC's 64 KiB the server waits for us after each 64 KiB: 264 MB in 1,000 batches took 1.8 s of
// CPU here, with 8 MiB 0.65 s.
const flowControlWindowBytes = 8 * 1024 * 1024

/** The channel to one server and what all calls over it share: headers, tokens, and whether it still answers. */
export class Connection {
  readonly liveness: Liveness
  readonly redact: Redact
  readonly interceptors: readonly Interceptor[]
  readonly #remote: Remote
  readonly #token: TokenProvider | undefined
  readonly #secrets = new Secrets()
  readonly #where: string
  readonly #open: () => Client
  #client: Client

  constructor(remote: Remote, options: TransportOptions, probe: (deadlineMs: number) => Promise<unknown> | undefined) {
    const encrypted = remote.tls || options.tls !== undefined
    if (options.token && !encrypted && !isLoopback(remote.host)) {
      throw new SparkConnectError(`a token is sent to '${remote.host}' over TLS only: add ;use_ssl=true`, {
        code: 'INVALID_ARGUMENT',
      })
    }
    this.#remote = remote
    this.#token = options.token
    this.#addSecrets()
    this.redact = redactor(this.#secrets)
    this.#where = describeRemote({ ...remote, tls: encrypted })
    this.interceptors = [...(options.interceptors ?? [])]
    const channelCredentials = encrypted ? tlsCredentials(options.tls ?? {}) : credentials.createInsecure()
    this.#open = () =>
      new Client(authorityOf(remote), channelCredentials, {
        ...channelOptions(remote, options),
        interceptors: [...this.interceptors],
        ...(options.channel && { channelOverride: options.channel() }),
      })
    this.#client = this.#open()
    this.liveness = new Liveness(
      options.keepaliveMs ?? 60_000,
      () => probe(options.keepaliveTimeoutMs ?? 20_000),
      () => this.#replace(),
    )
  }

  /** gRPC's client of now; another one after a silence. */
  get client(): Client {
    return this.#client
  }

  close(): void {
    this.liveness.close()
    this.#client.close()
  }

  /** The headers of a call. *Errors:* UNAUTHENTICATED where there is no token to be had. */
  async headers(signal: AbortSignal | undefined): Promise<Metadata> {
    if (signal?.aborted) throw abortError(signal)
    try {
      return await this.#metadata()
    } catch (error) {
      const cause = this.failure(error, signal)
      throw new SparkConnectError(`no token for the call: ${cause.message}`, { code: 'UNAUTHENTICATED', cause: error })
    }
  }

  /** What a call fails with: an abort as such, everything else free of secrets, and with the address where that helps. */
  failure(error: unknown, signal: AbortSignal | undefined): SparkConnectError {
    if (signal?.aborted) return abortError(signal)
    const known = SparkConnectError.from(error, this.redact)
    return known.code === 'UNAVAILABLE' && !known.message.includes(this.#where)
      ? known.with({ message: `${known.message} (${this.#where})` })
      : known
  }

  /** A channel of its own: the old one would go on using the dead connection until TCP gives up, in 15 minutes. */
  #replace(): void {
    this.#client.close()
    this.#client = this.#open()
  }

  #addSecrets(): void {
    const { token, headers } = this.#remote
    if (token !== undefined) this.#secrets.add(token)
    for (const [name, value] of Object.entries(headers)) {
      if (/authorization|token|secret|password|key|cookie/.test(name)) this.#secrets.add(value)
    }
  }

  async #metadata(): Promise<Metadata> {
    const headers = new Metadata()
    for (const [name, value] of Object.entries(this.#remote.headers)) headers.set(name, value)
    const token = this.#token ? await this.#token() : this.#remote.token
    if (token !== undefined) {
      this.#secrets.add(token)
      headers.set('authorization', `Bearer ${token}`)
    }
    return headers
  }
}

/** The tokens of this connection; an old one may still be quoted by a late answer, so the last few are kept. */
class Secrets {
  readonly #values = new Set<string>()

  add(value: string): void {
    if (this.#values.has(value)) return
    this.#values.add(value)
    if (this.#values.size > 32) for (const oldest of this.#values) return void this.#values.delete(oldest)
  }

  [Symbol.iterator](): Iterator<string> {
    return this.#values.values()
  }
}

function tlsCredentials(tls: TlsOptions): ReturnType<typeof credentials.createSsl> {
  try {
    return credentials.createSsl(pem(tls.ca), pem(tls.key), pem(tls.cert))
  } catch (error) {
    throw new SparkConnectError(`TLS: ${error instanceof Error ? error.message : String(error)}`, {
      code: 'INVALID_ARGUMENT',
      cause: error,
    })
  }
}

function pem(text: Uint8Array | string | undefined): Buffer | null {
  return text === undefined ? null : Buffer.from(text)
}

function channelOptions(remote: Remote, options: TransportOptions): ChannelOptions {
  return {
    'grpc.max_receive_message_length': remote.maxMessageBytes,
    'grpc.max_send_message_length': remote.maxMessageBytes,
    'grpc.use_local_subchannel_pool': 1,
    // A library retry of ExecutePlan behind our back would break the rules of reattaching.
    'grpc.enable_retries': 0,
    'grpc.service_config_disable_resolution': 1,
    // Reconnecting is paced by our own policy; the library's pause may grow to two minutes.
    'grpc.initial_reconnect_backoff_ms': 100,
    'grpc.max_reconnect_backoff_ms': 5_000,
    'grpc-node.flow_control_window': flowControlWindowBytes,
    ...(isLoopback(remote.host) ? { 'grpc.enable_http_proxy': 0 } : {}),
    ...(options.tls?.serverName === undefined
      ? {}
      : {
          'grpc.ssl_target_name_override': options.tls.serverName,
          'grpc.default_authority': options.tls.serverName,
        }),
  }
}
