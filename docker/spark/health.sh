#!/bin/sh
# Is the server ready? An open port is not: this asks a Spark Connect server for its version, in its own protocol.
#
#   health.sh            the Connect server on port 15002
#   health.sh http PORT  the page of a master or worker
set -eu

if [ "${1:-}" = http ]; then
  exec curl --silent --fail --max-time 4 --output /dev/null "http://127.0.0.1:$2/json/"
fi

# The gRPC message: no compression (1 byte), length (4 bytes), then spark.connect.AnalyzePlanRequest with session_id (field
# 1, 36 characters), user_context.user_id (field 2) and an empty spark_version (field 10). One session for all checks.
request() {
  printf '\000\000\000\000\062'
  printf '\012\04400000000-0000-4000-8000-000000000000'
  printf '\022\010\012\006health'
  printf '\122\000'
}

# The token goes by a file descriptor: arguments are visible to others.
headers() {
  printf 'content-type: application/grpc\nte: trailers\n'
  [ -z "${SPARK_CONNECT_AUTHENTICATE_TOKEN:-}" ] || printf 'authorization: Bearer %s\n' "$SPARK_CONNECT_AUTHENTICATE_TOKEN"
}

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
headers >"$folder/headers"
request | curl --silent --show-error --max-time 4 --http2-prior-knowledge --header "@$folder/headers" --data-binary @- \
  --dump-header "$folder/answer" --output /dev/null \
  http://127.0.0.1:15002/spark.connect.SparkConnectService/AnalyzePlan
# Success of HTTP says nothing: the status of the call comes in the trailers.
tr -d '\r' <"$folder/answer" | grep -qx 'grpc-status: 0'
