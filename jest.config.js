/** @type {import('jest').Config} */
export default {
  testEnvironment: 'node',
  extensionsToTreatAsEsm: ['.ts'],
  transform: { '\\.ts$': ['@swc/jest', { jsc: { parser: { syntax: 'typescript' }, target: 'es2024' } }] },
  testMatch: ['<rootDir>/test/**/*.test.ts', '<rootDir>/lib/spark-connect-js/test/**/*.test.ts'],
  // Two cores are shared with the Spark server of the test run.
  maxWorkers: 2,
  testTimeout: 60_000,
  // One Spark server for the whole run, started by the first test that asks for it (test/support/spark.ts).
  globalSetup: '<rootDir>/test/support/global-setup.mjs',
  globalTeardown: '<rootDir>/lib/spark-connect-js/test/support/global-teardown.mjs',
  reporters: ['default', '<rootDir>/lib/spark-connect-js/test/support/closing-line.js'],
}
