/** Golden plans that ours need not equal, each with its reason. */
export const deviations: Readonly<Record<string, string>> = {
  expression_extension: 'an extension message of a plug-in of Spark’s tests; this client has no plug-ins',
  relation_extension: 'an extension message of a plug-in of Spark’s tests; this client has no plug-ins',
  function_call_function: 'sent as CallFunction, as PySpark does, which also finds functions of the catalog',
  function_lit_array: 'decimals within an array are sent with the scale of the array’s type; the values are equal',
}
