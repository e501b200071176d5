import type { StageTime } from '../model/stage.ts'

/** What a run measured, for a Prometheus text file. */
export interface RunMetrics {
  readonly command: string
  readonly version: string
  readonly exitCode: number
  readonly startedAt: Date
  readonly finishedAt: Date
  readonly stages: readonly StageTime[]
  /** Figures of the command itself, by name. */
  readonly figures: Readonly<Record<string, number>>
}

/**
 * The run in Prometheus' text format, for the textfile collector of node_exporter or for a push: gauges, one run each. The time of
 * the last success is not among them where the run failed, so that an alert on its age needs the file of each job kept.
 */
export function metricsText(run: RunMetrics): string {
  const { command, version, exitCode, startedAt, finishedAt, stages, figures } = run
  const labels = { command }
  const finished = finishedAt.getTime() / 1000
  return [
    ...gauge('run_info', 'The last run, by version.', [[{ command, version }, 1]]),
    ...gauge('run_exit_code', 'Exit code of the last run; 0 is success.', [[labels, exitCode]]),
    ...gauge('run_finished_timestamp_seconds', 'When the last run ended.', [[labels, finished]]),
    ...gauge('run_duration_seconds', 'How long the last run took.', [[labels, finished - startedAt.getTime() / 1000]]),
    ...gauge(
      'run_stage_duration_seconds',
      'How long each stage of the last run took.',
      stages.map(({ stage, ms }) => [{ command, stage }, ms / 1000]),
    ),
    ...gauge(
      'run_stage_rows',
      'Rows that came out of each stage of the last run.',
      stages.flatMap(({ stage, rows }): Sample[] => (rows === undefined ? [] : [[{ command, stage }, rows]])),
    ),
    ...gauge(
      'run_rows',
      'Rows of the last run, by what became of them.',
      Object.entries(figures).map(([kind, value]) => [{ command, kind }, value]),
    ),
    '',
  ].join('\n')
}

type Sample = readonly [labels: Readonly<Record<string, string>>, value: number]

function gauge(name: string, help: string, samples: readonly Sample[]): string[] {
  if (samples.length === 0) return []
  const full = `radio_plays_${name}`
  return [
    `# HELP ${full} ${help}`,
    `# TYPE ${full} gauge`,
    ...samples.map(([labels, value]) => `${full}{${Object.entries(labels).map(labelText).join(',')}} ${value}`),
  ]
}

const labelText = ([name, value]: [string, string]) =>
  `${name}="${value.replace(/[\\"]/g, '\\$&').replaceAll('\n', '\\n')}"`
