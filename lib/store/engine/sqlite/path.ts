import { invalidUrl } from '../invalid-url.ts'

export const urlForm = 'sqlite:PATH'
const scheme = 'sqlite:'

export const isSqliteUrl = (url: string): boolean => url.startsWith(scheme)

/** The path in `sqlite:PATH` or `sqlite:///PATH`. *Errors:* AppError `usage` if it is not the path of a file. */
export function pathOf(url: string): string {
  const rest = url.slice(scheme.length)
  const path = rest.startsWith('//') ? rest.slice(2) : rest
  if (path === '' || path === ':memory:' || path.includes('\0')) {
    throw invalidUrl('DATABASE_URL names no file for SQLite', `write ${urlForm}, such as sqlite:data/plays.db`)
  }
  if (path.endsWith('/')) {
    throw invalidUrl('DATABASE_URL names a folder', 'name a file in it, such as sqlite:data/plays.db')
  }
  return path
}
