// The options of Spark's own data sources, as its documentation lists them. Any other: `option(key, value)`.

type Flag = boolean | null
type Text = string | null
type Whole = number | null

/** Which files of a folder are read. */
export interface FileOptions {
  readonly pathGlobFilter?: Text
  readonly recursiveFileLookup?: Flag
  readonly modifiedBefore?: Text
  readonly modifiedAfter?: Text
  readonly ignoreCorruptFiles?: Flag
  readonly ignoreMissingFiles?: Flag
}

/** What becomes of a record that cannot be read: nulls, nothing, or an error. */
export type ParseMode = 'PERMISSIVE' | 'DROPMALFORMED' | 'FAILFAST'

interface TimeFormats {
  readonly dateFormat?: Text
  readonly timestampFormat?: Text
  readonly timestampNTZFormat?: Text
  readonly timeZone?: Text
  readonly locale?: Text
}

interface TextRecords extends TimeFormats {
  readonly mode?: ParseMode | null
  readonly columnNameOfCorruptRecord?: Text
  readonly samplingRatio?: Whole
  readonly enableDateTimeParsingFallback?: Flag
  readonly singleVariantColumn?: Text
}

interface TextFile {
  readonly encoding?: Text
  readonly lineSep?: Text
  readonly compression?: Text
}

/** How CSV looks, for both directions. */
interface CsvForm extends TextFile {
  readonly header?: Flag
  readonly sep?: Text
  readonly delimiter?: Text
  readonly quote?: Text
  readonly escape?: Text
  readonly charToEscapeQuoteEscaping?: Text
  readonly nullValue?: Text
  readonly emptyValue?: Text
  readonly ignoreLeadingWhiteSpace?: Flag
  readonly ignoreTrailingWhiteSpace?: Flag
}

/** Options of `spark.read.csv`. */
export interface CsvReadOptions extends CsvForm, TextRecords, FileOptions {
  readonly inferSchema?: Flag
  readonly preferDate?: Flag
  readonly enforceSchema?: Flag
  readonly comment?: Text
  readonly multiLine?: Flag
  readonly nanValue?: Text
  readonly positiveInf?: Text
  readonly negativeInf?: Text
  readonly maxColumns?: Whole
  readonly maxCharsPerColumn?: Whole
  readonly unescapedQuoteHandling?: Text
}

/** Options of `frame.write.csv`. */
export interface CsvWriteOptions extends CsvForm, TimeFormats {
  readonly quoteAll?: Flag
  readonly escapeQuotes?: Flag
  readonly extension?: Text
}

/** Options of `spark.read.json`. */
export interface JsonReadOptions extends TextFile, TextRecords, FileOptions {
  readonly multiLine?: Flag
  readonly primitivesAsString?: Flag
  readonly prefersDecimal?: Flag
  readonly allowComments?: Flag
  readonly allowUnquotedFieldNames?: Flag
  readonly allowSingleQuotes?: Flag
  readonly allowNumericLeadingZeros?: Flag
  readonly allowNonNumericNumbers?: Flag
  readonly allowBackslashEscapingAnyCharacter?: Flag
  readonly allowUnquotedControlChars?: Flag
  readonly dropFieldIfAllNull?: Flag
}

/** Options of `frame.write.json`. */
export interface JsonWriteOptions extends TextFile, TimeFormats {
  readonly ignoreNullFields?: Flag
  readonly pretty?: Flag
  readonly sortKeys?: Flag
}

/** Options of `spark.read.xml`. */
export interface XmlReadOptions extends TextFile, TextRecords, FileOptions {
  readonly rowTag?: Text
  readonly excludeAttribute?: Flag
  readonly attributePrefix?: Text
  readonly valueTag?: Text
  readonly ignoreSurroundingSpaces?: Flag
  readonly rowValidationXSDPath?: Text
  readonly ignoreNamespace?: Flag
  readonly wildcardColName?: Text
  readonly inferSchema?: Flag
  readonly nullValue?: Text
}

/** Options of `frame.write.xml`. */
export interface XmlWriteOptions extends TextFile, TimeFormats {
  readonly rowTag?: Text
  readonly rootTag?: Text
  readonly declaration?: Text
  readonly attributePrefix?: Text
  readonly valueTag?: Text
  readonly arrayElementName?: Text
  readonly nullValue?: Text
  readonly validateName?: Flag
}

/** Options of `spark.read.text`. */
export interface TextReadOptions extends FileOptions, TextFile {
  /** One row for each file. */
  readonly wholetext?: Flag
}

/** Options of `spark.read.parquet`. */
export interface ParquetReadOptions extends FileOptions {
  readonly mergeSchema?: Flag
  readonly datetimeRebaseMode?: 'EXCEPTION' | 'CORRECTED' | 'LEGACY' | null
  readonly int96RebaseMode?: 'EXCEPTION' | 'CORRECTED' | 'LEGACY' | null
}

/** Options of `spark.read.orc`. */
export interface OrcReadOptions extends FileOptions {
  readonly mergeSchema?: Flag
}

/** Options of formats that compress. */
export interface CompressionOptions {
  readonly compression?: Text
}
