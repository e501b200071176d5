/** The codes of Postgres (SQLSTATE) that this program tells apart, by their names in the manual. */
export const sqlState = {
  connectionDoesNotExist: '08003',
  connectionFailure: '08006',
  /** A pooler answers with it to a start-up parameter that it does not know. */
  protocolViolation: '08P01',
  notNullViolation: '23502',
  uniqueViolation: '23505',
  readOnlySqlTransaction: '25006',
  invalidAuthorization: '28000',
  invalidPassword: '28P01',
  invalidCatalogName: '3D000',
  invalidSchemaName: '3F000',
  serializationFailure: '40001',
  deadlockDetected: '40P01',
  insufficientPrivilege: '42501',
  diskFull: '53100',
  tooManyConnections: '53300',
  lockNotAvailable: '55P03',
  queryCanceled: '57014',
  adminShutdown: '57P01',
  crashShutdown: '57P02',
  cannotConnectNow: '57P03',
} as const
