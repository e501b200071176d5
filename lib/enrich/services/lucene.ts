import type { HttpRequest } from '../http/client.ts'

/*
 * Searches in the words of Lucene, a hundred rows a page.
 */

const searchBytes = 16 << 20

/** A page of a search for entities of a kind. */
export const search = (entity: string, query: string, offset = 0): HttpRequest => ({
  method: 'GET',
  path: entity,
  query: { query, limit: '100', fmt: 'json', ...(offset > 0 ? { offset: String(offset) } : {}) },
  maxBytes: searchBytes,
})

/** A Lucene phrase: special characters escaped, lower case so that no AND, OR or NOT is taken for an operator. */
export function phrase(value: string): string {
  const clean = value
    .normalize('NFC')
    .toLowerCase()
    .replace(/[+\-&|!(){}[\]^"~*?:\\/]/g, '\\$&')
    .replace(/\s+/g, ' ')
    .trim()
  return `"${clean}"`
}
