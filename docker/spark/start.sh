#!/bin/sh
# Starts one Spark server in the foreground: start.sh local | connect | master | worker
#
#   local    a Spark Connect server with executors of its own, as `docker compose up` gives it; haproxy.cfg adds TLS
#   connect  a Spark Connect server that runs its queries on SPARK_MASTER
#   master   the master of a standalone cluster; worker: a worker of SPARK_MASTER
#
# Settings: SPARK_DRIVER_MEMORY (3g), SPARK_CONNECT_AUTHENTICATE_TOKEN, SPARK_PUBLISHED_ADDRESS (where the host publishes
# the port), SPARK_MASTER (spark://master:7077), SPARK_WORKER_CORES, SPARK_WORKER_MEMORY, SPARK_EXECUTOR_MEMORY.
set -eu

role=${1:-local}
data=/var/spark
# What a container that was killed left there.
rm -rf "$data/tmp" "$data/local"
mkdir -p "$data/tmp" "$data/local"
export SPARK_LOCAL_DIRS="$data/local"

# An empty token would be a token that everybody knows.
[ -n "${SPARK_CONNECT_AUTHENTICATE_TOKEN:-}" ] || unset SPARK_CONNECT_AUTHENTICATE_TOKEN

# Executors get the same language, zone and temporary folder; /tmp allows no native libraries, which Zstandard unpacks.
executor="-Djava.io.tmpdir=$data/tmp -Dfile.encoding=UTF-8 -Duser.language=en -Duser.timezone=UTC -XX:+ExitOnOutOfMemoryError"

java=${JAVA_HOME:+$JAVA_HOME/bin/}java
common="@/opt/radio-plays/jvm.args -Djava.io.tmpdir=$data/tmp -Dlog4j2.configurationFile=/opt/radio-plays/log4j2.properties"

case $role in
  local | connect)
    case ${SPARK_PUBLISHED_ADDRESS:-127.0.0.1} in
      127.* | localhost | ::1) ;;
      *)
        if [ -z "${SPARK_CONNECT_AUTHENTICATE_TOKEN:-}" ]; then
          echo "A server that others can reach (${SPARK_PUBLISHED_ADDRESS}) needs a token: set SPARK_CONNECT_AUTHENTICATE_TOKEN." >&2
          exit 2
        fi
        ;;
    esac
    if [ "$role" = local ]; then
      master='local[*,4]'
      driver="-Dspark.driver.host=127.0.0.1 -Dspark.driver.bindAddress=127.0.0.1 -Dspark.authenticate=true"
      # haproxy has the port.
      binding="-Dspark.connect.grpc.binding.address=127.0.0.1 -Dspark.connect.grpc.binding.port=15001"
      # A new key at each start. It never leaves the container; jobs read cert.pem by `docker exec`.
      rm -rf "$data/tls"
      (
        umask 077
        mkdir "$data/tls"
        openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 3650 -subj /CN=radio-plays \
          -addext subjectAltName=DNS:localhost -keyout "$data/tls/key.pem" -out "$data/tls/cert.pem" 2>/dev/null
        cat "$data/tls/cert.pem" "$data/tls/key.pem" >"$data/tls/server.pem"
      )
      haproxy -D -f /opt/radio-plays/haproxy.cfg
    else
      master=${SPARK_MASTER:-spark://master:7077}
      binding="-Dspark.connect.grpc.binding.address=0.0.0.0 -Dspark.connect.grpc.binding.port=15002"
      # Workers of another machine call the driver back: under the name that they know it by.
      driver="-Dspark.driver.host=${SPARK_DRIVER_HOST:-$(hostname)} -Dspark.driver.bindAddress=0.0.0.0 -Dspark.executor.memory=${SPARK_EXECUTOR_MEMORY:-1g}"
    fi
    # shellcheck disable=SC2086 # the options hold no blanks
    exec "$java" $common "-Xmx${SPARK_DRIVER_MEMORY:-3g}" -XX:+UseParallelGC \
      "-Dspark.master=$master" $driver $binding \
      "-Dspark.executor.extraJavaOptions=$executor" \
      -Dspark.app.name=radio-plays \
      -Dspark.ui.enabled=false \
      -Dspark.sql.catalogImplementation=in-memory \
      -Dspark.sql.session.timeZone=UTC \
      -Dspark.sql.shuffle.partitions=16 \
      -Dspark.sql.codegen.cache.maxEntries=1000 \
      "-Dspark.sql.warehouse.dir=$data/warehouse" \
      -cp '/opt/spark/jars/*' org.apache.spark.sql.connect.service.SparkConnectServer
    ;;
  master)
    # shellcheck disable=SC2086
    exec "$java" $common -Xmx512m -cp '/opt/spark/jars/*' org.apache.spark.deploy.master.Master \
      --host "$(hostname)" --port 7077 --webui-port 8080
    ;;
  worker)
    # shellcheck disable=SC2086
    exec "$java" $common -Xmx512m -cp '/opt/spark/jars/*' org.apache.spark.deploy.worker.Worker \
      --cores "${SPARK_WORKER_CORES:-1}" --memory "${SPARK_WORKER_MEMORY:-1g}" --work-dir "$data/work" --webui-port 8081 \
      "${SPARK_MASTER:-spark://master:7077}"
    ;;
  *)
    echo "start.sh: \"$role\" is none of local, connect, master, worker" >&2
    exit 2
    ;;
esac
