import { describe, expect, test } from '@jest/globals'
import { redact } from '../lib/log.ts'

describe('redact', () => {
  test.each([
    ['sc://host:15002/;token=abc123;user_id=x', 'sc://host:15002/;token=***;user_id=x'],
    ['postgres://me:pa55@db:5432/plays', 'postgres://me:***@db:5432/plays'],
    ['GET /2.0/?method=x&api_key=0123456789&format=json', 'GET /2.0/?method=x&api_key=***&format=json'],
    ['authorization: Bearer abcdefgh12345678', 'authorization: Bearer ***'],
    ['The Token Ring by Nobody', 'The Token Ring by Nobody'],
  ])('%s', (input, expected) => {
    expect(redact(input)).toBe(expected)
  })
})
