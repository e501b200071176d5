import { create } from '@bufbuild/protobuf'
import { afterEach, describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import { SparkConnectClient } from '../src/client/client.ts'
import type { ClientEvent, ClientOptions } from '../src/client/client-options.ts'
import { SparkConnectError } from '../src/client/errors.ts'
import type { ProgressEvent } from '../src/client/progress.ts'
import { parseRemote } from '../src/client/url.ts'
import { type ExecutePlanResponse, type Plan, PlanSchema } from '../src/gen/spark/connect/base_pb.ts'
import { fakeTiming } from './support/fake-timing.ts'
import {
  type Failure,
  type Fault,
  type Script,
  type ScriptedServer,
  scriptedServer,
} from './support/scripted-server.ts'

const open: { close(): Promise<void> }[] = []

afterEach(async () => {
  for (const thing of open.splice(0).reverse()) await thing.close()
})

async function start(
  script: Script,
  options: ClientOptions = {},
): Promise<{
  server: ScriptedServer
  client: SparkConnectClient
  timing: ReturnType<typeof fakeTiming>
  events: ClientEvent[]
}> {
  const server = await scriptedServer(script)
  const timing = fakeTiming()
  const events: ClientEvent[] = []
  const client = new SparkConnectClient(parseRemote(server.url, {}), {
    timing,
    onEvent: (event) => events.push(event),
    ...options,
  })
  open.push(server, client)
  return { server, client, timing, events }
}

const plan: Plan = create(PlanSchema, {
  opType: { case: 'root', value: { relType: { case: 'range', value: { end: 5n, step: 1n } } } },
})

type Init = NonNullable<Exclude<Script['responses'], undefined | ((...args: never[]) => unknown)>>[number]

/** A batch whose bytes tell which it is; the client looks at the rows' numbers only. */
const batch = (index: number, rows: number, startOffset: number): Init => ({
  responseType: {
    case: 'arrowBatch',
    value: { rowCount: BigInt(rows), startOffset: BigInt(startOffset), data: new Uint8Array([index, rows]) },
  },
})

const batches = (count: number, rows = 3): Init[] => Array.from({ length: count }, (_, i) => batch(i, rows, i * rows))

const isBatch = (response: ExecutePlanResponse) => response.responseType.case === 'arrowBatch'

const bytesOf = (response: ExecutePlanResponse): number[] =>
  response.responseType.case === 'arrowBatch' ? [...response.responseType.value.data] : []

async function collect(client: SparkConnectClient): Promise<number[][]> {
  const all: number[][] = []
  for await (const response of client.execute(plan)) if (isBatch(response)) all.push(bytesOf(response))
  return all
}

const expected = (count: number, rows = 3) => Array.from({ length: count }, (_, i) => [i, rows])

const caught = async (work: Promise<unknown>): Promise<SparkConnectError> => {
  try {
    await work
  } catch (error) {
    return SparkConnectError.from(error)
  }
  throw new Error('it did not fail')
}

const unavailable: Failure = { code: 'UNAVAILABLE', message: 'connection lost' }

describe('a result comes whole', () => {
  test('without faults: one ExecutePlan with all that lets it survive', async () => {
    const { server, client, events } = await start({ responses: batches(4) })
    expect(await collect(client)).toEqual(expected(4))
    const sizes = events.flatMap((event) => (event.kind === 'request' ? (event.planBytes ?? 'none') : []))
    expect(sizes.filter((size) => size !== 'none')).toEqual([expect.any(Number)])
    const [execute] = server.seenOf('ExecutePlan')
    expect(
      execute!.request.requestOptions.map((o: { requestOption: { case: string } }) => o.requestOption.case),
    ).toEqual(['reattachOptions', 'resultChunkingOptions'])
    expect(execute!.request.operationId).toMatch(/^[0-9a-f-]{36}$/)
    expect(execute!.request.sessionId).toBe(client.sessionId)
    expect(server.seenOf('ReattachExecute')).toEqual([])
  })

  test.each(Array.from({ length: 6 }, (_, k) => k))('cut after %i responses', async (after) => {
    const { server, client } = await start({ responses: batches(5), faults: [{ after, ending: unavailable }] })
    expect(await collect(client)).toEqual(expected(5))
    const [reattach] = server.seenOf('ReattachExecute')
    const operationId = server.seenOf('ExecutePlan')[0]!.request.operationId
    expect(reattach!.request.operationId).toBe(operationId)
    expect(reattach!.request.lastResponseId).toBe(after === 0 ? undefined : `${operationId}/${after - 1}`)
  })

  test('a good end without ResultComplete is read on at once', async () => {
    const { server, client, timing } = await start({
      responses: batches(5),
      faults: [
        { after: 2, ending: 'end' },
        { after: 2, ending: 'end' },
      ],
    })
    expect(await collect(client)).toEqual(expected(5))
    expect(server.seenOf('ReattachExecute')).toHaveLength(2)
    expect(timing.slept).toEqual([])
  })

  test('responses that come again are taken once', async () => {
    const { client } = await start({
      responses: batches(6),
      faults: [{ after: 3, ending: unavailable }, { repeat: 2, after: 4, ending: 'end' }, { repeat: 9 }],
    })
    expect(await collect(client)).toEqual(expected(6))
  })

  test('slow responses', async () => {
    const { client } = await start({ responses: batches(3), faults: [{ delayMs: 30 }] })
    expect(await collect(client)).toEqual(expected(3))
  })

  test('another call took the stream over', async () => {
    const { client } = await start({
      responses: batches(3),
      faults: [{ after: 1, ending: { code: 'INTERNAL', errorClass: 'INVALID_CURSOR.DISCONNECTED' } }],
    })
    expect(await collect(client)).toEqual(expected(3))
  })

  test('property: any sequence of cuts, ends, repeats and delays', async () => {
    const fault: fc.Arbitrary<Fault> = fc.record(
      {
        after: fc.nat(4),
        ending: fc.constantFrom<NonNullable<Fault['ending']>>(
          'end',
          unavailable,
          {
            code: 'INTERNAL',
            errorClass: 'INVALID_CURSOR.DISCONNECTED',
          },
          { code: 'RESOURCE_EXHAUSTED', retryDelayMs: 1500 },
        ),
        repeat: fc.nat(3),
        refuse: fc.option(fc.constant(unavailable), { nil: undefined, freq: 4 }),
        delayMs: fc.constantFrom(0, 0, 1),
      },
      { requiredKeys: ['after', 'ending'] },
    ) as fc.Arbitrary<Fault>
    const chunking = fc.array(
      fc.record({ rows: fc.integer({ min: 0, max: 4 }), chunks: fc.integer({ min: 1, max: 4 }) }),
      {
        maxLength: 6,
      },
    )
    await fc.assert(
      fc.asyncProperty(chunking, fc.array(fault, { maxLength: 8 }), async (parts, faults) => {
        const responses: Init[] = []
        const whole: number[][] = []
        let startOffset = 0
        for (const [i, { rows, chunks }] of parts.entries()) {
          const data = Array.from({ length: chunks * 2 }, (_, at) => i * 16 + at)
          whole.push(data)
          for (let chunk = 0; chunk < chunks; chunk++) {
            responses.push({
              responseType: {
                case: 'arrowBatch',
                value: {
                  rowCount: BigInt(rows),
                  startOffset: BigInt(startOffset),
                  data: new Uint8Array(data.slice(chunk * 2, chunk * 2 + 2)),
                  ...(chunks > 1 ? { chunkIndex: BigInt(chunk), numChunksInBatch: BigInt(chunks) } : {}),
                },
              },
            })
          }
          startOffset += rows
        }
        const { server, client } = await start({ responses, faults })
        try {
          expect(await collect(client)).toEqual(whole)
        } finally {
          await client.close()
          await server.close()
        }
      }),
      { numRuns: 150 },
    )
  })

  test('chunks of a batch are one response', async () => {
    const chunk = (index: number, total: number, data: number[]): Init => ({
      responseType: {
        case: 'arrowBatch',
        value: {
          rowCount: 9n,
          startOffset: 3n,
          data: new Uint8Array(data),
          chunkIndex: BigInt(index),
          numChunksInBatch: BigInt(total),
        },
      },
    })
    const { client } = await start({
      responses: [batch(0, 3, 0), chunk(0, 3, [1, 2]), chunk(1, 3, [3]), chunk(2, 3, [4, 5]), batch(7, 1, 12)],
      faults: [
        { after: 2, ending: unavailable },
        { after: 1, ending: 'end' },
      ],
    })
    expect(await collect(client)).toEqual([
      [0, 3],
      [1, 2, 3, 4, 5],
      [7, 1],
    ])
  })
})

describe('an operation that the server does not know', () => {
  const notFound: Failure = { code: 'INTERNAL', errorClass: 'INVALID_HANDLE.OPERATION_NOT_FOUND' }
  const noSession: Failure = { code: 'INTERNAL', errorClass: 'INVALID_HANDLE.SESSION_NOT_FOUND' }

  test('the request was lost: the same operation is started again', async () => {
    const { server, client } = await start({ responses: batches(2), faults: [{ refuse: unavailable, lose: true }] })
    expect(await collect(client)).toEqual(expected(2))
    const ids = server.seenOf('ExecutePlan').map((call) => call.request.operationId)
    expect(ids).toHaveLength(2)
    expect(new Set(ids).size).toBe(1)
  })

  test('only the answer was lost: nothing is started twice', async () => {
    const { server, client } = await start({ responses: batches(2), faults: [{ refuse: unavailable }] })
    expect(await collect(client)).toEqual(expected(2))
    expect(server.seenOf('ExecutePlan')).toHaveLength(1)
  })

  test('a session that is not there yet', async () => {
    const { client } = await start({ responses: batches(2), faults: [{ refuse: noSession, lose: true }] })
    expect(await collect(client)).toEqual(expected(2))
  })

  test('after a response was received it is an error', async () => {
    const { server, client } = await start({
      responses: batches(4),
      faults: [{ after: 2, ending: unavailable }, { refuse: notFound }],
    })
    const error = await caught(collect(client))
    expect(error).toMatchObject({ errorClass: 'INVALID_HANDLE.OPERATION_NOT_FOUND', code: 'INTERNAL' })
    expect(error.message).toContain('lost the operation after part of its result was received')
    expect(error.operationId).toBe(server.seenOf('ExecutePlan')[0]!.request.operationId)
  })

  test('is not started again for ever', async () => {
    const { server, client } = await start(
      { faults: Array.from({ length: 50 }, () => ({ refuse: notFound, lose: true })) },
      { retry: { maxRetries: 4 } },
    )
    const error = await caught(collect(client))
    expect(error.errorClass).toBe('INVALID_HANDLE.OPERATION_NOT_FOUND')
    expect(server.seenOf('ExecutePlan')).toHaveLength(5)
  })
})

describe('limits of patience', () => {
  test('waits follow the policy, and progress starts it anew', async () => {
    const { client, timing } = await start({
      responses: batches(3),
      faults: [
        { after: 1, ending: unavailable },
        { refuse: unavailable },
        { refuse: unavailable },
        { after: 1, ending: unavailable },
      ],
    })
    expect(await collect(client)).toEqual(expected(3))
    expect(timing.slept).toEqual([50, 200, 800, 50])
  })

  test('the server says how long to wait', async () => {
    const { client, timing } = await start({
      responses: batches(1),
      faults: [{ refuse: { code: 'RESOURCE_EXHAUSTED', message: 'busy', retryDelayMs: 1_250 } }],
    })
    expect(await collect(client)).toEqual(expected(1))
    expect(timing.slept).toEqual([1_250])
  })

  test('gives up after the last try', async () => {
    const { client } = await start(
      { faults: Array.from({ length: 50 }, () => ({ refuse: unavailable })) },
      { retry: { maxRetries: 3 } },
    )
    const error = await caught(collect(client))
    expect(error.code).toBe('UNAVAILABLE')
    expect(error.message).toContain('(tried 4 times)')
  })

  test('a server that ends every stream at once does not keep us for ever', async () => {
    const { client } = await start({ neverComplete: true }, { retry: { maxRetries: 5 } })
    const error = await caught(collect(client))
    expect(error).toMatchObject({ code: 'UNAVAILABLE' })
    expect(error.message).toContain('ended the stream 6 times')
  })

  test('an error of the query is not tried again', async () => {
    const { server, client } = await start({
      faults: [{ refuse: { code: 'INTERNAL', errorClass: 'DIVIDE_BY_ZERO', metadata: { sqlState: '22012' } } }],
    })
    const error = await caught(collect(client))
    expect(error).toMatchObject({ errorClass: 'DIVIDE_BY_ZERO', sqlState: '22012' })
    expect(server.seen.filter(({ method }) => /Execute(Plan)?$/.test(method)).map(({ method }) => method)).toEqual([
      'ExecutePlan',
      'ReleaseExecute',
    ])
  })
})

const releaseKinds = (server: ScriptedServer) =>
  server.seenOf('ReleaseExecute').map(({ request }) => request.release.case as string)

describe('what is given up is released', () => {
  test('a result read to its end', async () => {
    const { server, client } = await start({ responses: batches(3) })
    await collect(client)
    await client.close()
    expect(releaseKinds(server).at(-1)).toBe('releaseAll')
    const until = server.seenOf('ReleaseExecute').flatMap(({ request }) => request.release.value?.responseId ?? [])
    const operationId = server.seenOf('ExecutePlan')[0]!.request.operationId
    // Releases are gathered while one is under way, so not every id is named; the order is kept.
    expect(until.length).toBeGreaterThan(0)
    expect([...until].sort()).toEqual(until)
    expect(until.every((id: string) => id.startsWith(`${operationId}/`))).toBe(true)
  })

  test('leaving the loop stops the query before the loop is over', async () => {
    const { server, client } = await start({ responses: batches(100), faults: [{ after: 3, ending: 'hang' }] })
    for await (const response of client.execute(plan)) if (isBatch(response)) break
    expect(releaseKinds(server)).toContain('releaseAll')
    expect(server.openStreams()).toBe(0)
  })

  test('an error in the loop does as well', async () => {
    const { server, client } = await start({ responses: batches(100) })
    const failing = (async () => {
      for await (const _ of client.execute(plan)) throw new RangeError('mine')
    })()
    await expect(failing).rejects.toThrow(RangeError)
    expect(releaseKinds(server)).toContain('releaseAll')
  })

  test.each(['before the first response', 'between responses'])('an abort %s', async (when) => {
    const { server, client } = await start({
      responses: batches(100),
      faults: [{ after: when === 'between responses' ? 2 : 0, ending: 'hang' }],
    })
    const abort = new AbortController()
    const reading = (async () => {
      for await (const _ of client.execute(plan, { signal: abort.signal }));
    })()
    const ended = caught(reading)
    while (server.seenOf('ExecutePlan').length === 0) await new Promise((resolve) => setTimeout(resolve, 5))
    await new Promise((resolve) => setTimeout(resolve, 30))
    abort.abort(new Error('enough'))
    const error = await ended
    expect(error).toMatchObject({ code: 'CANCELLED' })
    expect((error.cause as Error).message).toBe('enough')
    expect(releaseKinds(server)).toContain('releaseAll')
    expect(server.openStreams()).toBe(0)
  })

  test('an abort stops the query also while the consumer is busy with a row', async () => {
    const { server, client } = await start({ responses: batches(100) })
    const abort = new AbortController()
    const rows = client.execute(plan, { signal: abort.signal })
    await rows.next()
    abort.abort()
    while (!releaseKinds(server).includes('releaseAll')) await new Promise((resolve) => setTimeout(resolve, 5))
    expect(await caught(rows.next())).toMatchObject({ code: 'CANCELLED' })
  })

  test('an abort before the start sends nothing', async () => {
    const { server, client } = await start({ responses: batches(1) })
    const reading = client.execute(plan, { signal: AbortSignal.abort() })
    expect(await caught(reading.next())).toMatchObject({ code: 'CANCELLED' })
    expect(server.seen).toEqual([])
  })

  test('an abort ends a wait for the next try', async () => {
    const { client } = await start(
      { faults: Array.from({ length: 50 }, () => ({ refuse: unavailable })) },
      { timing: undefined, retry: { initialBackoffMs: 60_000 } },
    )
    expect(
      await caught(
        (async () => {
          for await (const _ of client.execute(plan, { signal: AbortSignal.timeout(100) }));
        })(),
      ),
    ).toMatchObject({ code: 'DEADLINE_EXCEEDED' })
  })

  test('the time allowed', async () => {
    const { server, client } = await start({ responses: batches(3), faults: [{ after: 1, ending: 'hang' }] })
    const reading = (async () => {
      for await (const _ of client.execute(plan, { timeoutMs: 100 }));
    })()
    expect(await caught(reading)).toMatchObject({ code: 'DEADLINE_EXCEEDED', message: 'the time allowed is over' })
    expect(releaseKinds(server)).toContain('releaseAll')
  })

  test.each([0, 1])('stopping the session ends what runs, %i responses having come', async (after) => {
    const { server, client } = await start({ responses: batches(3), faults: [{ after, ending: 'hang' }] })
    const rows = client.execute(plan)
    const first = rows.next()
    const ended = caught(after === 0 ? first : first.then(() => rows.next()))
    if (after === 1) await first
    while (server.seenOf('ExecutePlan').length === 0) await new Promise((resolve) => setTimeout(resolve, 5))
    await client.close()
    expect(await ended).toMatchObject({ errorClass: 'INVALID_HANDLE.SESSION_CLOSED' })
    const order = server.seen.map(({ method }) => method)
    expect(order.indexOf('ReleaseExecute')).toBeLessThan(order.indexOf('ReleaseSession'))
    expect(releaseKinds(server)).toContain('releaseAll')
  })

  test('a release that fails is told and changes nothing', async () => {
    const { client, events } = await start({
      responses: batches(3),
      unaryFaults: { ReleaseExecute: Array.from({ length: 20 }, () => ({ code: 'INTERNAL', message: 'no' })) },
    })
    expect(await collect(client)).toEqual(expected(3))
    await client.close()
    expect(events.filter(({ kind }) => kind === 'releaseFailed').length).toBeGreaterThan(0)
  })
})

test('the network is read only as fast as the consumer takes', async () => {
  const large = new Uint8Array(4 * 1024 * 1024)
  const responses = Array.from(
    { length: 60 },
    (_, i): Init => ({
      responseType: { case: 'arrowBatch', value: { rowCount: 1n, startOffset: BigInt(i), data: large } },
    }),
  )
  const { server, client } = await start({ responses })
  const rows = client.execute(plan)
  await rows.next()
  await new Promise((resolve) => setTimeout(resolve, 500))
  // One is ours, one is read ahead, 8 MiB fit into the window of the connection; the server's library holds another 16.
  expect(server.sent()).toBeLessThan(22)
  let taken = 1
  for await (const _ of rows) taken += 1
  expect(taken).toBe(60)
})

describe('a server that lies', () => {
  type Batch = Extract<ExecutePlanResponse['responseType'], { case: 'arrowBatch' }>['value']
  const asBatch = (response: ExecutePlanResponse, change: (value: Batch) => Batch): ExecutePlanResponse =>
    response.responseType.case === 'arrowBatch'
      ? { ...response, responseType: { case: 'arrowBatch', value: change(response.responseType.value) } }
      : response

  test.each<[string, (response: ExecutePlanResponse, index: number) => ExecutePlanResponse, string]>([
    [
      'rows are missing',
      (response, i) =>
        i < 2 ? response : asBatch(response, (value) => ({ ...value, startOffset: value.startOffset! + 1n })),
      'a batch begins at row 7 after 6 rows',
    ],
    [
      'another operation answers',
      (response) => ({ ...response, operationId: 'other' }),
      'a response of operation other arrived',
    ],
    [
      'a chunk is missing',
      (response, i) =>
        response.responseType.case === 'arrowBatch' && i === 1
          ? {
              ...response,
              responseType: {
                case: 'arrowBatch',
                value: { ...response.responseType.value, chunkIndex: 1n, numChunksInBatch: 2n },
              },
            }
          : response,
      'chunk 1 of 2 follows 0 chunks',
    ],
  ])('%s', async (_name, lie, reason) => {
    const { server, client } = await start({ responses: batches(4), lie })
    const error = await caught(collect(client))
    expect(error.code).toBe('DATA_LOSS')
    expect(error.message).toContain(reason)
    expect(releaseKinds(server)).toContain('releaseAll')
  })

  test('another session answers', async () => {
    const { client } = await start({ responses: batches(1), lie: (response) => ({ ...response, sessionId: 'other' }) })
    expect(await caught(collect(client))).toMatchObject({ errorClass: 'INVALID_HANDLE.SESSION_CHANGED' })
    expect(client.state).toBe('lost')
  })
})

describe('the server was restarted', () => {
  test('between two queries', async () => {
    let name = 'server-1'
    const { server, client } = await start({ responses: batches(1), serverSideSessionId: () => name })
    await collect(client)
    name = 'server-2'
    const error = await caught(collect(client))
    expect(error).toMatchObject({ errorClass: 'INVALID_HANDLE.SESSION_CHANGED', isSessionLost: true })
    expect(error.message).toContain('spark.reconnect()')
    expect(server.seenOf('ExecutePlan')[1]!.request.clientObservedServerSideSessionId).toBe('server-1')
    expect(client.state).toBe('lost')
    const calls = server.seen.length
    expect(await caught(collect(client))).toMatchObject({ errorClass: 'INVALID_HANDLE.SESSION_CHANGED' })
    expect(server.seen).toHaveLength(calls)
  })

  test('in the middle of one, and says so itself', async () => {
    const { server, client } = await start({
      responses: batches(3),
      faults: [
        { after: 1, ending: unavailable },
        { refuse: { code: 'INTERNAL', errorClass: 'INVALID_HANDLE.SESSION_CHANGED' } },
      ],
    })
    const error = await caught(collect(client))
    expect(error.errorClass).toBe('INVALID_HANDLE.SESSION_CHANGED')
    expect(server.seenOf('ReattachExecute')[0]!.request.clientObservedServerSideSessionId).toBe('server-1')
    expect(client.state).toBe('lost')
  })
})

describe('what comes beside the rows', () => {
  const progress = (completed: number): Init => ({
    responseType: {
      case: 'executionProgress',
      value: {
        stages: [
          {
            stageId: 4n,
            numTasks: 2n,
            numCompletedTasks: BigInt(completed),
            inputBytesRead: 99n,
            done: completed === 2,
          },
        ],
        numInflightTasks: BigInt(2 - completed),
      },
    },
  })

  test('progress reports, closed by one that is done', async () => {
    const seen: ProgressEvent[] = []
    const { client } = await start(
      { responses: [progress(0), batch(0, 1, 0), progress(2)] },
      { onProgress: (event) => seen.push(event) },
    )
    await collect(client)
    expect(seen.map(({ stages, inFlightTasks, done }) => [stages[0]!.completedTasks, inFlightTasks, done])).toEqual([
      [0, 2, false],
      [2, 0, false],
      [2, 0, true],
    ])
    expect(seen[0]!.stages[0]).toEqual({ stageId: 4, tasks: 2, completedTasks: 0, inputBytes: 99n, done: false })
  })

  test('a listener that throws does not break the query', async () => {
    const { client } = await start(
      { responses: [progress(0), batch(0, 1, 0)] },
      {
        onProgress: () => {
          throw new Error('listener')
        },
      },
    )
    expect(await collect(client)).toEqual([[0, 1]])
  })

  test('the schema, metrics and observed metrics', async () => {
    const { client } = await start({
      responses: [
        { schema: { kind: { case: 'long', value: {} } } },
        batch(0, 1, 0),
        { observedMetrics: [{ name: 'm', keys: ['n'], values: [{ literalType: { case: 'long', value: 5n } }] }] },
        { metrics: { metrics: [{ name: 'Range' }] } },
      ],
    })
    const all: ExecutePlanResponse[] = []
    for await (const response of client.execute(plan)) all.push(response)
    expect(all).toHaveLength(4)
    expect(all[0]!.schema!.kind.case).toBe('long')
    expect(all[2]!.observedMetrics[0]!.name).toBe('m')
    expect(all[3]!.metrics!.metrics[0]!.name).toBe('Range')
  })
})
