/** The `code` of an error of a driver or of the system; undefined for any other value. */
export function errorCode(error: unknown): string | undefined {
  const { code } = errorFields(error)
  return typeof code === 'string' ? code : undefined
}

/** The fields of an error. Errors of the system may come from another realm, as in tests, and are not `instanceof Error`. */
export function errorFields(error: unknown): Readonly<Record<string, unknown>> {
  return typeof error === 'object' && error !== null ? (error as Record<string, unknown>) : {}
}
