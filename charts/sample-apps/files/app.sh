#!/bin/sh
# Runs one sample app with Kafka's verifiable clients. They print one JSON line for each
# record with its partition and offset, so that loss and duplicates can be counted after
# a migration. Values are START.NUMBER, and so differ between two starts of a producer.
set -eu

: "${ROLE:?}" "${KAFKA_BOOTSTRAP_SERVERS:?}" "${TOPIC:?}"
home=${KAFKA_HOME:-/opt/kafka}
properties=${PROPERTIES_FILE:-/tmp/client.properties}
# The tools' own default of 512 MiB leaves nothing for the rest of the process.
export KAFKA_HEAP_OPTS="${KAFKA_HEAP_OPTS:--Xmx192m}"

# A value inside double quotes of a JAAS line, inside a properties file.
quoted() { printf '%s' "$1" | sed -e 's/[\\"]/\\&/g' -e 's/\\/\\\\/g'; }

# How to connect, by what is mounted and given.
connection() {
  case "${USER_TYPE:-none}:${CA_FILE:+tls}" in
    none:) echo security.protocol=PLAINTEXT ;;
    none:tls | tls:tls) echo security.protocol=SSL ;;
    scram-sha-512:) echo security.protocol=SASL_PLAINTEXT ;;
    scram-sha-512:tls) echo security.protocol=SASL_SSL ;;
    *) echo "a TLS user needs caSecret too" >&2; return 1 ;;
  esac
  if [ -n "${CA_FILE:-}" ]; then
    echo ssl.truststore.type=PEM
    echo "ssl.truststore.location=$CA_FILE"
  fi
  case "${USER_TYPE:-none}" in
    scram-sha-512)
      module=org.apache.kafka.common.security.scram.ScramLoginModule
      echo sasl.mechanism=SCRAM-SHA-512
      printf 'sasl.jaas.config=%s required username="%s" password="%s";\n' \
        "$module" "$(quoted "$USER_NAME")" "$(quoted "$USER_PASSWORD")" ;;
    tls)
      echo ssl.keystore.type=PKCS12
      echo "ssl.keystore.location=$USER_KEYSTORE"
      printf 'ssl.keystore.password=%s\n' "$(printf '%s' "$USER_KEYSTORE_PASSWORD" | sed 's/\\/\\\\/g')" ;;
  esac
}

# Writes the client's properties: connection first, then the lines given as arguments.
configure() {
  umask 077
  connection >"$properties"
  printf '%s\n' "$@" >>"$properties"
}

produce() {
  acks=$ACKS
  [ "$acks" != all ] || acks=-1
  # The verifiable producer itself would never retry.
  configure retries=2147483647 delivery.timeout.ms=2147483647 "enable.idempotence=$IDEMPOTENCE"
  "$home/bin/kafka-verifiable-producer.sh" --bootstrap-server "$KAFKA_BOOTSTRAP_SERVERS" \
    --topic "$TOPIC" --producer.config "$properties" --acks "$acks" \
    --throughput "$MESSAGES_PER_SECOND" --max-messages "$MESSAGE_COUNT" --value-prefix "$(date +%s)" &
  wait_for $!
  # A finished Deployment would start again and write everything a second time.
  echo "done: $MESSAGE_COUNT messages sent to $TOPIC"
  sleep 2147483647 &
  wait_for $!
}

consume() {
  configure
  exec "$home/bin/kafka-verifiable-consumer.sh" --bootstrap-server "$KAFKA_BOOTSTRAP_SERVERS" \
    --topic "$TOPIC" --group-id "${GROUP_ID:?}" --consumer.config "$properties" \
    --reset-policy earliest --verbose
}

# Waits for a process, and ends it when the pod is told to stop.
wait_for() {
  trap 'kill "$1"; wait "$1" || true; exit 0' TERM INT
  wait "$1"
}

case "$ROLE" in
  producer) produce ;;
  consumer) consume ;;
  *) echo "unknown role $ROLE" >&2; exit 1 ;;
esac
