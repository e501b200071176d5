import { AppError } from '../../errors.ts'

/** The error for an invalid DATABASE_URL; the URL is not repeated in it, since it may hold a password. */
export function invalidUrl(message: string, remedy: string): AppError {
  return new AppError('usage', message, { place: 'DATABASE_URL', remedy })
}
