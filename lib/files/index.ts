// Hides how files differ: where they are, how they are packed, encoded, delimited and headed; how tables become CSV and a report page.
// Needs a file system; knows nothing of Spark or a database.
// Never loses a line, never holds a file in memory, never leaves a half-written file under its final name.

export {
  type ColumnOptions,
  type Columns,
  type Delimiter,
  type Dialect,
  delimiters,
  type PlayField,
} from './columns.ts'
export {
  type CsvBatch,
  type CsvFile,
  type CsvOptions,
  type CsvTable,
  writeCsv,
  writeCsvFiles,
} from './csv.ts'
export { type FetchedFile, type FetchOptions, fetchFile } from './fetch.ts'
export { findInputs, holdsInput, type InputFile, isUri, type LeftOutFile } from './find.ts'
export { formulaSafe } from './formula.ts'
export { type FramedFile, type FrameOptions, fieldMark, frameLines, refusedMark } from './frame.ts'
export {
  type InputGroup,
  type InputPlan,
  type InspectedFile,
  type InspectOptions,
  inspect,
  inspectLines,
  planInputs,
} from './inspect.ts'
export { type Override, readOverrides } from './overrides.ts'
export {
  type GatherOptions,
  gatherReport,
  type ReportData,
  type ReportRelation,
  type ReportSource,
} from './report/gather.ts'
export { Html, type HtmlValue, html } from './report/html.ts'
export { isReport, type PageOptions, renderReport } from './report/page.ts'
