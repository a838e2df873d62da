package main

import (
	"bufio"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
)

// writeWorkspace writes a folder that cutover generate reads: a migration.yaml and an
// inventory.yaml of the given number of topics and users. The same numbers give the same
// bytes.
func writeWorkspace(dir string, topics, users int) error {
	if err := os.MkdirAll(dir, 0o750); err != nil {
		return err
	}
	if err := os.WriteFile(filepath.Join(dir, "migration.yaml"), []byte(migration), 0o600); err != nil {
		return err
	}
	file, err := os.Create(filepath.Join(dir, "inventory.yaml")) //nolint:gosec // a folder of our own
	if err != nil {
		return err
	}
	buffer := bufio.NewWriter(file)
	writeInventory(buffer, topics, users)
	if err := buffer.Flush(); err != nil {
		return err
	}
	return file.Close()
}

// writeInventory streams the inventory. An error of the writer is its own to keep.
func writeInventory(out io.Writer, topics, users int) {
	fmt.Fprint(out, cluster, "topics:\n")
	for i := range topics {
		fmt.Fprint(out, topic(i))
	}
	fmt.Fprint(out, "users:\n")
	for i := range users {
		fmt.Fprint(out, user(i, topics))
	}
	fmt.Fprint(out, workloads)
}

// topicName gives names as a cluster of some years has them: seven in ten are resource
// names as well, the others make Strimzi's operator hash them.
func topicName(i int) string {
	switch i % 10 {
	case 3:
		return fmt.Sprintf("Orders_%05d.RAW", i)
	case 5:
		return fmt.Sprintf("crm.PUBLIC.CUSTOMER_%05d", i)
	case 7:
		// As long as Kafka lets a name be: 249 characters.
		return fmt.Sprintf("%05d.%s", i, strings.Repeat("x", 243))
	case 9:
		return fmt.Sprintf("%d", 10_000_000+i)
	}
	return fmt.Sprintf("domain-%d.service-%d.event-%05d", i%17, i%101, i)
}

// isResource tells whether the name is one that Kubernetes takes for a resource.
func isResource(i int) bool { return i%10 != 3 && i%10 != 5 && i%10 != 7 }

// configs are topic configurations as teams leave them behind.
func configs() []string {
	return []string{
		"",
		`    cleanup.policy: compact
    min.cleanable.dirty.ratio: "0.01"
    segment.ms: "9007199254740993"
`,
		`    retention.ms: "-1"
    retention.bytes: "1099511627776"
`,
		`    cleanup.policy: compact,delete
    delete.retention.ms: "86400000"
    max.message.bytes: "10485760"
    min.insync.replicas: "2"
    retention.ms: "9223372036854775807"
`,
		`    compression.type: lz4
    flush.messages: "9223372036854775807"
    retention.ms: "604800000"
    segment.bytes: "104857600"
    unclean.leader.election.enable: "false"
`,
	}
}

func topic(i int) string {
	var out strings.Builder
	fmt.Fprintf(&out, "- name: %q\n", topicName(i))
	if isResource(i) {
		fmt.Fprintf(&out, "  resource: %q\n", topicName(i))
	}
	fmt.Fprintf(&out, "  partitions: %d\n  replicas: %d\n", []int{1, 3, 6, 12, 50}[i%5], []int{3, 3, 3, 2}[i%4])
	if config := configs()[i%len(configs())]; config != "" {
		fmt.Fprintf(&out, "  config:\n%s", config)
	}
	if i%3 == 0 {
		fmt.Fprintf(&out, "  labels:\n    cost-centre: \"%04d\"\n    team: team-%d\n", i%97, i%23)
	}
	if i%11 == 0 {
		out.WriteString("  transactional: true\n")
	}
	out.WriteString("  seen:\n  - manifests\n  - topics-describe\n")
	return out.String()
}

// user gives a user with the rights of a service: one topic to write, one to read, its
// group, a prefix, and for some of them a transaction or a host.
func user(i, topics int) string {
	var out strings.Builder
	authentication := []string{"scram-sha-512", "scram-sha-512", "tls"}[i%3]
	fmt.Fprintf(&out, "- name: service-%05d\n  spec:\n    authentication:\n      type: %s\n    authorization:\n      type: simple\n      acls:\n", i, authentication)
	rule := func(operation, kind, name, pattern string) {
		fmt.Fprintf(&out, "      - operation: %s\n        resource:\n          type: %s\n          name: %q\n          patternType: %s\n", operation, kind, name, pattern)
	}
	rule("Write", "topic", topicName((i*7)%topics), "literal")
	rule("Describe", "topic", topicName((i*7)%topics), "literal")
	rule("Read", "topic", topicName((i*13+1)%topics), "literal")
	rule("Read", "group", fmt.Sprintf("service-%05d-", i), "prefix")
	if i%4 == 0 {
		rule("Write", "transactionalId", fmt.Sprintf("service-%05d", i), "prefix")
	}
	if i%5 == 0 {
		fmt.Fprintf(&out, "      - host: 10.0.%d.%d\n        operation: Describe\n        resource:\n          type: cluster\n", i/256%256, i%256)
	}
	if i%2 == 0 {
		fmt.Fprintf(&out, "    quotas:\n      producerByteRate: %d\n      consumerByteRate: %d\n      requestPercentage: 55\n", 1<<20, 1<<21)
	}
	fmt.Fprintf(&out, "  secret: service-%05d\n", i)
	return out.String()
}
