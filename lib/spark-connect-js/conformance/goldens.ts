// Makes the plans that Spark's own Scala client generates, from Spark's published test suite. Nothing of it is kept in
// the repository: the plans go to a folder under node_modules, one for each version, and are made once.
// Needs Maven and Java 17. Takes a minute or two, most of it downloads.
import { execFile } from 'node:child_process'
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'

const run = promisify(execFile)
const queriesIn = 'sql/connect/common/src/test/resources/query-tests/queries'

// The published client is shaded, so its test classes must be relocated the same way before they fit it.
const relocated = ['com.google.protobuf', 'io.grpc']

const scalatestVersion = '3.2.19'

const dependency = (artifact: string, version: string, more = '', group = 'org.apache.spark'): string =>
  `<dependency><groupId>${group}</groupId><artifactId>${artifact}</artifactId><version>${version}</version>${more}</dependency>`

const project = (
  artifact: string,
  dependencies: string,
  build = '',
): string => `<project xmlns="http://maven.apache.org/POM/4.0.0">
<modelVersion>4.0.0</modelVersion><groupId>conformance</groupId><artifactId>${artifact}</artifactId><version>1</version>
<dependencies>${dependencies}</dependencies>${build}</project>
`

const shade = `<build><plugins><plugin><groupId>org.apache.maven.plugins</groupId><artifactId>maven-shade-plugin</artifactId><version>3.6.0</version>
<executions><execution><phase>package</phase><goals><goal>shade</goal></goals><configuration>
<createDependencyReducedPom>false</createDependencyReducedPom>
<relocations>${relocated.map((name) => `<relocation><pattern>${name}</pattern><shadedPattern>org.sparkproject.${name}</shadedPattern></relocation>`).join('')}</relocations>
</configuration></execution></executions></plugin></plugins></build>`

const opened = ['java.nio', 'java.lang', 'java.lang.reflect', 'java.util', 'sun.nio.ch'].map(
  (name) => `--add-opens=java.base/${name}=ALL-UNNAMED`,
)

/**
 * The golden plans of a version of Spark, by name, as bytes of the message Relation.
 *
 * *Errors:* those of Maven and Java, with their output.
 */
export const goldenPlans = async (version: string, log: (text: string) => void): Promise<Map<string, Uint8Array>> => {
  const root = fileURLToPath(new URL('../node_modules/.cache/spark-goldens/', import.meta.url))
  const folder = join(root, version)
  const queries = join(folder, queriesIn)
  if (!existsSync(join(folder, 'complete'))) await make(version, folder, queries, log)
  return new Map(
    readdirSync(queries)
      .filter((file) => file.endsWith('.proto.bin'))
      .sort()
      .map((file) => [file.slice(0, -'.proto.bin'.length), new Uint8Array(readFileSync(join(queries, file)))]),
  )
}

const make = async (version: string, folder: string, queries: string, log: (text: string) => void): Promise<void> => {
  rmSync(folder, { recursive: true, force: true })
  mkdirSync(queries, { recursive: true })
  const scratch = join(folder, 'maven')
  const tests = join(scratch, 'tests')
  mkdirSync(tests, { recursive: true })
  const everything = '<exclusions><exclusion><groupId>*</groupId><artifactId>*</artifactId></exclusion></exclusions>'
  writeFileSync(
    join(tests, 'pom.xml'),
    project(
      'tests',
      dependency('spark-connect-client-jvm_2.13', version, `<classifier>tests</classifier>${everything}`),
      shade,
    ),
  )
  writeFileSync(
    join(scratch, 'pom.xml'),
    project(
      'classpath',
      dependency('spark-connect-client-jvm_2.13', version) +
        dependency('scalatest_2.13', scalatestVersion, '', 'org.scalatest'),
    ),
  )
  log(`fetching Spark ${version}'s client and its tests by Maven`)
  const maven = (cwd: string, ...args: string[]) => run('mvn', ['-q', '-B', ...args], { cwd, maxBuffer: 1 << 26 })
  await maven(tests, 'package')
  await maven(scratch, 'dependency:build-classpath', `-Dmdep.outputFile=${join(scratch, 'classpath')}`)
  const classpath = [
    join(tests, 'target', 'tests-1.jar'),
    readFileSync(join(scratch, 'classpath'), 'utf8').trim(),
  ].join(':')
  log('generating the golden plans')
  const scalatest = ['org.scalatest.tools.Runner', '-s', 'org.apache.spark.sql.PlanGenerationTestSuite', '-oW']
  try {
    await run('java', [...opened, `-Dspark.test.home=${folder}`, '-cp', classpath, ...scalatest], {
      env: { ...process.env, SPARK_HOME: folder, SPARK_TESTING: '1', SPARK_GENERATE_GOLDEN_FILES: '1' },
      maxBuffer: 1 << 26,
    })
  } catch (error) {
    // Six tests want a descriptor file of Spark's source tree and fail; the others have written their plans by then.
    if (readdirSync(queries).length < 1000) throw error
  }
  renameSync(join(scratch, 'classpath'), join(folder, 'complete'))
  rmSync(scratch, { recursive: true, force: true })
}
