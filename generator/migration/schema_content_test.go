package migration_test

import (
	"bytes"
	"os"
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"

	"cutover/generator/document"
	"cutover/generator/migration"
)

func compile(t testing.TB) *jsonschema.Schema {
	t.Helper()
	content, err := jsonschema.UnmarshalJSON(bytes.NewReader(migration.Schema()))
	if err != nil {
		t.Fatal(err)
	}
	compiler := jsonschema.NewCompiler()
	if err := compiler.AddResource("migration.json", content); err != nil {
		t.Fatal(err)
	}
	schema, err := compiler.Compile("migration.json")
	if err != nil {
		t.Fatal(err)
	}
	return schema
}

func validate(t testing.TB, text string) error {
	t.Helper()
	value, err := document.ParseValue("migration.yaml", []byte(text))
	if err != nil {
		t.Fatal(err)
	}
	return compile(t).Validate(value)
}

func TestTheSchemaTakesTheExample(t *testing.T) {
	content, err := os.ReadFile("../../examples/freight/migration.yaml")
	if err != nil {
		t.Fatal(err)
	}
	if err := validate(t, string(content)); err != nil {
		t.Error(err)
	}
}

func TestTheSchemaTakesAndRefusesAsLoadingDoes(t *testing.T) {
	for _, test := range []struct {
		name   string
		change []string
		refuse bool
	}{
		{"the base", nil, false},
		{"a location with its checksum", []string{"inventory: export", "inventory: {url: \"https://a.example/x.tgz\", checksum: \"sha256:ab\"}"}, false},
		{"one migration without batches", []string{"batches:\n- name: all\n  workloads: [gateway, billing]\n", ""}, false},
		{"a rollback with its mirror", []string{"mirror:\n", "rollback: {reverseMirror: true}\nmirror:\n"}, false},
		{"a rollback that is asked in words", []string{"mirror:\n", "rollback: {reverseMirror: please}\nmirror:\n"}, true},
		{"an unknown field of the rollback", []string{"mirror:\n", "rollback: {mirror: true}\nmirror:\n"}, true},
		{"an unknown field", []string{"mirror:\n", "miror: {}\nmirror:\n"}, true},
		{"an unknown field of a location", []string{"inventory: export", "inventory: {path: export, sha: x}"}, true},
		{"an unknown tier", []string{"tier: ingest", "tier: none"}, true},
		{"an unknown kind of workload", []string{"{kind: Deployment}", "{kind: Pod}"}, true},
		{"an unknown distribution", []string{"amq-streams\n", "confluent\n"}, true},
		{"a platform without a version", []string{"openshift-4.8", "openshift"}, true},
		{"text for a number", []string{"replicas: 3", "replicas: three"}, true},
		{"no source", []string{"source:\n  cluster: old\n  namespace: kafka\n  platform: openshift-3.11\n  inventory: export\n  bootstrapServers: kafka.example:443\n", ""}, true},
		{"another kind", []string{"kind: Migration", "kind: Kafka"}, true},
		{"authentication that no KafkaUser can have", []string{"  bootstrapServers: kafka.example:443\n", "  bootstrapServers: kafka.example:443\n  authentication: {type: oauth, username: mirror}\n"}, true},
		{"authentication without a user", []string{"  bootstrapServers: kafka.example:443\n", "  bootstrapServers: kafka.example:443\n  authentication: {type: tls}\n"}, true},
		{"authentication by certificate", []string{"  bootstrapServers: kafka.example:443\n", "  bootstrapServers: kafka.example:443\n  authentication: {type: tls, username: mirror}\n"}, false},
		{"a trusted certificate without its key", []string{"  bootstrapServers: kafka.example:443\n", "  bootstrapServers: kafka.example:443\n  tls: {trustedCertificates: [{secretName: ca}]}\n"}, true},
		{"an unknown approval", []string{"  olm:\n", "  olm:\n    approval: Sometimes\n"}, true},
		{"a batch without workloads", []string{"  workloads: [gateway, billing]\n", "", "batches:\n- name: all\n", "batches:\n- {name: none, workloads: []}\n- name: all\n  workloads: [gateway, billing]\n"}, false},
		{"a negative number of brokers", []string{"  platform: openshift-4.8\n", "  platform: openshift-4.8\n  replicas: -1\n"}, true},
		{"a negative number of ZooKeeper nodes", []string{"  platform: openshift-4.8\n", "  platform: openshift-4.8\n  zookeeperReplicas: -3\n"}, true},
		{"a name that is no DNS label", []string{"name: freight", "name: Freight_1"}, true},
	} {
		t.Run(test.name, func(t *testing.T) {
			text := change(t, test.change...)
			if err := validate(t, text); (err != nil) != test.refuse {
				t.Errorf("the schema says %v", err)
			}
			if _, _, err := load(text); (err != nil) != test.refuse {
				t.Errorf("loading says %v", err)
			}
		})
	}
}

func TestTheSchemaIsHandedOutAsACopy(t *testing.T) {
	migration.Schema()[0] = 'x'
	if !strings.HasPrefix(string(migration.Schema()), "{") {
		t.Error("a caller can change the schema")
	}
}
