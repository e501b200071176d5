export default async function teardown() {
  await globalThis.sparkConnectTestServer?.close()
}
