package conversion_test

import (
	"bytes"
	"fmt"
	"strings"
	"testing"

	"cutover/generator/conversion"
)

// export gives a List of topics, a fifth of them users, as oc prints it.
func export(objects int) []byte {
	var out bytes.Buffer
	out.WriteString("apiVersion: v1\nitems:\n")
	for i := range objects {
		kind, spec := "KafkaTopic", "    config:\n      cleanup.policy: delete\n      retention.ms: 604800000\n      flush.messages: 9223372036854775807\n    partitions: 12\n    replicas: 3\n"
		if i%5 == 4 {
			kind, spec = "KafkaUser", "    authentication:\n      type: tls\n    authorization:\n      type: simple\n      acls:\n"+
				strings.Repeat("      - host: \"*\"\n        operation: Read\n        resource:\n          name: orders\n          patternType: literal\n          type: topic\n", 3)
		}
		fmt.Fprintf(&out, "- apiVersion: kafka.strimzi.io/v1beta1\n  kind: %s\n  metadata:\n    annotations:\n      kubectl.kubernetes.io/last-applied-configuration: |\n        {\"text\":\"%s\"}\n"+
			"    labels:\n      strimzi.io/cluster: freight\n    name: object-%d\n    namespace: freight\n  spec:\n%s  status:\n    conditions:\n%s    observedGeneration: 1\n",
			kind, strings.Repeat("forklift ", 70), i, spec, strings.Repeat("    - lastTransitionTime: \"2021-10-04T18:35:06.836Z\"\n      message: \"Reconciled without a change that would need a restart\"\n      status: \"True\"\n      type: Ready\n", 4))
	}
	out.WriteString("kind: List\nmetadata:\n  resourceVersion: \"\"\n")
	return out.Bytes()
}

func BenchmarkConvert(b *testing.B) {
	input := export(2000)
	b.SetBytes(int64(len(input)))
	b.ReportAllocs()
	for b.Loop() {
		source := conversion.Source{Name: "export.yaml", Content: bytes.NewReader(input), Size: int64(len(input))}
		result, err := conversion.Convert(b.Context(), source, target(b), conversion.None(), func(conversion.Change) error { return nil })
		if err != nil || result.Changed != 2000 || len(result.Findings) > 0 {
			b.Fatal(result, err)
		}
	}
}
