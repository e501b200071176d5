/*
 * Hides: how logs differ: where they are, how they are packed, encoded, delimited and headed.
 * Needs: a file system.
 * Never: loses a line, holds a file in memory, or knows Spark or a database.
 */

export type { ColumnOptions, Columns } from './columns.ts'
export { type ExplainedColumn, explainColumns } from './explain-columns.ts'
export { findInputs, holdsInput, isUri } from './find.ts'
export { type FramedFile, type FrameOptions, frameLines } from './frame.ts'
export { type FramedStart, framedStart } from './framed-start.ts'
export type { InputFile, LeftOutFile } from './input-file.ts'
export {
  type BadFile,
  type InputGroup,
  type InputPlan,
  type InspectedFile,
  type InspectOptions,
  inspect,
  inspectLines,
  type PlanOptions,
  planInputs,
} from './inspect.ts'
export { addOverride, overridesIn, removeOverride } from './override-file.ts'
export {
  type Override,
  type OverrideLine,
  type OverrideRow,
  readDecisions,
  readOverrides,
  usualOverrides,
} from './overrides.ts'
export { checksumOf } from './source.ts'
