package capture_test

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"

	"cutover/generator/document"
	"cutover/generator/finding"
	"cutover/generator/inventory"
)

func object(kind, namespace, name, rest string) string {
	version := map[string]string{"Deployment": "apps/v1", "Secret": "v1", "ConfigMap": "v1"}[kind]
	if version == "" {
		version = "kafka.strimzi.io/v1beta1"
	}
	return fmt.Sprintf(`{"apiVersion":%q,"kind":%q,"metadata":{"name":%q,"namespace":%q,"labels":{"strimzi.io/cluster":"freight"}}%s}`, version, kind, name, namespace, rest)
}

const kafkas = "apis/kafka.strimzi.io/v1beta1/kafkas"

func strimzi() map[string][]string {
	var topics []string
	for i := range 7 {
		topics = append(topics, object("KafkaTopic", "kafka", fmt.Sprintf("t%d", i), `,"spec":{"partitions":1,"replicas":1,"config":{"retention.bytes":9007199254740993}}`))
	}
	return map[string][]string{
		kafkas: {object("Kafka", "kafka", "freight", `,"spec":{"kafka":{"replicas":1,"listeners":{"plain":{}}},"zookeeper":{"replicas":1}}`)},
		"apis/kafka.strimzi.io/v1beta1/kafkatopics": topics,
		"apis/apps/v1/deployments":                  {object("Deployment", "shop", "web", `,"spec":{}`)},
	}
}

// names reads a server and gives what it served, as KIND NAMESPACE/NAME, and what it hid.
func names(t *testing.T, server *apiServer) (served []string, hidden []inventory.Unseen) {
	t.Helper()
	hidden, err := server.start().Each(context.Background(), func(d document.Document) {
		served = append(served, d.Describe())
	})
	if err != nil {
		t.Fatal(err)
	}
	return served, hidden
}

func TestEveryKindThatTheServerHasIsListedInPages(t *testing.T) {
	for name, server := range map[string]*apiServer{
		"one page":                         {},
		"pages":                            {limit: 2},
		"pages that expire and go on":      {limit: 2, expire: true, goOn: true},
		"pages that expire and begin anew": {limit: 2, expire: true},
	} {
		t.Run(name, func(t *testing.T) {
			server.t, server.objects = t, strimzi()
			served, hidden := names(t, server)
			got := slices.Clone(served)
			slices.Sort(got)
			got = slices.Compact(got)
			want := []string{"Deployment shop/web", "Kafka kafka/freight"}
			for i := range 7 {
				want = append(want, fmt.Sprintf("KafkaTopic kafka/t%d", i))
			}
			if !slices.Equal(got, want) || len(hidden) > 0 {
				t.Errorf("got %v, hidden %v", got, hidden)
			}
			if server.expire && !server.goOn == (len(served) == len(want)) {
				t.Errorf("%d objects were served, %d there are", len(served), len(want))
			}
			for _, asked := range server.asked {
				if !strings.HasPrefix(asked, "GET ") || strings.Contains(asked, "extensions/v1beta1/deployments") || strings.Contains(asked, "/pods") {
					t.Errorf("it asked %s", asked)
				}
			}
		})
	}
}

func TestSecretsThatNobodyNeedsAreNotSent(t *testing.T) {
	server := &apiServer{t: t, objects: strimzi()}
	names(t, server)
	i := slices.IndexFunc(server.asked, func(asked string) bool { return strings.Contains(asked, "/secrets") })
	if i < 0 || !strings.Contains(server.asked[i], "type%21%3Dkubernetes.io%2Fservice-account-token") || !strings.Contains(server.asked[i], "helm.sh") {
		t.Errorf("it asked %v", server.asked)
	}
}

func TestWhatIsForbiddenIsToldWithItsGates(t *testing.T) {
	tests := map[string]struct {
		forbidden []string
		want      []string
	}{
		"Secrets altogether": {[]string{"api/v1/secrets", "api/v1/namespaces/kafka/secrets"},
			[]string{"secrets: the API server forbids to list them in namespace kafka [users-ready]"}},
		"workloads elsewhere": {[]string{"apis/apps/v1/deployments"},
			[]string{"deployments: outside namespace kafka the API server forbids to list them [inventory-complete]"}},
		"KafkaTopics elsewhere": {[]string{"apis/kafka.strimzi.io/v1beta1/kafkatopics"}, nil},
		"two kinds for one reason": {[]string{"api/v1/secrets", "api/v1/namespaces/kafka/secrets", "apis/kafka.strimzi.io/v1beta1/kafkausers", "apis/kafka.strimzi.io/v1beta1/namespaces/kafka/kafkausers"},
			[]string{"kafkausers, secrets: the API server forbids to list them in namespace kafka [users-ready]"}},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			server := &apiServer{t: t, objects: strimzi(), forbidden: make(map[string]bool)}
			for _, path := range test.forbidden {
				server.forbidden[path] = true
			}
			_, hidden := names(t, server)
			var told []string
			for _, u := range hidden {
				told = append(told, fmt.Sprintf("%s: %s %v", u.What, u.Because, u.Gates))
				if u.Hint == "" {
					t.Errorf("%s has no hint", u.What)
				}
			}
			if !slices.Equal(told, test.want) {
				t.Errorf("got %q", told)
			}
		})
	}
}

func TestWithoutANamespaceNothingForbiddenIsLookedForElsewhere(t *testing.T) {
	server := &apiServer{t: t, objects: strimzi(), forbidden: map[string]bool{"api/v1/secrets": true}}
	kubernetes := server.start()
	kubernetes.Namespace = ""
	hidden, err := kubernetes.Each(context.Background(), func(document.Document) {})
	if err != nil || len(hidden) != 1 || !strings.Contains(hidden[0].Hint, "-n") {
		t.Errorf("got %+v, %v", hidden, err)
	}
}

func TestOnlyOneNamespaceIsReadWhereNoneElseIsWanted(t *testing.T) {
	server := &apiServer{t: t, objects: map[string][]string{"apis/kafka.strimzi.io/v1beta1/namespaces/kafka/kafkas": strimzi()[kafkas]}}
	kubernetes := server.start()
	kubernetes.Alone = true
	count := 0
	if _, err := kubernetes.Each(context.Background(), func(document.Document) { count++ }); err != nil || count != 1 {
		t.Errorf("got %d objects, %v", count, err)
	}
	for _, asked := range server.asked {
		if strings.Contains(asked, "limit=") && !strings.Contains(asked, "/namespaces/kafka/") {
			t.Errorf("it asked %s", asked)
		}
	}
}

func TestAGroupThatDoesNotAnswerHidesItsKindsAlone(t *testing.T) {
	server := &apiServer{t: t, objects: strimzi(), failing: map[string]int{"apis/metrics.k8s.io/v1beta1": 503, "apis/kafka.strimzi.io/v1beta1": 503}}
	served, hidden := names(t, server)
	if !slices.Equal(served, []string{"Deployment shop/web"}) {
		t.Errorf("got %v", served)
	}
	if len(hidden) == 0 || !strings.Contains(hidden[0].What, "Kafka") || strings.Contains(hidden[0].What, "Deployment") {
		t.Errorf("got %+v", hidden)
	}
}

func TestAServerThatDoesNotListIsAFinding(t *testing.T) {
	tests := map[string]map[string]int{
		"no discovery":           {"api": http.StatusUnauthorized, "apis": http.StatusUnauthorized},
		"a kind that fails":      {kafkas: http.StatusInternalServerError},
		"credentials that ended": {kafkas: http.StatusUnauthorized},
	}
	for name, failing := range tests {
		t.Run(name, func(t *testing.T) {
			server := &apiServer{t: t, objects: strimzi(), failing: failing}
			_, err := server.start().Each(context.Background(), func(document.Document) {})
			if found := finding.From(err); len(found) != 1 || found[0].Rule != "live-api" {
				t.Errorf("got %v", err)
			}
		})
	}
}

func TestAnInventoryOfAnAPIServerIsThatOfItsExport(t *testing.T) {
	server := &apiServer{t: t, objects: strimzi(), limit: 2, expire: true}
	live, findings, err := inventory.ReadLive(context.Background(), inventory.Live{Objects: server.start().Each}, inventory.Files{}, inventory.Options{})
	if err != nil {
		t.Fatal(err, findings)
	}
	var export inventory.Files
	for name, objects := range strimzi() {
		export = append(export, inventory.File{Name: name + ".json", Content: []byte(`{"kind":"List","apiVersion":"v1","items":[` + strings.Join(objects, ",") + `]}`)})
	}
	read, _, err := inventory.Read(context.Background(), export, inventory.Options{})
	if err != nil {
		t.Fatal(err)
	}
	text := func(inv inventory.Inventory) string {
		content, err := inventory.Marshal(inv)
		if err != nil {
			t.Fatal(err)
		}
		return strings.ReplaceAll(string(content), "live-api", "manifests")
	}
	if got, want := text(live), text(read); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
	if len(live.Topics) != 7 || live.Topics[0].Config["retention.bytes"] != "9007199254740993" {
		t.Errorf("got %+v", live.Topics)
	}
}
