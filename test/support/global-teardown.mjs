export default async function teardown() {
  await globalThis.radioPlaysTestSpark?.close()
}
