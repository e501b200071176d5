/** The Spark server of the test run is the client's own test support; both suites share it. */
export { testSpark, testSparkAddress } from '../../lib/spark-connect-js/test/support/spark.ts'
