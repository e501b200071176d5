import { describe, expect, test } from '@jest/globals'
import { SparkConnectError } from '../src/client/errors.ts'
import { authorityOf, describeRemote, isLoopback, parseRemote, type Remote } from '../src/client/url.ts'

const env = { USER: 'ann' }
const base: Remote = {
  host: 'localhost',
  port: 15002,
  tls: false,
  token: undefined,
  userId: 'ann',
  userAgent: undefined,
  sessionId: undefined,
  maxMessageBytes: 134_217_728,
  headers: {},
}

describe('connection strings', () => {
  test.each<[string, Partial<Remote>]>([
    ['sc://localhost', {}],
    ['sc://localhost/', {}],
    ['sc://localhost:15102', { port: 15102 }],
    ['sc://localhost:15102/', { port: 15102 }],
    ['sc://localhost/;', {}],
    ['sc://spark-1.example.org:443/;use_ssl=true', { host: 'spark-1.example.org', port: 443, tls: true }],
    ['sc://spark.example/;use_ssl=false', { host: 'spark.example' }],
    ['sc://[::1]:7077', { host: '::1', port: 7077 }],
    ['sc://[2001:db8::5]', { host: '2001:db8::5' }],
    ['sc://127.0.0.1:1/;token=abc', { host: '127.0.0.1', port: 1, token: 'abc' }],
    ['sc://localhost/;token=abc;use_ssl=true', { token: 'abc', tls: true }],
    // A token is never sent in the clear to another machine.
    ['sc://spark.example/;token=abc', { host: 'spark.example', token: 'abc', tls: true }],
    [
      'sc://spark.example/;authorization=Basic%20eA',
      { host: 'spark.example', headers: { authorization: 'Basic eA' }, tls: true },
    ],
    // Nor is another header that is secret by its name; where plain text stays on this machine it may be used.
    ['sc://spark.example/;x-api-key=abc', { host: 'spark.example', headers: { 'x-api-key': 'abc' }, tls: true }],
    ['sc://spark.example/;Cookie=abc', { host: 'spark.example', headers: { cookie: 'abc' }, tls: true }],
    ['sc://spark.localhost/;x-auth=abc', { host: 'spark.localhost', headers: { 'x-auth': 'abc' }, tls: true }],
    ['sc://127.0.0.1/;x-api-key=abc', { host: '127.0.0.1', headers: { 'x-api-key': 'abc' } }],
    ['sc://localhost/;token=a%3Bb%25c', { token: 'a;b%c' }],
    ['sc://localhost/;token=YWJj==', { token: 'YWJj==' }],
    ['sc://localhost/;user_id=Bj%C3%B6rk', { userId: 'Björk' }],
    ['sc://localhost/;user_agent=radio-plays', { userAgent: 'radio-plays' }],
    [
      'sc://localhost/;session_id=3F2B6E0C-7D0A-4E6E-9A55-0F6F0D2F8A11',
      { sessionId: '3f2b6e0c-7d0a-4e6e-9a55-0f6f0d2f8a11' },
    ],
    ['sc://localhost/;grpc_max_message_size=4194304', { maxMessageBytes: 4_194_304 }],
    ['sc://localhost/;x-team=music;X-Trace=a%20b', { headers: { 'x-team': 'music', 'x-trace': 'a b' } }],
  ])('%s', (text, expected) => {
    expect(parseRemote(text, env)).toEqual({ ...base, ...expected })
  })

  test.each<[string, Record<string, string>, Partial<Remote>]>([
    ['a token for every connection', { SPARK_CONNECT_AUTHENTICATE_TOKEN: 'from-env' }, { token: 'from-env' }],
    ['an empty token is none', { SPARK_CONNECT_AUTHENTICATE_TOKEN: '' }, {}],
    ['the user agent', { SPARK_CONNECT_USER_AGENT: 'agent' }, { userAgent: 'agent' }],
    ['SPARK_USER before USER', { SPARK_USER: 'spark', USER: 'ann' }, { userId: 'spark' }],
  ])('defaults from the environment: %s', (_name, variables, expected) => {
    expect(parseRemote('sc://localhost', { ...env, ...variables })).toEqual({ ...base, ...expected })
  })

  test('the connection string wins over the environment', () => {
    const remote = parseRemote('sc://localhost/;token=mine', { ...env, SPARK_CONNECT_AUTHENTICATE_TOKEN: 'theirs' })
    expect(remote.token).toBe('mine')
  })

  test.each([
    ['localhost:15002', 'begins with sc://'],
    ['http://localhost', 'begins with sc://, not http:'],
    ['SC://localhost', 'begins with sc://'],
    ['sc://', 'a host is missing'],
    ['sc://:15002', 'a host is missing'],
    ['sc://::1', 'IPv6 address stands in brackets'],
    ['sc://host:', 'from 1 to 65535'],
    ['sc://host:0', 'from 1 to 65535'],
    ['sc://host:65536', 'from 1 to 65535'],
    ['sc://host:15o02', 'the port must be a number'],
    ['sc://host;use_ssl=true', "follow the host after '/;'"],
    ['sc://host/path;use_ssl=true', 'no path after the host'],
    ['sc://host/?use_ssl=true', 'no path after the host'],
    ['sc://host/;use_ssl', 'each parameter is key=value'],
    ['sc://host/;=true', 'each parameter is key=value'],
    ['sc://host/;use_ssl=', 'use_ssl has no value'],
    ['sc://host/;use_ssl=yes', "use_ssl is 'true' or 'false'"],
    ['sc://host/;use_ssl=true;use_ssl=true', 'use_ssl is given twice'],
    ['sc://host/;Use_SSL=true', 'write use_ssl, not Use_SSL'],
    ['sc://host/;session_id=42', 'must be a UUID'],
    ['sc://host/;grpc_max_message_size=4MB', 'must be a number of bytes'],
    ['sc://host/;grpc_max_message_size=0', 'must be a number of bytes'],
    ['sc://host/;grpc_max_message_size=9999999999', 'must be a number of bytes'],
    ['sc://host/;x y=1', 'the name of a parameter has letters'],
    ['sc://host/;grpc-timeout=1', 'cannot be a header'],
    ['sc://host/;trace-bin=1', 'cannot be a header'],
    ['sc://host/;x-name=%C3%B6', 'no header can carry'],
  ])('%s is refused', (text, reason) => {
    expect(() => parseRemote(text, env)).toThrow(SparkConnectError)
    expect(() => parseRemote(text, env)).toThrow(reason)
  })

  test.each([
    'sc://spark.example/;token=sesame-open;use_ssl=false',
    'sc://spark.example/;Token=sesame-open',
    'sc://spark.example/;token=sesame-open%zz',
    'sc://spark.example/;sesame-open',
    'sc://spark.example/sesame-open;use_ssl=true',
    'sc://me:sesame-open@spark.example',
    'sc://spark.example/;token=sesame-open;token=sesame-open',
    'sc://spark.example/;token=sesame-open%0A',
    'sc://spark.example/;x-api-key=sesame-open;use_ssl=false',
    'sc://spark.example/;use_ssl=sesame-open',
    'sc://spark.example/;session_id=sesame-open',
    'sc://spark.example/;grpc_max_message_size=sesame-open',
    'sc://spark.example/;sesame-open=',
    'sc://spark.example/;sesame-open%=1',
    'sc://spark.example/;sesame-open=1;sesame-open=1',
    'sc://spark.example:sesame-open',
    'sc://spark.example,token=sesame-open/',
    'sesame-open://spark.example',
  ])('a refusal does not repeat the secret: %s', (text) => {
    let message = ''
    try {
      parseRemote(text, env)
    } catch (error) {
      message = String(error)
    }
    expect(message).toMatch(/^SparkConnectError: connection string: /)
    expect(message).not.toContain('sesame')
  })
})

test('the address for people has no secret', () => {
  const remote = parseRemote('sc://spark.example:443/;token=sesame-open;x-key=sesame', env)
  expect(describeRemote(remote)).toBe('sc://spark.example:443 (TLS)')
  expect(authorityOf({ host: '::1', port: 1 })).toBe('[::1]:1')
})

test.each([
  ['localhost', true],
  ['LOCALHOST', true],
  // Who answers for such a name is up to the resolver; the other is a name, too.
  ['spark.localhost', false],
  ['127.999.1.1', false],
  ['127.1', false],
  ['127.0.0.1', true],
  ['127.8.9.10', true],
  ['::1', true],
  ['localhost.example', false],
  ['127.example', false],
  ['10.0.0.1', false],
  ['0.0.0.0', false],
])('%s is this machine: %s', (host, expected) => {
  expect(isLoopback(host)).toBe(expected)
})
