import { randomBytes } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { inspect } from 'node:util'
import { crc32, zstdDecompressSync } from 'node:zlib'
import { create, fromBinary } from '@bufbuild/protobuf'
import { afterEach, describe, expect, test } from '@jest/globals'
import { SparkConnectClient } from '../src/client/client.ts'
import type { ClientEvent, ClientOptions } from '../src/client/client-options.ts'
import { SparkConnectError } from '../src/client/errors.ts'
import { clientVersion } from '../src/client/session-calls.ts'
import { parseRemote } from '../src/client/url.ts'
import { compareVersions } from '../src/client/version.ts'
import { type AddArtifactsRequest, type Plan, PlanSchema } from '../src/gen/spark/connect/base_pb.ts'
import { RelationSchema } from '../src/gen/spark/connect/relations_pb.ts'
import { RuntimeConfig } from '../src/session/conf.ts'
import { cuttingProxy } from './support/cutting-proxy.ts'
import { fakeTiming } from './support/fake-timing.ts'
import { type Script, type ScriptedServer, scriptedServer } from './support/scripted-server.ts'

const open: { close(): Promise<void> }[] = []

afterEach(async () => {
  for (const thing of open.splice(0).reverse()) await thing.close()
})

async function start(
  script: Script = {},
  options: ClientOptions = {},
  parameters = '',
): Promise<{
  server: ScriptedServer
  client: SparkConnectClient
  timing: ReturnType<typeof fakeTiming>
  events: ClientEvent[]
}> {
  const server = await scriptedServer(script)
  const timing = fakeTiming()
  const events: ClientEvent[] = []
  const remote = parseRemote(`${server.url}/;${parameters}`, { USER: 'ann' })
  const client = new SparkConnectClient(remote, { timing, onEvent: (event) => events.push(event), ...options })
  open.push(server, client)
  return { server, client, timing, events }
}

const caught = async (work: Promise<unknown>): Promise<SparkConnectError> => {
  try {
    await work
  } catch (error) {
    return SparkConnectError.from(error)
  }
  throw new Error('it did not fail')
}

const sqlPlan = (query: string): Plan =>
  create(PlanSchema, { opType: { case: 'root', value: { relType: { case: 'sql', value: { query } } } } })

async function run(client: SparkConnectClient, plan: Plan, options = {}): Promise<void> {
  for await (const _ of client.execute(plan, options));
}

describe('who asks', () => {
  test('every request names session, user and client', async () => {
    const { server, client } = await start({}, {}, 'user_agent=radio-plays')
    await client.sparkVersion()
    await run(client, sqlPlan('select 1'))
    for (const { request } of server.seen) {
      expect(request.sessionId).toBe(client.sessionId)
      expect(request.userContext).toMatchObject({ userId: 'ann', userName: 'ann' })
      expect(request.clientType).toBe(
        `radio-plays spark-connect-js/${clientVersion} os/${process.platform} node/${process.versions.node}`,
      )
    }
  })

  test('the session of the connection string is joined', async () => {
    const { client } = await start({}, {}, 'session_id=3f2b6e0c-7d0a-4e6e-9a55-0f6f0d2f8a11')
    expect(client.sessionId).toBe('3f2b6e0c-7d0a-4e6e-9a55-0f6f0d2f8a11')
  })

  test('headers and the token travel with each call, streams included', async () => {
    const { server, client } = await start({}, {}, 'token=sesame;x-team=music')
    await client.sparkVersion()
    await run(client, sqlPlan('select 1'))
    await client.addArtifact('files/a.txt', new Uint8Array(3))
    for (const method of ['AnalyzePlan', 'ExecutePlan', 'AddArtifacts']) {
      expect(server.seenOf(method)[0]!.headers).toMatchObject({ authorization: 'Bearer sesame', 'x-team': 'music' })
    }
  })

  test('a token provider is asked at each call', async () => {
    let n = 0
    const { server, client } = await start({}, { token: async () => `token-${++n}` })
    await client.config(create(PlanSchema) as never).catch(() => {})
    await client.sparkVersion()
    expect(server.seen.map(({ headers }) => headers.authorization)).toEqual(['Bearer token-1', 'Bearer token-2'])
  })

  test('the version is asked once, also by many at a time', async () => {
    const { server, client } = await start()
    expect(await Promise.all([client.sparkVersion(), client.sparkVersion()])).toEqual(['4.2.0', '4.2.0'])
    expect(server.seenOf('AnalyzePlan')).toHaveLength(1)
  })

  test('a failed question for the version is asked again', async () => {
    const { client } = await start({ unaryFaults: { AnalyzePlan: [{ code: 'PERMISSION_DENIED' }] } })
    await expect(client.sparkVersion()).rejects.toMatchObject({ code: 'PERMISSION_DENIED' })
    expect(await client.sparkVersion()).toBe('4.2.0')
  })
})

test('a limit below the server’s makes it cut batches to fit', async () => {
  const options = async (parameters: string) => {
    const { server, client } = await start({}, {}, parameters)
    await run(client, sqlPlan('x'))
    return server.seenOf('ExecutePlan')[0]!.request.requestOptions[1].requestOption.value
  }
  expect((await options('')).preferredArrowChunkSize).toBeUndefined()
  expect((await options('grpc_max_message_size=100000')).preferredArrowChunkSize).toBe(90_000n)
})

describe('tokens never show', () => {
  const secret = 'sesame-open-1234'
  const everything = (error: unknown): string =>
    [
      String(error),
      inspect(error, { depth: 10, showHidden: true }),
      JSON.stringify(error),
      (error as Error).stack,
    ].join('\n')

  test.each<[string, Script]>([
    [
      'in the text of the server',
      { unaryFaults: { AnalyzePlan: [{ code: 'UNAUTHENTICATED', message: `bad token ${secret}` }] } },
    ],
    [
      'in the parameters of the server',
      {
        unaryFaults: {
          AnalyzePlan: [
            {
              code: 'INTERNAL',
              errorClass: 'CONNECT',
              message: `Bearer ${secret}`,
              metadata: { messageParameters: JSON.stringify({ header: secret }) },
            },
          ],
        },
      },
    ],
    [
      'in the details of the server',
      {
        unaryFaults: { AnalyzePlan: [{ code: 'INTERNAL', errorClass: 'X', metadata: { errorId: 'e' } }] },
        answers: {
          FetchErrorDetails: () => ({
            rootErrorIdx: 0,
            errors: [{ message: `seen ${secret}`, errorTypeHierarchy: [] }],
          }),
        },
      },
    ],
    ['encoded', { unaryFaults: { AnalyzePlan: [{ code: 'UNKNOWN', message: `at sc://host/;token=${secret};x=1` }] } }],
  ])('%s', async (_name, script) => {
    for (const parameters of [`token=${secret}`, '']) {
      const options = parameters === '' ? { token: () => secret } : {}
      const { client } = await start(script, options, parameters)
      const error = await caught(client.sparkVersion())
      expect(everything(error)).not.toContain(secret)
      expect(everything(client)).not.toContain(parameters === '' ? secret : `Bearer ${secret}`)
    }
  })

  test('in the events', async () => {
    const { client, events } = await start(
      { unaryFaults: { AnalyzePlan: [{ code: 'UNAVAILABLE', message: secret }] } },
      {},
      `token=${secret}`,
    )
    await client.sparkVersion()
    expect(events.map(({ kind }) => kind)).toEqual(['request', 'retry', 'response'])
    expect(everything(events)).not.toContain(secret)
  })

  test('to another machine they go over TLS only', () => {
    const remote = parseRemote('sc://spark.example', {})
    expect(() => new SparkConnectClient(remote, { token: () => secret })).toThrow("'spark.example' over TLS only")
  })

  test('a provider that fails is told as such', async () => {
    const { client, server } = await start({}, { token: () => Promise.reject(new Error('vault is sealed')) })
    const error = await caught(client.sparkVersion())
    expect(error).toMatchObject({ code: 'UNAUTHENTICATED' })
    expect(error.message).toContain('vault is sealed')
    expect(server.seen).toEqual([])
  })
})

describe('errors', () => {
  test('are explained by the server, once', async () => {
    const { client, server } = await start({
      faults: [
        {
          refuse: {
            code: 'INTERNAL',
            errorClass: 'TABLE_OR_VIEW_NOT_FOUND',
            message: 'The table…',
            metadata: {
              errorId: 'id-7',
              sqlState: '42P01',
              classes:
                '["org.apache.spark.sql.catalyst.ExtendedAnalysisException","org.apache.spark.sql.AnalysisException"]',
            },
          },
        },
      ],
      answers: {
        FetchErrorDetails: () => ({
          rootErrorIdx: 1,
          errors: [
            { message: 'the cause', errorTypeHierarchy: ['java.io.IOException'] },
            {
              message: '[TABLE_OR_VIEW_NOT_FOUND] The table `nothing` cannot be found.\n',
              errorTypeHierarchy: [
                'org.apache.spark.sql.catalyst.ExtendedAnalysisException',
                'org.apache.spark.sql.AnalysisException',
              ],
              causeIdx: 0,
              stackTrace: [{ declaringClass: 'a.B', methodName: 'c', fileName: 'B.scala', lineNumber: 12 }],
              sparkThrowable: {
                errorClass: 'TABLE_OR_VIEW_NOT_FOUND',
                sqlState: '42P01',
                messageParameters: { relationName: '`nothing`' },
                queryContexts: [{ fragment: 'nothing', startIndex: 14, stopIndex: 20, summary: '== SQL ==' }],
              },
            },
          ],
        }),
      },
    })
    const error = await caught(run(client, sqlPlan('select * from nothing')))
    expect(error).toMatchObject({
      name: 'SparkConnectError',
      message: '[TABLE_OR_VIEW_NOT_FOUND] The table `nothing` cannot be found.',
      errorClass: 'TABLE_OR_VIEW_NOT_FOUND',
      sqlState: '42P01',
      exception: 'AnalysisException',
      messageParameters: { relationName: '`nothing`' },
      errorId: null,
      isSessionLost: false,
    })
    expect(error.operationId).toBe(server.seenOf('ExecutePlan')[0]!.request.operationId)
    expect(error.queryContexts[0]).toMatchObject({ kind: 'sql', fragment: 'nothing', startIndex: 14, stopIndex: 20 })
    expect(error.serverErrors.map(({ message }) => message)).toEqual([error.message, 'the cause'])
    expect(error.serverErrors[0]!.stackTrace).toEqual(['a.B.c(B.scala:12)'])
    expect(server.seenOf('FetchErrorDetails').map(({ request }) => request.errorId)).toEqual(['id-7'])
  })

  test('stay as they are when the explanation fails', async () => {
    const { client } = await start({
      faults: [{ refuse: { code: 'INTERNAL', errorClass: 'X.Y', message: 'short', metadata: { errorId: 'id' } } }],
      unaryFaults: { FetchErrorDetails: [{ code: 'INTERNAL', message: 'other' }] },
    })
    const error = await caught(run(client, sqlPlan('x')))
    expect(error).toMatchObject({ message: '[X.Y] short', errorClass: 'X.Y', serverErrors: [] })
  })

  test('a chain of causes that bites its tail ends', async () => {
    const { client } = await start({
      faults: [{ refuse: { code: 'INTERNAL', errorClass: 'X', metadata: { errorId: 'id' } } }],
      answers: {
        FetchErrorDetails: () => ({
          rootErrorIdx: 0,
          errors: [
            { message: 'a', errorTypeHierarchy: [], causeIdx: 1 },
            { message: 'b', errorTypeHierarchy: [], causeIdx: 0 },
          ],
        }),
      },
    })
    const error = await caught(run(client, sqlPlan('x')))
    expect(error.serverErrors.map(({ message }) => message)).toEqual(['a', 'b'])
  })

  test('a message that is too large names the option', async () => {
    const { client } = await start(
      { responses: [{ responseType: { case: 'arrowBatch', value: { rowCount: 1n, data: new Uint8Array(5000) } } }] },
      {},
      'grpc_max_message_size=4096',
    )
    const error = await caught(run(client, sqlPlan('x')))
    expect(error.code).toBe('RESOURCE_EXHAUSTED')
    expect(error.message).toContain('grpc_max_message_size=BYTES')
  })

  test('nobody listens: the address is named', async () => {
    const { server, client } = await start({}, { retry: { maxRetries: 1 } })
    await server.close()
    const error = await caught(client.sparkVersion())
    expect(error.code).toBe('UNAVAILABLE')
    expect(error.message).toMatch(/^\[UNAVAILABLE\] .*\(sc:\/\/127\.0\.0\.1:\d+\) \(tried 2 times\)$/)
  })

  test.each<[string, unknown, object]>([
    ['itself', new SparkConnectError('x', { code: 'ABORTED' }), { code: 'ABORTED', message: 'x' }],
    ['an abort', new DOMException('gone', 'AbortError'), { code: 'CANCELLED' }],
    ['a timeout', new DOMException('late', 'TimeoutError'), { code: 'DEADLINE_EXCEEDED' }],
    ['an error', new TypeError('odd'), { code: 'UNKNOWN', message: 'odd' }],
    ['a text', 'odd', { code: 'UNKNOWN', message: 'odd' }],
    ['nothing', undefined, { code: 'UNKNOWN', message: 'undefined' }],
    [
      'a status without trailers',
      Object.assign(new Error('5 NOT_FOUND: x'), { code: 5, details: 'x' }),
      { code: 'NOT_FOUND', message: '[NOT_FOUND] x' },
    ],
    [
      'a status that gRPC does not know',
      Object.assign(new Error('?'), { code: 99, details: 'x' }),
      { code: 'UNKNOWN' },
    ],
    [
      'a text that opens with the class',
      Object.assign(new Error('x'), { code: 13, details: 'org.apache.spark.SparkException: [A_B.C] no' }),
      { errorClass: 'A_B.C', message: 'org.apache.spark.SparkException: [A_B.C] no' },
    ],
  ])('from %s', (_name, value, fields) => {
    const error = SparkConnectError.from(value)
    expect(error).toMatchObject(fields)
    if (value instanceof SparkConnectError) expect(error).toBe(value)
    else if (!(value instanceof Error && 'details' in value)) expect(error.cause).toBe(value)
  })
})

describe('calls are tried again', () => {
  test('with the waits of the policy and of the server', async () => {
    const { client, timing } = await start({
      unaryFaults: {
        AnalyzePlan: [
          { code: 'UNAVAILABLE' },
          { code: 'RESOURCE_EXHAUSTED', retryDelayMs: 2_500 },
          { code: 'UNAVAILABLE' },
        ],
      },
    })
    expect(await client.sparkVersion()).toBe('4.2.0')
    expect(timing.slept).toEqual([50, 2_750, 800])
  })

  test('the first contact waits less', async () => {
    const { client, timing } = await start({
      unaryFaults: { AnalyzePlan: Array.from({ length: 20 }, () => ({ code: 'UNAVAILABLE' as const })) },
    })
    expect(await caught(client.connect(1_000))).toMatchObject({ code: 'UNAVAILABLE' })
    expect(timing.slept).toEqual([50, 200, 750])
  })

  test('an upload too, from its beginning', async () => {
    const { client, server } = await start({ unaryFaults: { AddArtifacts: [{ code: 'UNAVAILABLE' }] } })
    await client.addArtifact('files/a', new Uint8Array([1]))
    expect(server.seenOf('AddArtifacts')).toHaveLength(2)
  })

  test('an abort of a call that hangs', async () => {
    const server = await scriptedServer()
    const proxy = await cuttingProxy(server.port)
    const client = new SparkConnectClient(parseRemote(`sc://127.0.0.1:${proxy.port}`, {}))
    open.push(server, proxy, client)
    await client.sparkVersion()
    proxy.freeze()
    const signal = AbortSignal.timeout(100)
    expect(await caught(client.interrupt({ kind: 'all' }, { signal }))).toMatchObject({ code: 'DEADLINE_EXCEEDED' })
    expect(await caught(client.interrupt({ kind: 'all' }, { timeoutMs: 100 }))).toMatchObject({
      code: 'DEADLINE_EXCEEDED',
    })
    proxy.thaw()
  })

  test('a half-dead connection is found by keepalive and left for a new one', async () => {
    const rows = (i: number) => ({
      responseType: {
        case: 'arrowBatch' as const,
        value: { rowCount: 1n, startOffset: BigInt(i), data: new Uint8Array([i]) },
      },
    })
    const server = await scriptedServer({ responses: [rows(0), rows(1)], faults: [{ after: 1, ending: 'hang' }] })
    const proxy = await cuttingProxy(server.port)
    const client = new SparkConnectClient(parseRemote(`sc://127.0.0.1:${proxy.port}`, {}), {
      keepaliveMs: 200,
      keepaliveTimeoutMs: 200,
      callTimeoutMs: 500,
    })
    open.push(server, proxy, client)
    const responses = client.execute(sqlPlan('x'))
    expect((await responses.next()).done).toBe(false)
    proxy.freeze()
    const next = responses.next()
    while (server.openStreams() > 0 && proxy.connections() < 2) await new Promise((resolve) => setTimeout(resolve, 20))
    proxy.thaw()
    expect(await next).toMatchObject({ value: { responseType: { value: { data: new Uint8Array([1]) } } } })
    expect((await responses.next()).done).toBe(true)
    expect(proxy.connections()).toBeGreaterThan(1)
  })
})

describe('connections that are cut at any byte', () => {
  test('rows are exact', async () => {
    const payload = Array.from({ length: 40 }, (_, i) => randomBytes(1 + ((i * 7919) % 9000)))
    let startOffset = 0
    const responses = payload.map((data) => {
      const response = {
        responseType: {
          case: 'arrowBatch' as const,
          value: { rowCount: BigInt(data.length), startOffset: BigInt(startOffset), data: new Uint8Array(data) },
        },
      }
      startOffset += data.length
      return response
    })
    const server = await scriptedServer({ responses })
    open.push(server)
    // Cuts spread over the whole answer, in the first connection at a few bytes (inside HTTP/2's own greeting).
    for (const cuts of [
      [10],
      [60],
      [200, 30_000, 9_000],
      [5_000, 5_000, 5_000, 5_000, 5_000],
      [100_003],
      [179_000, 500],
    ]) {
      const proxy = await cuttingProxy(server.port, cuts)
      const retry = { initialBackoffMs: 20, backoffMultiplier: 1.5 }
      const client = new SparkConnectClient(parseRemote(`sc://127.0.0.1:${proxy.port}`, {}), { retry })
      open.push(proxy, client)
      const received: Buffer[] = []
      for await (const { responseType } of client.execute(sqlPlan('x'))) {
        if (responseType.case === 'arrowBatch') received.push(Buffer.from(responseType.value.data))
      }
      expect(Buffer.concat(received).equals(Buffer.concat(payload))).toBe(true)
      expect(proxy.connections()).toBeGreaterThan(cuts.length - 1)
    }
  })
})

describe('tags', () => {
  test('of the call and of the session, each once', async () => {
    const { client, server } = await start({}, { tags: () => ['etl', 'nightly'] })
    await run(client, sqlPlan('x'), { tags: ['nightly', 'mine'] })
    expect(server.seenOf('ExecutePlan')[0]!.request.tags).toEqual(['etl', 'nightly', 'mine'])
  })

  test.each(['', 'a,b'])("'%s' is not a tag", async (tag) => {
    const { client } = await start()
    expect(() => client.execute(sqlPlan('x'), { tags: [tag] })).toThrow('a tag is a non-empty text without commas')
    await expect(client.interrupt({ kind: 'tag', tag })).rejects.toThrow('a tag is')
  })
})

test('interruption by kind', async () => {
  const { client, server } = await start({ answers: { Interrupt: () => ({ interruptedIds: ['op-1'] }) } })
  expect(await client.interrupt({ kind: 'all' })).toEqual(['op-1'])
  await client.interrupt({ kind: 'tag', tag: 'etl' })
  await client.interrupt({ kind: 'operation', operationId: 'op-1' })
  expect(server.seenOf('Interrupt').map(({ request }) => [request.interruptType, request.interrupt.value])).toEqual([
    [1, undefined],
    [2, 'etl'],
    [3, 'op-1'],
  ])
})

describe('artifacts', () => {
  const batchesOf = (server: ScriptedServer) =>
    server.seenOf('AddArtifacts').map(({ request }) => request as AddArtifactsRequest)

  test('small ones share a batch, each with its checksum', async () => {
    const { client, server } = await start()
    const a = new TextEncoder().encode('a')
    const b = new Uint8Array(0)
    await client.addArtifacts([
      { name: 'files/a', source: a },
      { name: 'jars/b.jar', source: b },
    ])
    const [request] = batchesOf(server)
    expect(request!.payload).toMatchObject({
      case: 'batch',
      value: {
        artifacts: [
          { name: 'files/a', data: { data: a, crc: BigInt(crc32(a)) } },
          { name: 'jars/b.jar', data: { data: b, crc: 0n } },
        ],
      },
    })
  })

  test('large ones go in chunks that give the file again, from memory and from disk', async () => {
    const data = new Uint8Array(randomBytes(100_000))
    const folder = mkdtempSync(join(tmpdir(), 'spark-connect-js-'))
    try {
      writeFileSync(join(folder, 'large.bin'), data)
      for (const source of [data, { path: join(folder, 'large.bin') }]) {
        const { client, server } = await start()
        await client.addArtifacts([
          { name: 'files/small', source: data.subarray(0, 10) },
          { name: 'files/large', source },
        ])
        const [batch, begin, ...chunks] = batchesOf(server).map(({ payload }) => payload)
        expect(batch!.case).toBe('batch')
        expect(begin).toMatchObject({
          case: 'beginChunk',
          value: { name: 'files/large', totalBytes: 100_000n, numChunks: 4n },
        })
        expect(chunks).toHaveLength(3)
        const pieces = [
          begin!.case === 'beginChunk' ? begin!.value.initialChunk! : null,
          ...chunks.map((chunk) => (chunk.case === 'chunk' ? chunk.value : null)),
        ].map((piece) => piece!)
        expect(Buffer.concat(pieces.map((piece) => piece.data)).equals(Buffer.from(data))).toBe(true)
        for (const piece of pieces) expect(piece.crc).toBe(BigInt(crc32(piece.data)))
      }
    } finally {
      rmSync(folder, { recursive: true })
    }
  })

  test('what the server has in its cache is not sent again', async () => {
    const { client, server } = await start({
      answers: {
        ArtifactStatus: () => ({ statuses: { 'cache/known': { exists: true }, 'cache/new': { exists: false } } }),
      },
    })
    const source = new Uint8Array(4)
    await client.addArtifacts([
      { name: 'cache/known', source },
      { name: 'cache/new', source },
    ])
    await client.addArtifact('cache/known', source)
    const names = batchesOf(server).flatMap(({ payload }) =>
      payload.case === 'batch' ? payload.value.artifacts.map(({ name }) => name) : [],
    )
    expect(names).toEqual(['cache/new'])
  })

  test('damage on the way is an error', async () => {
    const { client } = await start({
      answers: { AddArtifacts: () => ({ artifacts: [{ name: 'files/a', isCrcSuccessful: false }] }) },
    })
    await expect(client.addArtifact('files/a', new Uint8Array(1))).rejects.toMatchObject({ code: 'DATA_LOSS' })
  })

  test.each(['a.txt', 'files/', 'cache/../x', '/files/a'])("'%s' is not a name", async (name) => {
    const { client } = await start()
    await expect(client.addArtifact(name, new Uint8Array(1))).rejects.toMatchObject({ code: 'INVALID_ARGUMENT' })
  })

  test('a file that is not there', async () => {
    const { client } = await start()
    const work = client.addArtifacts([{ name: 'files/a', source: { path: '/no/such/file' } }])
    await expect(work).rejects.toThrow("'/no/such/file' cannot be read")
  })
})

describe('compression of large plans', () => {
  const settings = (threshold: string, algorithm = 'ZSTD') => ({
    Config: (request: { operation: { opType: { value: { keys: string[] } } } }) => ({
      pairs: request.operation.opType.value.keys.map((key) => ({
        key,
        value: key.endsWith('threshold') ? threshold : algorithm,
      })),
    }),
  })
  const large = sqlPlan(`select '${'x'.repeat(200_000)}'`)

  test('as the server asks for it, asked once', async () => {
    const { client, server } = await start({ answers: settings('100000') })
    await run(client, large)
    await run(client, large)
    expect(server.seenOf('Config')).toHaveLength(1)
    for (const { request } of server.seenOf('ExecutePlan')) {
      const { opType } = request.plan as Plan
      if (opType.case !== 'compressedOperation') throw new Error('not compressed')
      expect(opType.value).toMatchObject({ opType: 1, compressionCodec: 1 })
      expect(opType.value.data.length).toBeLessThan(2_000)
      const relation = fromBinary(RelationSchema, zstdDecompressSync(opType.value.data))
      expect(relation.relType).toEqual((large.opType.value as typeof relation).relType)
    }
  })

  test.each<[string, string, string | undefined]>([
    ['the plan is below the threshold', '10000000', 'ZSTD'],
    ['the server wants none', '-1', 'ZSTD'],
    ['the server wants another algorithm', '1', 'NONE'],
  ])('not when %s', async (_name, threshold, algorithm) => {
    const { client, server } = await start({ answers: settings(threshold, algorithm) })
    await run(client, large)
    expect(server.seenOf('ExecutePlan')[0]!.request.plan.opType.case).toBe('root')
  })

  test('not even a question for small plans', async () => {
    const { client, server } = await start({ answers: settings('1') })
    await run(client, sqlPlan('select 1'))
    expect(server.seenOf('Config')).toEqual([])
  })

  test('a server that cannot read it gets the plan as it is, and all later ones', async () => {
    const { client, server } = await start({
      answers: settings('1'),
      faults: [{ refuse: { code: 'INTERNAL', errorClass: 'CONNECT_INVALID_PLAN.CANNOT_PARSE' } }],
    })
    await run(client, large)
    await run(client, large)
    expect(server.seenOf('ExecutePlan').map(({ request }) => request.plan.opType.case)).toEqual([
      'compressedOperation',
      'root',
      'root',
    ])
  })
})

describe('the end of a session', () => {
  test('is told to the server once, and nothing is sent after it', async () => {
    const { client, server } = await start()
    await client.sparkVersion()
    await client.close()
    await client.close()
    expect(server.seenOf('ReleaseSession').map(({ request }) => request.sessionId)).toEqual([client.sessionId])
    await expect(client.sparkVersion({})).resolves.toBe('4.2.0')
    await expect(client.interrupt({ kind: 'all' })).rejects.toMatchObject({
      errorClass: 'INVALID_HANDLE.SESSION_CLOSED',
    })
    expect(client.state).toBe('closed')
  })

  test('of one that never spoke is silent', async () => {
    const { client, server } = await start()
    await client.close()
    expect(server.seen).toEqual([])
  })

  test('of a lost one sends nothing to the other server', async () => {
    let name = 'a'
    const { client, server } = await start({ serverSideSessionId: () => name })
    await client.interrupt({ kind: 'all' })
    name = 'b'
    await expect(client.interrupt({ kind: 'all' })).rejects.toMatchObject({ isSessionLost: true })
    await client.close()
    expect(server.seenOf('ReleaseSession')).toEqual([])
  })

  test('a server that does not answer does not hold us', async () => {
    const { client, server, events } = await start()
    await client.sparkVersion()
    await server.close()
    await client.close()
    expect(events.at(-1)).toMatchObject({ kind: 'response', method: 'ReleaseSession' })
  })
})

describe('versions', () => {
  const at = (version: string): Script => ({
    answers: { AnalyzePlan: () => ({ result: { case: 'sparkVersion', value: { version } } }) },
  })

  test('a feature of a later server fails with a sentence', async () => {
    const { client, server } = await start(at('4.0.1'))
    await expect(client.cloneSession()).rejects.toThrow('cloneSession needs Spark 4.1 or later; the server is 4.0.1')
    expect(server.seenOf('CloneSession')).toEqual([])
  })

  test('a clone is another session that knows its server', async () => {
    const { client, server } = await start({ ...at('4.2.0'), serverSideSessionId: () => 'server-clone' })
    const clone = await client.cloneSession()
    open.push(clone)
    expect(clone.sessionId).not.toBe(client.sessionId)
    await clone.interrupt({ kind: 'all' })
    expect(server.seenOf('Interrupt')[0]!.request).toMatchObject({
      sessionId: clone.sessionId,
      clientObservedServerSideSessionId: 'server-clone',
    })
  })

  test('the state of operations', async () => {
    const { client } = await start({
      ...at('4.2.0'),
      answers: {
        ...at('4.2.0').answers,
        GetStatus: () => ({
          operationStatuses: [
            { operationId: 'a', state: 2 },
            { operationId: 'b', state: 6 },
          ],
        }),
      },
    })
    expect(await client.operationStatuses()).toEqual(
      new Map([
        ['a', 'running'],
        ['b', 'cancelled'],
      ]),
    )
  })

  test.each([
    ['4.2.0', '4.1', 1],
    ['4.2.0-SNAPSHOT', '4.2', 0],
    ['4.0.1', '4.1', -1],
    ['4.10.0', '4.9', 1],
    ['5.0', '4.99.1', 1],
  ])('%s against %s', (a, b, sign) => {
    expect(Math.sign(compareVersions(a, b))).toBe(sign)
  })
})

describe('settings', () => {
  test('each call is one request of its kind', async () => {
    const { client, server } = await start({
      answers: { Config: () => ({ pairs: [{ key: 'a', value: 'true' }, { key: 'b' }] }) },
    })
    const conf = new RuntimeConfig(client)
    expect(await conf.get('a')).toBe('true')
    expect(await conf.get('b', 'fallback')).toBe('fallback')
    expect(await conf.get('b', null)).toBeNull()
    expect(await conf.getMany(['b', 'a'])).toEqual([null, 'true'])
    expect(await conf.isModifiable('a')).toBe(true)
    expect(await conf.getAll('spark.')).toEqual(
      new Map([
        ['spark.a', 'true'],
        ['spark.b', ''],
      ]),
    )
    await conf.set('x', 3)
    await conf.set({ y: true, z: 'text' })
    await conf.unset('x')
    const operations = server.seenOf('Config').map(({ request }) => request.operation.opType)
    expect(operations.map((o) => o.case)).toEqual([
      'get',
      'getOption',
      'getOption',
      'getOption',
      'isModifiable',
      'getAll',
      'set',
      'set',
      'unset',
    ])
    expect(operations[7].value.pairs).toMatchObject([
      { key: 'y', value: 'true' },
      { key: 'z', value: 'text' },
    ])
  })
})
