import { describe, expect, test } from '@jest/globals'
import { chooseSpark, withoutSecrets, withToken } from '../../lib/spark/resolve.ts'

const nobody = async () => null
const somebody = async () => ({ url: 'sc://localhost:15002', certificate: 'PEM' })
const notAsked = async (): Promise<null> => {
  throw new Error('looked for a server although something was set')
}

describe('chooseSpark', () => {
  test.each([
    ['a remote is taken without looking on this machine', 'sc://spark.example:15002', notAsked, 'remote'],
    ['local[*] forces the embedded server even if another runs', 'local[*]', notAsked, 'embedded'],
    ['a number of threads does too', 'local[2]', notAsked, 'embedded'],
    ['and so does local alone', 'local', notAsked, 'embedded'],
    ['nothing set: the server of docker compose up', undefined, somebody, 'local'],
    ['an empty setting is none', '', somebody, 'local'],
    ['nothing set, no such server: the embedded one', undefined, nobody, 'embedded'],
  ])('%s', async (_name, remote, answers, kind) => {
    expect((await chooseSpark(remote, answers)).kind).toBe(kind)
  })

  test.each([
    'http://host',
    'sc://',
    'spark://host:7077',
    'local[]',
    'local[0]',
    'local[*,4]',
    'yarn',
  ])('refuses %s', async (remote) => {
    await expect(chooseSpark(remote, notAsked)).rejects.toMatchObject({ kind: 'usage', place: 'SPARK_REMOTE' })
  })

  test('a refused address is not repeated', async () => {
    const refused = chooseSpark('sx://host:1/;token=hush', notAsked)
    await expect(refused).rejects.toThrow(/not the address/)
    await expect(refused).rejects.not.toThrow(/hush/)
  })
})

test.each([
  ['sc://host:15002', 'sc://host:15002'],
  ['sc://host:15002/;token=hush;use_ssl=true', 'sc://host:15002'],
  ['sc://host/;token=hush', 'sc://host'],
  // Not well-formed: nothing is shown.
  ['sc://user:hush@host:1/', 'the address in SPARK_REMOTE'],
  ['sc://host:1 token=hush', 'the address in SPARK_REMOTE'],
])('withoutSecrets(%s)', (url, shown) => {
  expect(withoutSecrets(url)).toBe(shown)
})

test.each([
  ['sc://host:1', 'abc', 'sc://host:1/;token=abc'],
  ['sc://host:1/', 'abc', 'sc://host:1/;token=abc'],
  ['sc://host:1/;use_ssl=true', 'abc', 'sc://host:1/;use_ssl=true;token=abc'],
  ['sc://host:1/;use_ssl=true;', 'a;b', 'sc://host:1/;use_ssl=true;token=a%3Bb'],
  ['sc://host:1/;token=own', 'abc', 'sc://host:1/;token=own'],
  ['sc://host:1', undefined, 'sc://host:1'],
  ['sc://host:1', '', 'sc://host:1'],
])('withToken(%s, %s)', (url, token, expected) => {
  expect(withToken(url, token)).toBe(expected)
})
