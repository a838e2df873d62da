package v1beta2_test

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"cutover/generator/document"
	"cutover/generator/strimzi"
	"cutover/generator/strimzi/v1beta2"
)

// strict decodes JSON and refuses a field that the type does not know.
func strict(content []byte, into any) error {
	decoder := json.NewDecoder(bytes.NewReader(content))
	decoder.DisallowUnknownFields()
	return decoder.Decode(into)
}

func marshal(t *testing.T, value any) []byte {
	t.Helper()
	content, err := json.Marshal(value)
	if err != nil {
		t.Fatal(err)
	}
	return content
}

// plain reads JSON into maps, slices and scalars.
func plain(t *testing.T, content []byte) any {
	t.Helper()
	decoder := json.NewDecoder(bytes.NewReader(content))
	decoder.UseNumber()
	var value any
	if err := decoder.Decode(&value); err != nil {
		t.Fatal(err)
	}
	return value
}

// kafkas gives the Kafka resources of a file of the freight example.
func kafkas(t *testing.T, path ...string) []document.Document {
	t.Helper()
	name := filepath.Join(append([]string{"..", "..", "..", "examples", "freight"}, path...)...)
	file, err := os.Open(name)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	all, err := document.Read(name, file, document.DefaultLimits())
	if err != nil {
		t.Fatal(err)
	}
	var found []document.Document
	for _, doc := range all {
		items, err := doc.Items()
		if err != nil {
			t.Fatal(err)
		}
		found = append(found, slices.DeleteFunc(items, func(item document.Document) bool { return item.Kind() != "Kafka" })...)
	}
	if len(found) == 0 {
		t.Fatalf("%s has no Kafka", name)
	}
	return found
}

// sameAgain decodes a Kafka strictly and wants it to be written as it was read.
func sameAgain(t *testing.T, doc document.Document) v1beta2.Kafka {
	t.Helper()
	before := marshal(t, document.Value(doc.Root))
	var kafka v1beta2.Kafka
	if err := strict(before, &kafka); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(plain(t, before), plain(t, marshal(t, kafka))); diff != "" {
		t.Error(diff)
	}
	return kafka
}

func TestTheKafkaOfTheExampleIsWrittenAsItWasRead(t *testing.T) {
	for _, doc := range kafkas(t, "expected", "releases", "target-kafka", "manifests.yaml") {
		kafka := sameAgain(t, doc)
		if got := len(kafka.Spec.Kafka.Listeners); got != 3 {
			t.Errorf("%d listeners, 3 were wanted", got)
		}
	}
}

func TestEveryConvertedKafkaOfTheExampleIsWrittenAsItWasRead(t *testing.T) {
	to, err := strimzi.LookupVersion(strimzi.AMQStreams, "1.8")
	if err != nil {
		t.Fatal(err)
	}
	for _, doc := range kafkas(t, "export", "kafka.yaml") {
		converted, err := strimzi.Convert(doc, to)
		if err != nil {
			t.Fatal(err)
		}
		t.Run(doc.Name(), func(t *testing.T) { sameAgain(t, converted.Objects[len(converted.Objects)-1]) })
	}
}

// valid is the least that the API takes, with room for more.
func valid(kafka, zookeeper, spec string) string {
	return `{"apiVersion": "kafka.strimzi.io/v1beta2", "kind": "Kafka", "metadata": {"name": "freight"}, "spec": {
		"kafka": {"replicas": 3, "listeners": [{"name": "plain", "port": 9092, "type": "internal", "tls": false}],
			"storage": {"type": "ephemeral"}` + kafka + `},
		"zookeeper": {"replicas": 3, "storage": {"type": "ephemeral"}` + zookeeper + `}` + spec + `}}`
}

func TestWhatSaysSomethingIsWrittenAgain(t *testing.T) {
	cases := map[string]struct{ kafka, zookeeper, spec string }{
		"the least that is needed":                           {},
		"empty sections, which deploy with the defaults":     {spec: `, "cruiseControl": {}, "kafkaExporter": {}, "entityOperator": {"topicOperator": {}, "userOperator": {}}`},
		"false, where true is the default":                   {spec: `, "clusterCa": {"generateCertificateAuthority": false, "generateSecretOwnerReference": false}`},
		"zero, where the default is another number":          {kafka: `, "livenessProbe": {"initialDelaySeconds": 0}, "template": {"podDisruptionBudget": {"maxUnavailable": 0}}`},
		"sections of brokers and ZooKeeper that are empty":   {kafka: `, "template": {}, "jmxOptions": {}`, zookeeper: `, "jvmOptions": {}`},
		"options of Java in any scalar":                      {kafka: `, "jvmOptions": {"-XX": {"UseG1GC": true, "MaxGCPauseMillis": 20, "G1HeapRegionSize": "16M"}, "-Xms": "4g", "-Xmx": "4g", "gcLoggingEnabled": false}`},
		"labels that are no text, which the API takes":       {kafka: `, "template": {"pod": {"metadata": {"labels": {"cost-centre": 4711}, "annotations": {"owned": true}}}}`},
		"large numbers of the configuration":                 {kafka: `, "config": {"log.retention.bytes": 1099511627776, "log.cleaner.min.cleanable.ratio": 0.5, "auto.create.topics.enable": false}`},
		"grace of no seconds and no service links":           {kafka: `, "template": {"pod": {"terminationGracePeriodSeconds": 0, "enableServiceLinks": false}}`},
		"answers of a policy agent that are never kept":      {kafka: `, "authorization": {"type": "opa", "url": "http://opa:8181", "allowOnError": false, "expireAfterMs": 0}`},
		"a Kubernetes shape that Strimzi takes over":         {kafka: `, "template": {"pod": {"affinity": {"nodeAffinity": {"requiredDuringSchedulingIgnoredDuringExecution": {"nodeSelectorTerms": [{"matchExpressions": [{"key": "disk", "operator": "In", "values": ["ssd"]}]}]}}}}}`},
		"a logging configuration that stands in a ConfigMap": {zookeeper: `, "logging": {"type": "external", "valueFrom": {"configMapKeyRef": {"name": "log", "key": "log4j.properties", "optional": false}}}`},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			text := []byte(valid(c.kafka, c.zookeeper, c.spec))
			var kafka v1beta2.Kafka
			if err := strict(text, &kafka); err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(plain(t, text), plain(t, marshal(t, kafka))); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestStorageKeepsWhatSingleDisksSay(t *testing.T) {
	cases := map[string]string{
		"an empty class, which asks for no provisioning": `{"type": "persistent-claim", "size": "10Gi", "class": ""}`,
		"disk 0 of several":          `{"type": "jbod", "volumes": [{"type": "persistent-claim", "id": 0, "size": "10Gi", "deleteClaim": false}]}`,
		"another class for broker 0": `{"type": "persistent-claim", "size": "10Gi", "overrides": [{"broker": 0, "class": "fast"}]}`,
		"labels to choose a volume":  `{"type": "persistent-claim", "size": "10Gi", "selector": {"disk": "ssd"}}`,
		"a limit":                    `{"type": "ephemeral", "sizeLimit": "1Gi"}`,
	}
	for name, text := range cases {
		t.Run(name, func(t *testing.T) {
			var storage v1beta2.KafkaStorage
			if err := strict([]byte(text), &storage); err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(plain(t, []byte(text)), plain(t, marshal(t, storage))); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestADiskHasNoDisksOfItsOwn(t *testing.T) {
	var volume v1beta2.Volume
	if err := strict([]byte(`{"type": "jbod", "volumes": []}`), &volume); err == nil {
		t.Error("jbod was taken, which ZooKeeper and the volumes of jbod cannot have")
	}
}

func TestWhatTheAPIDoesNotKnowIsRefused(t *testing.T) {
	cases := map[string]struct{ kafka, zookeeper, spec, field string }{
		"metrics in the resource":           {kafka: `, "metrics": {}`, field: "metrics"},
		"the broker's former sidecar":       {kafka: `, "tlsSidecar": {}`, field: "tlsSidecar"},
		"the former topic operator":         {spec: `, "topicOperator": {}`, field: "topicOperator"},
		"tolerations outside the template":  {zookeeper: `, "tolerations": []`, field: "tolerations"},
		"the former name of a ConfigMap":    {kafka: `, "logging": {"type": "external", "name": "log"}`, field: "name"},
		"source ranges in the template":     {kafka: `, "template": {"perPodService": {"loadBalancerSourceRanges": []}}`, field: "loadBalancerSourceRanges"},
		"a field that no version ever knew": {kafka: `, "replica": 3`, field: "replica"},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			var kafka v1beta2.Kafka
			err := strict([]byte(valid(c.kafka, c.zookeeper, c.spec)), &kafka)
			if err == nil || !strings.Contains(err.Error(), `unknown field "`+c.field+`"`) {
				t.Errorf("got error %v, one of unknown field %q was wanted", err, c.field)
			}
		})
	}
}
