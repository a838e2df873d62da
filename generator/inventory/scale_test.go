package inventory_test

import (
	"bytes"
	"fmt"
	"runtime"
	"testing"

	"cutover/generator/document"
	"cutover/generator/inventory"
)

// large is the export of a cluster with as many topics, and a tenth as many users, in
// lists as oc prints them, with status and managed fields.
func large(topics int) inventory.Files {
	var list bytes.Buffer
	var all inventory.Files
	flush := func(name string) {
		all = append(all, inventory.File{Name: name, Content: append([]byte("apiVersion: v1\nkind: List\nitems:\n"), list.Bytes()...)})
		list.Reset()
	}
	const metadata = "    creationTimestamp: \"2020-04-01T08:00:00Z\"\n    generation: 3\n    labels:\n      strimzi.io/cluster: freight\n" +
		"    managedFields:\n    - apiVersion: kafka.strimzi.io/v1beta1\n      fieldsType: FieldsV1\n      fieldsV1:\n        f:spec:\n          f:partitions: {}\n          f:replicas: {}\n      manager: oc\n" +
		"    namespace: kafka\n    resourceVersion: \"12345\"\n    uid: 5b0d9a52-0000-4000-8000-000000000001\n"
	for i := range topics {
		fmt.Fprintf(&list, "- apiVersion: kafka.strimzi.io/v1beta1\n  kind: KafkaTopic\n  metadata:\n%s    name: topic-%05d\n", metadata, i)
		fmt.Fprintf(&list, "  spec:\n    config:\n      retention.ms: %d\n      cleanup.policy: delete\n    partitions: 12\n    replicas: 3\n  status:\n    conditions:\n    - status: \"True\"\n      type: Ready\n    observedGeneration: 3\n", 3600000+i)
	}
	flush("topics.yaml")
	for i := range topics / 10 {
		fmt.Fprintf(&list, "- apiVersion: kafka.strimzi.io/v1beta1\n  kind: KafkaUser\n  metadata:\n%s    name: user-%05d\n", metadata, i)
		fmt.Fprintf(&list, "  spec:\n    authentication:\n      type: scram-sha-512\n    authorization:\n      type: simple\n      acls:\n      - operation: Write\n        resource:\n          type: topic\n          name: topic-%05d\n", i)
		fmt.Fprintf(&list, "- apiVersion: v1\n  kind: Secret\n  type: Opaque\n  metadata:\n    name: user-%05d\n    namespace: kafka\n  data:\n    password: cGFzc3dvcmQtb2YtYS11c2Vy\n", i)
	}
	flush("users.yaml")
	for i := range topics {
		fmt.Fprintf(&list, "Topic: topic-%05d\tPartitionCount: 12\tReplicationFactor: 3\tConfigs: retention.ms=%d,cleanup.policy=delete\n", i, 3600000+i)
	}
	all = append(all, inventory.File{Name: "topics.txt", Content: bytes.Clone(list.Bytes())}, inventory.File{Name: "kafka.yaml", Content: []byte(cluster("freight", "kafka"))})
	return all
}

func TestALargeClusterIsReadWhole(t *testing.T) {
	inv, findings, err := inventory.Read(t.Context(), large(600), inventory.Options{})
	if err != nil {
		t.Fatal(err)
	}
	if len(inv.Topics) != 600 || len(inv.Users) != 60 || len(inv.Secrets) != 60 || len(findings) != 0 {
		t.Errorf("%d topics, %d users, %d secrets, findings %v", len(inv.Topics), len(inv.Users), len(inv.Secrets), findings)
	}
}

// BenchmarkRead reports time and the memory that is held from the operating system.
func BenchmarkRead(b *testing.B) {
	for _, topics := range []int{1000, 5000, 20000} {
		b.Run(fmt.Sprintf("%d-topics", topics), func(b *testing.B) {
			export := large(topics)
			size := int64(0)
			for _, file := range export {
				size += int64(len(file.Content))
			}
			b.SetBytes(size)
			for b.Loop() {
				inv, _, err := inventory.Read(b.Context(), export, inventory.Options{})
				if err != nil {
					b.Fatal(err)
				}
				if _, err := inventory.Marshal(inv); err != nil {
					b.Fatal(err)
				}
			}
			var memory runtime.MemStats
			runtime.ReadMemStats(&memory)
			b.ReportMetric(float64(memory.Sys)/(1<<20), "MiB-held")
		})
	}
}

func TestWritingInPartsGivesTheSameBytes(t *testing.T) {
	small, _ := readFreight(t)
	big, _, err := inventory.Read(t.Context(), large(600), inventory.Options{})
	if err != nil {
		t.Fatal(err)
	}
	for name, inv := range map[string]inventory.Inventory{"small": small, "large": big, "empty": {}} {
		t.Run(name, func(t *testing.T) {
			want, err := document.Marshal(inv)
			if err != nil {
				t.Fatal(err)
			}
			got, err := inventory.Marshal(inv)
			if err != nil || !bytes.Equal(got, want) {
				t.Errorf("the parts differ from the whole (%v)", err)
			}
		})
	}
}
