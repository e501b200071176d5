import { type DescMessage, type DescMethod, fromBinary, type MessageShape } from '@bufbuild/protobuf'
import {
  type Channel,
  type ChannelOptions,
  Client,
  credentials,
  type CallOptions as GrpcCallOptions,
  InterceptingCall,
  type Interceptor,
  Metadata,
  type ServiceError,
  type StatusObject,
  status,
} from '@grpc/grpc-js'
import { encodeMessage } from './encode.ts'
import { abortError, SparkConnectError } from './errors.ts'
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

/**
 * Asks the server something cheap, within `deadlineMs`; any answer at all shows that the connection lives.
 *
 * HTTP/2's own pings cannot be used: servers up to Spark 4.2 take more than one in five minutes as an attack and close the
 * connection (GOAWAY, too_many_pings, seen on 4.2.0 at the third), which would kill a long AnalyzePlan for good.
 */
export type Probe = (transport: Transport, deadlineMs: number) => Promise<unknown>

export interface TransportCall {
  readonly signal?: AbortSignal | undefined
  /** Time for this one try; the server learns of it. */
  readonly deadlineMs?: number | undefined
  /** True for the probe itself, which needs none. */
  readonly isProbe?: boolean | undefined
}

/** The responses of a streaming call, taken one by one. */
export interface ResponseStream<T> {
  /** The next response, undefined at the end. At most one response is read ahead from the network. */
  next(): Promise<T | undefined>
  /** Ends the call. Harmless when it has ended. */
  cancel(): void
}

/**
 * One HTTP/2 connection to a server: bytes out, messages in, nothing of sessions or retries.
 * Every error is a SparkConnectError whose texts are free of secrets.
 */
export interface Transport {
  unary<I extends DescMessage, O extends DescMessage>(
    method: Method<I, O>,
    request: MessageShape<I>,
    call?: TransportCall,
  ): Promise<MessageShape<O>>
  /** `request` is a message or its bytes, where those are at hand. */
  serverStream<I extends DescMessage, O extends DescMessage>(
    method: Method<I, O>,
    request: MessageShape<I> | Uint8Array,
    call?: TransportCall,
  ): Promise<ResponseStream<MessageShape<O>>>
  clientStream<I extends DescMessage, O extends DescMessage>(
    method: Method<I, O>,
    requests: Iterable<MessageShape<I>> | AsyncIterable<MessageShape<I>>,
    call?: TransportCall,
  ): Promise<MessageShape<O>>
  readonly redact: Redact
  close(): void
}

/** A method of the generated service description. */
export type Method<I extends DescMessage, O extends DescMessage> = DescMethod & {
  readonly input: I
  readonly output: O
}

// The receive window. With gRPC's 64 KiB the server waits for us after each 64 KiB: 264 MB in 1,000 batches took 1.8 s of
// CPU here, with 8 MiB 0.65 s.
const flowControlWindowBytes = 8 * 1024 * 1024

// A plan may nest 1,024 deep on the server; the default of 100 would refuse the echo of a long chain.
const readOptions = { readUnknownFields: false, recursionLimit: 4096 }

/** Connects lazily: nothing is sent before the first call. Without `probe` a half-open connection is never noticed. */
export function createTransport(remote: Remote, options: TransportOptions = {}, probe?: Probe): Transport {
  const encrypted = remote.tls || options.tls !== undefined
  if (options.token && !encrypted && !isLoopback(remote.host)) {
    throw new SparkConnectError(`a token is sent to '${remote.host}' over TLS only: add ;use_ssl=true`, {
      code: 'INVALID_ARGUMENT',
    })
  }
  const secrets = new Secrets()
  if (remote.token !== undefined) secrets.add(remote.token)
  for (const [name, value] of Object.entries(remote.headers)) {
    if (/authorization|token|secret|password|key|cookie/.test(name)) secrets.add(value)
  }
  const redact = redactor(secrets)
  const where = describeRemote({ ...remote, tls: encrypted })
  const channelCredentials = encrypted ? tlsCredentials(options.tls ?? {}) : credentials.createInsecure()
  const interceptors = [...(options.interceptors ?? [])]
  const connect = () =>
    new Client(authorityOf(remote), channelCredentials, {
      ...channelOptions(remote, options),
      interceptors,
      ...(options.channel && { channelOverride: options.channel() }),
    })
  let client = connect()
  const liveness = new Liveness(
    options.keepaliveMs ?? 60_000,
    () => probe?.(transport, options.keepaliveTimeoutMs ?? 20_000),
    () => {
      // A channel of its own: the old one would go on using the dead connection until TCP gives up, in 15 minutes.
      client.close()
      client = connect()
    },
  )

  async function metadata(): Promise<Metadata> {
    const headers = new Metadata()
    for (const [name, value] of Object.entries(remote.headers)) headers.set(name, value)
    const token = options.token ? await options.token() : remote.token
    if (token !== undefined) {
      secrets.add(token)
      headers.set('authorization', `Bearer ${token}`)
    }
    return headers
  }

  function failure(error: unknown, signal: AbortSignal | undefined): SparkConnectError {
    if (signal?.aborted) return abortError(signal)
    const known = SparkConnectError.from(error, redact)
    return known.code === 'UNAVAILABLE' && !known.message.includes(where)
      ? known.with({ message: `${known.message} (${where})` })
      : known
  }

  function grpcOptions(call: TransportCall): GrpcCallOptions {
    return call.deadlineMs === undefined ? {} : { deadline: Date.now() + call.deadlineMs }
  }

  const transport: Transport = {
    redact,
    close() {
      liveness.close()
      client.close()
    },

    async unary(method, request, call = {}) {
      const headers = await start(metadata, call.signal, failure)
      return await new Promise((resolve, reject) => {
        const sent = client.makeUnaryRequest(
          pathOf(method),
          (message: typeof request) => asBuffer(encodeMessage(method.input, message)),
          decoder(method.output),
          request,
          headers,
          grpcOptions(call),
          (error: ServiceError | null, response) => {
            unlink()
            ended(error?.code)
            if (error) reject(failure(error, call.signal))
            else resolve(response!)
          },
        )
        const ended = liveness.opened(call.isProbe, () => {
          unlink()
          reject(failure(silentConnection(), call.signal))
          sent.cancel()
        })
        const unlink = onAbort(call.signal, () => sent.cancel())
      })
    },

    async serverStream(method, request, call = {}) {
      const headers = await start(metadata, call.signal, failure)
      return openStream(method, request, headers, call)
    },

    async clientStream(method, requests, call = {}) {
      const headers = await start(metadata, call.signal, failure)
      let finish: (error: ServiceError | null, response?: MessageShape<typeof method.output>) => void
      const answer = new Promise<MessageShape<typeof method.output>>((resolve, reject) => {
        finish = (error, response) => (error ? reject(failure(error, call.signal)) : resolve(response!))
      })
      answer.catch(() => {}) // it may fail while we still write; it is awaited below
      let isOver = false
      const sent = client.makeClientStreamRequest(
        pathOf(method),
        (message: MessageShape<typeof method.input>) => asBuffer(encodeMessage(method.input, message)),
        decoder(method.output),
        headers,
        grpcOptions(call),
        (error: ServiceError | null, response) => {
          isOver = true
          wake?.()
          ended(error?.code)
          finish(error, response)
        },
      )
      const ended = liveness.opened(false, () => {
        finish(silentConnection())
        sent.cancel()
      })
      let wake: (() => void) | undefined
      sent.on('error', () => {})
      const unlink = onAbort(call.signal, () => sent.cancel())
      try {
        for await (const request of requests) {
          if (isOver) break
          if (!sent.write(request)) {
            await new Promise<void>((resolve) => {
              wake = resolve
              sent.once('drain', resolve)
              if (isOver) resolve()
            })
          }
        }
        sent.end()
        return await answer
      } catch (error) {
        sent.cancel()
        throw failure(error, call.signal)
      } finally {
        unlink()
      }
    },
  }

  return transport

  /**
   * The messages reach us through an interceptor that holds each one back until it is asked for; only then does the
   * library read the next. Its Readable alone would fetch 16 messages ahead, of up to 128 MiB each.
   */
  function openStream<I extends DescMessage, O extends DescMessage>(
    method: Method<I, O>,
    request: MessageShape<I> | Uint8Array,
    headers: Metadata,
    call: TransportCall,
  ): ResponseStream<MessageShape<O>> {
    type Message = MessageShape<O>
    let held: { message: Message; pass: (message: Message) => void } | undefined
    let end: StatusObject | undefined
    let waiting: { resolve: (message: Message | undefined) => void; reject: (error: unknown) => void } | undefined

    const gate: Interceptor = (interceptorOptions, nextCall) =>
      new InterceptingCall(nextCall(interceptorOptions), {
        start(startMetadata, _listener, next) {
          next(startMetadata, {
            onReceiveMessage(message: Message, pass: (message: Message) => void) {
              liveness.heard()
              held = { message, pass }
              deliver()
            },
            onReceiveStatus(received, pass) {
              end ??= received
              unlink()
              ended(received.code)
              deliver()
              pass(received)
            },
          })
        },
      })

    function deliver(): void {
      if (!waiting) return
      if (held) {
        const { message, pass } = held
        const { resolve } = waiting
        held = undefined
        waiting = undefined
        resolve(message)
        pass(message)
      } else if (end) {
        const { resolve, reject } = waiting
        waiting = undefined
        if (end.code === status.OK) resolve(undefined)
        else reject(failure(statusError(end), call.signal))
      }
    }

    const sent = client.makeServerStreamRequest(
      pathOf(method),
      (message: MessageShape<I> | Uint8Array) =>
        asBuffer(message instanceof Uint8Array ? message : encodeMessage(method.input, message)),
      decoder(method.output),
      request,
      headers,
      { ...grpcOptions(call), interceptors: [gate, ...interceptors] },
    )
    sent.on('error', () => {}) // told by the status above
    sent.on('data', () => {}) // keeps the library reading; messages were taken by the interceptor
    const ended = liveness.opened(false, () => {
      end ??= { code: status.UNAVAILABLE, details: silence, metadata: new Metadata() }
      held = undefined // it is read again after the reattach
      sent.cancel()
      deliver()
    })
    const unlink = onAbort(call.signal, () => sent.cancel())

    return {
      next: () =>
        new Promise((resolve, reject) => {
          waiting = { resolve, reject }
          deliver()
        }),
      cancel() {
        unlink()
        sent.cancel()
      },
    }
  }
}

const silence = 'the connection no longer answers'

function silentConnection(): ServiceError {
  return Object.assign(new Error(silence), { code: status.UNAVAILABLE, details: silence, metadata: new Metadata() })
}

/**
 * Watches whether a connection with open calls still says something, and probes it when it does not.
 * A probe without an answer ends all calls as UNAVAILABLE, so that they are tried again on a new connection.
 */
class Liveness {
  readonly #silenceMs: number
  readonly #probe: () => Promise<unknown> | undefined
  readonly #replace: () => void
  readonly #open = new Set<() => void>()
  #heardAtMs = 0
  #timer: NodeJS.Timeout | undefined
  #isProbing = false

  constructor(silenceMs: number, probe: () => Promise<unknown> | undefined, replace: () => void) {
    this.#silenceMs = silenceMs
    this.#probe = probe
    this.#replace = replace
  }

  heard(): void {
    this.#heardAtMs = performance.now()
  }

  /** Counts a call as open until the function that it gives is called with the call's status. */
  opened(isProbe: boolean | undefined, fail: () => void): (code: number | undefined) => void {
    if (!isProbe) {
      if (this.#open.size === 0) this.heard()
      this.#open.add(fail)
      this.#timer ??= setInterval(() => this.#check(), Math.max(10, this.#silenceMs / 4)).unref()
    }
    return (code) => {
      this.#open.delete(fail)
      // These two may be our own library's words; every other status was sent by somebody.
      if (code !== status.DEADLINE_EXCEEDED && code !== status.CANCELLED) this.heard()
      if (this.#open.size === 0) this.close()
    }
  }

  close(): void {
    clearInterval(this.#timer)
    this.#timer = undefined
  }

  async #check(): Promise<void> {
    if (this.#isProbing || performance.now() - this.#heardAtMs < this.#silenceMs) return
    this.#isProbing = true
    try {
      await this.#probe()
      this.heard()
    } catch (error) {
      const { code } = SparkConnectError.from(error)
      if (code !== 'DEADLINE_EXCEEDED' && code !== 'UNAVAILABLE') return this.heard()
      const open = [...this.#open]
      this.#open.clear()
      this.close()
      this.#replace()
      for (const fail of open) fail()
    } finally {
      this.#isProbing = false
    }
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

async function start(
  metadata: () => Promise<Metadata>,
  signal: AbortSignal | undefined,
  failure: (error: unknown, signal: AbortSignal | undefined) => SparkConnectError,
): Promise<Metadata> {
  if (signal?.aborted) throw abortError(signal)
  try {
    return await metadata()
  } catch (error) {
    const cause = failure(error, signal)
    throw new SparkConnectError(`no token for the call: ${cause.message}`, { code: 'UNAUTHENTICATED', cause: error })
  }
}

function onAbort(signal: AbortSignal | undefined, act: () => void): () => void {
  if (!signal) return () => {}
  if (signal.aborted) {
    act()
    return () => {}
  }
  signal.addEventListener('abort', act, { once: true })
  return () => signal.removeEventListener('abort', act)
}

function pathOf(method: DescMethod): string {
  return `/${method.parent.typeName}/${method.name}`
}

function asBuffer(bytes: Uint8Array): Buffer {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
}

// As a plain Uint8Array, so that `bytes` fields are views of that class and not of Buffer, whose slice() shares memory.
function decoder<O extends DescMessage>(schema: O): (bytes: Buffer) => MessageShape<O> {
  return (bytes) => fromBinary(schema, new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength), readOptions)
}

function statusError(end: StatusObject): Error {
  return Object.assign(new Error(`${end.code} ${status[end.code]}: ${end.details}`), {
    code: end.code,
    details: end.details,
    metadata: end.metadata,
  })
}
