// What a program may put between the client and the server: interceptors, and a channel of its own.
import { create } from '@bufbuild/protobuf'
import { Channel, credentials, InterceptingCall, type Interceptor } from '@grpc/grpc-js'
import { afterEach, expect, test } from '@jest/globals'
import { SparkConnectClient } from '../src/client/client.ts'
import type { ClientOptions } from '../src/client/client-options.ts'
import { parseRemote } from '../src/client/url.ts'
import { PlanSchema } from '../src/gen/spark/connect/base_pb.ts'
import { scriptedServer } from './support/scripted-server.ts'

const open: { close(): Promise<void> }[] = []

afterEach(async () => {
  for (const thing of open.splice(0).reverse()) await thing.close()
})

const plan = create(PlanSchema, {
  opType: { case: 'root', value: { relType: { case: 'sql', value: { query: 'select 1' } } } },
})

/** Every kind of call: unary, server stream, client stream. */
async function useAll(client: SparkConnectClient): Promise<void> {
  await client.sparkVersion()
  for await (const _ of client.execute(plan));
  await client.addArtifact('files/a', Uint8Array.of(1))
}

async function start(url: (server: string) => string, options: (server: string) => ClientOptions) {
  const server = await scriptedServer({})
  const client = new SparkConnectClient(parseRemote(url(server.url), { USER: 'ann' }), options(server.url))
  open.push(server, client)
  return { server, client }
}

test('interceptors see every call, the first outermost', async () => {
  const calls: string[] = []
  const named =
    (name: string): Interceptor =>
    (options, next) =>
      new InterceptingCall(next(options), {
        start(metadata, listener, start) {
          calls.push(`${name} ${options.method_definition.path.split('/').at(-1)}`)
          metadata.set(`x-${name}`, 'yes')
          start(metadata, listener)
        },
      })
  const { server, client } = await start(
    (url) => url,
    () => ({ interceptors: [named('outer'), named('inner')] }),
  )
  await useAll(client)
  for (const method of ['AnalyzePlan', 'ExecutePlan', 'AddArtifacts']) {
    expect(calls.filter((call) => call.endsWith(` ${method}`))).toEqual([`outer ${method}`, `inner ${method}`])
  }
  const seen = server.seen.map(({ headers }) => [headers['x-outer'], headers['x-inner']])
  expect(seen.length).toBeGreaterThanOrEqual(3)
  expect(new Set(seen.map(String))).toEqual(new Set(['yes,yes']))
})

test('a channel of one’s own takes the place of the connection string’s address', async () => {
  let made = 0
  const { server, client } = await start(
    () => 'sc://mesh.invalid:1',
    (url) => ({
      channel: () => {
        made += 1
        return new Channel(new URL(url.replace('sc:', 'http:')).host, credentials.createInsecure(), {})
      },
    }),
  )
  await useAll(client)
  expect(made).toBe(1)
  expect(server.seen.length).toBeGreaterThanOrEqual(3)
})
