package main

// migration moves the synthetic cluster to AMQ Streams 1.8. Its four workloads make all
// phases come out; what costs is topics and users.
const migration = `apiVersion: cutover/v1alpha1
kind: Migration
metadata:
  name: synthetic
source:
  cluster: synthetic
  namespace: synthetic-kafka
  platform: openshift-3.11
  inventory: inventory.yaml
  bootstrapServers: kafka.synthetic.example:443
  tls:
    trustedCertificates:
    - secretName: synthetic-source-ca
      certificate: ca.crt
  authentication:
    type: scram-sha-512
    username: cutover-mirror
    secretName: cutover-mirror-source
target:
  cluster: synthetic
  namespace: synthetic-streams
  distribution: amq-streams
  version: "1.8"
  platform: openshift-4.8
  storageClass: fast
  olm:
    channel: amq-streams-1.8.x
    startingCSV: amqstreams.v1.8.4
workloads:
- name: gateway
  tier: ingest
  produces: [domain-0.service-0.event-00000]
  source: {kind: Deployment, namespace: apps}
- name: enricher
  tier: upstream
  consumes: [domain-0.service-0.event-00000]
  produces: [domain-1.service-1.event-00001]
  groups: [enricher]
  source: {kind: StatefulSet, namespace: apps}
- name: release
  tier: dam
  consumes: [domain-1.service-1.event-00001]
  produces: [domain-2.service-2.event-00002]
  groups: [release]
  source: {kind: Deployment, namespace: apps}
- name: notifier
  tier: downstream
  consumes: [domain-2.service-2.event-00002]
  groups: [notifier]
  source: {kind: Deployment, namespace: apps}
batches:
- name: all
  workloads: [gateway, enricher, release, notifier]
`

// cluster is the inventory up to its topics.
const cluster = `apiVersion: cutover/v1alpha1
kind: Inventory
evidence:
- groups-describe
- manifests
- topics-describe
kafka:
  name: synthetic
  namespace: synthetic-kafka
  apiVersion: kafka.strimzi.io/v1beta1
  version: 2.4.0
  brokers: 3
  zookeepers: 3
  listeners:
  - name: external
    port: 9094
    type: route
    tls: true
    authentication: scram-sha-512
    addresses:
    - kafka.synthetic.example:443
  - name: tls
    port: 9093
    type: internal
    tls: true
    authentication: scram-sha-512
  config:
    log.retention.hours: "120"
    min.insync.replicas: "2"
  spec:
    kafka:
      version: 2.4.0
      replicas: 3
      listeners:
        external:
          type: route
          authentication:
            type: scram-sha-512
        tls:
          authentication:
            type: scram-sha-512
      authorization:
        type: simple
      config:
        log.retention.hours: 120
        min.insync.replicas: 2
      storage:
        type: persistent-claim
        size: 500Gi
        deleteClaim: false
    zookeeper:
      replicas: 3
      storage:
        type: persistent-claim
        size: 10Gi
        deleteClaim: false
    entityOperator:
      topicOperator: {}
      userOperator: {}
`

// workloads is the rest of the inventory, after its users.
const workloads = `groups:
- name: enricher
  state: Stable
  topics: [domain-0.service-0.event-00000]
- name: notifier
  state: Stable
  topics: [domain-2.service-2.event-00002]
- name: release
  state: Stable
  topics: [domain-1.service-1.event-00001]
workloads:
- {kind: Deployment, apiVersion: apps/v1, name: gateway, namespace: apps, replicas: 2, because: [named]}
- {kind: Deployment, apiVersion: apps/v1, name: notifier, namespace: apps, replicas: 2, because: [named]}
- {kind: Deployment, apiVersion: apps/v1, name: release, namespace: apps, replicas: 1, because: [named]}
- {kind: StatefulSet, apiVersion: apps/v1, name: enricher, namespace: apps, replicas: 3, because: [named]}
`
