package inventory_test

import (
	"encoding/base64"
	"fmt"
	"slices"
	"strings"
	"testing"

	"cutover/generator/document"
	"cutover/generator/finding"
	"cutover/generator/inventory"
)

func TestADigestDependsOnTheValueAndItsPlaceAlone(t *testing.T) {
	digest := func(namespace, name, key, value string) string {
		sum, err := inventory.Digest(namespace, name, key, []byte(value))
		if err != nil {
			t.Fatal(err)
		}
		return sum
	}
	// PBKDF2-HMAC-SHA256, 10,000 rounds, salt "cutover/kafka/booking/password", 16 bytes,
	// as any other implementation computes it.
	if got, want := digest("kafka", "booking", "password", "s3cr3t-booking"), "d6dace5863bd5c53ac5fdf4b779c8de0"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	seen := make(map[string]bool)
	for _, place := range [][4]string{{"a", "b", "c", "v"}, {"x", "b", "c", "v"}, {"a", "x", "c", "v"}, {"a", "b", "x", "v"}, {"a", "b", "c", "x"}, {"a", "b", "c", ""}} {
		seen[digest(place[0], place[1], place[2], place[3])] = true
	}
	if len(seen) != 6 {
		t.Errorf("%d different digests, want 6", len(seen))
	}
}

func TestOnlySecretsThatMatterAreListed(t *testing.T) {
	connect := "apiVersion: kafka.strimzi.io/v1beta1\nkind: KafkaConnect\nmetadata: {name: c, namespace: kafka, annotations: {strimzi.io/use-connector-resources: 'true'}}\n" +
		"spec: {bootstrapServers: 'freight-kafka-bootstrap:9092', tls: {trustedCertificates: [{secretName: trust, certificate: c}]}, externalConfiguration: {env: [{name: X, valueFrom: {secretKeyRef: {name: db, key: k}}}]}}\n"
	texts := []string{
		cluster("freight", "kafka", "listeners: {external: {type: route, configuration: {brokerCertChainAndKey: {secretName: own-cert, certificate: c, key: k}}}}"),
		kafkaUser("u", "{authentication: {type: scram-sha-512}}"), connect,
		app("kafka", "{containers: [{name: a, args: [freight-kafka-bootstrap], envFrom: [{secretRef: {name: used}}]}]}"),
	}
	for _, name := range []string{"own-cert", "u", "trust", "db", "used", "unrelated", "freight-cluster-ca", "freight-clients-ca-cert", "other-cluster-ca"} {
		texts = append(texts, secret("kafka", name, "k: some-value-of-"+name))
	}
	inv, _ := read(t, texts...)
	var names []string
	for _, secret := range inv.Secrets {
		names = append(names, secret.Name)
		if len(secret.Keys) != 1 || len(secret.Keys[0].Digest) != 32 {
			t.Errorf("keys %+v", secret.Keys)
		}
	}
	want := []string{"db", "freight-clients-ca-cert", "freight-cluster-ca", "own-cert", "trust", "u", "used"}
	if !slices.Equal(names, want) {
		t.Errorf("got %v, want %v", names, want)
	}
}

func TestSecretsOfThePlatformArePassedOver(t *testing.T) {
	for _, secretType := range []string{"kubernetes.io/service-account-token", "kubernetes.io/dockercfg", "kubernetes.io/dockerconfigjson", "helm.sh/release.v1"} {
		inv, _ := read(t, cluster("freight", "kafka"), kafkaUser("u", "{authentication: {type: tls}}"),
			strings.Replace(secret("kafka", "u", "k: v"), "Opaque", secretType, 1))
		if len(inv.Secrets) != 0 {
			t.Errorf("%s: %+v", secretType, inv.Secrets)
		}
	}
}

const hidden = "top-secret-value"

func TestAValueThatIsNoBase64IsNotShown(t *testing.T) {
	text := "apiVersion: v1\nkind: Secret\nmetadata: {name: u, namespace: kafka}\ndata: {password: '" + hidden + "!'}\n"
	f := only(t, refuse(t, cluster("freight", "kafka"), kafkaUser("u", "{authentication: {type: scram-sha-512}}"), text), "secret-not-base64")
	if f.Object != "Secret kafka/u" || !strings.Contains(f.Message, "password") || strings.Contains(fmt.Sprintf("%+v", f), hidden) {
		t.Errorf("got %+v", f)
	}
}

// everything gives all text that reading a text leads to.
func everything(t *testing.T, texts ...string) string {
	t.Helper()
	inv, findings, err := inventory.Read(t.Context(), files(texts...), inventory.Options{})
	content, marshalErr := inventory.Marshal(inv)
	if marshalErr != nil {
		t.Fatal(marshalErr)
	}
	return fmt.Sprintf("%s\n%v\n%+v\n%+v", content, err, findings, finding.From(err))
}

func TestMalformedSecretsDoNotShowTheirValues(t *testing.T) {
	encoded := base64.StdEncoding.EncodeToString([]byte(hidden))
	head := "apiVersion: v1\nkind: Secret\nmetadata: {name: u, namespace: kafka}\n"
	tests := map[string]string{
		"a broken line":             head + "data:\n  password: " + encoded + "\n bad: x\n",
		"an unclosed quote":         head + "data:\n  password: \"" + hidden + "\n",
		"an alias to nowhere":       head + "stringData:\n  password: *" + hidden + "\n",
		"a duplicate key":           head + "data: {password: " + encoded + ", password: " + encoded + "}\n",
		"a value that is a list":    head + "data: [" + encoded + "]\n",
		"a value that is a mapping": head + "stringData: {password: {a: " + hidden + "}}\n",
		"a tag":                     head + "stringData: {password: !!int " + hidden + "}\n",
		"a tab":                     head + "stringData:\n\tpassword: " + hidden + "\n",
		"a bad escape":              head + "stringData: {password: \"" + hidden + "\\q\"}\n",
		"a directive":               "%FOO " + hidden + "\n---\n" + head,
		"two versions":              head + "stringData: {password: " + hidden + "}\n---\n" + head + "stringData: {password: x}\n",
		"no name":                   "apiVersion: v1\nkind: Secret\nmetadata: {}\nstringData: {password: " + hidden + "}\n",
		"no kind":                   "apiVersion: v1\nmetadata: {name: u}\nstringData: {password: " + hidden + "}\n",
	}
	for name, text := range tests {
		t.Run(name, func(t *testing.T) {
			all := everything(t, cluster("freight", "kafka"), kafkaUser("u", "{authentication: {type: scram-sha-512}}"), text)
			if strings.Contains(all, hidden) || strings.Contains(all, encoded) {
				t.Errorf("the value is shown:\n%s", all)
			}
		})
	}
}

func TestAnInventoryIsReadStrictly(t *testing.T) {
	inv, _ := read(t, cluster("freight", "kafka"))
	content, err := inventory.Marshal(inv)
	if err != nil {
		t.Fatal(err)
	}
	tests := map[string]struct{ old, new, rule, position string }{
		"an unknown field":    {"  brokers: 3", "  borkers: 3", "unknown-field", "inventory.yaml:9"},
		"another kind":        {"kind: Inventory", "kind: Migration", "not-an-inventory", "inventory.yaml:2"},
		"another version":     {"cutover/v1alpha1", "cutover/v1", "not-an-inventory", "inventory.yaml:2"},
		"a text for a number": {"  brokers: 3", "  brokers: many", "wrong-type", "inventory.yaml:9"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			text := strings.Replace(string(content), test.old, test.new, 1)
			documents, err := document.Read("inventory.yaml", strings.NewReader(text), document.DefaultLimits())
			if err != nil {
				t.Fatal(err)
			}
			_, err = inventory.Load(documents[0])
			found := finding.From(err)
			if len(found) != 1 || found[0].Rule != test.rule || found[0].Position() != test.position {
				t.Errorf("got %+v", found)
			}
		})
	}
}
