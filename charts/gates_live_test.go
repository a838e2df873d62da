package charts_test

import (
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"cutover/live/connection"
)

// connectionsOf writes the Connections file of rendered gates and reads it as the Job does.
func connectionsOf(t *testing.T, objects []map[string]any) connection.Connections {
	t.Helper()
	text, _ := at(find(t, objects, "ConfigMap/cutover-freight-gate"), "data", "connections.yaml").(string)
	file := filepath.Join(t.TempDir(), "connections.yaml")
	write(t, file, text, os.FileMode(0o600))
	connections, err := connection.Load(file)
	if err != nil {
		t.Fatalf("%v\n%s", err, text)
	}
	return connections
}

func TestTheConnectionsOfLiveGatesNameFilesThatTheJobMounts(t *testing.T) {
	objects := gates(t, "target-values.yaml")
	c := connectionsOf(t, objects)
	volumes, _ := at(find(t, objects, "Job/cutover-freight-gate"), "spec", "template", "spec", "volumes").([]any)
	sources, _ := at(volumes[2], "projected", "sources").([]any)
	mounted := make(map[string]string)
	for _, source := range sources {
		if at(source, "secret", "optional") != true {
			t.Errorf("without %v no pod would start, and no phase that makes it", source)
		}
		items, _ := at(source, "secret", "items").([]any)
		for _, item := range items {
			path, _ := at(item, "path").(string)
			mounted["/etc/cutover-credentials/"+path] = at(source, "secret", "name").(string) + "/" + at(item, "key").(string) //nolint:forcetypeassert // both are names
		}
	}
	if want := map[string]string{
		"/etc/cutover-credentials/source/ca/0.crt": "freight-source-ca/ca.crt", "/etc/cutover-credentials/source/ca/1.crt": "freight-source-ca-new/tls.crt",
		"/etc/cutover-credentials/source/password": "cutover-gates-source/password", "/etc/cutover-credentials/target/ca/0.crt": "freight-cluster-ca-cert/ca.crt",
		"/etc/cutover-credentials/target/user.crt": "cutover-gates/user.crt", "/etc/cutover-credentials/target/user.key": "cutover-gates/user.key",
	}; !reflect.DeepEqual(mounted, want) {
		t.Errorf("the Job mounts %v, want %v", mounted, want)
	}
	source, target := c.Source.Kafka, c.Target.Kafka
	if source.Bootstrap != "kafka.source.example:443" || source.TLS.CAFile != "/etc/cutover-credentials/source/ca" || source.SASL.PasswordFile != "/etc/cutover-credentials/source/password" ||
		source.SASL.Username != "cutover-gates" || source.TLS.CertFile != "" {
		t.Errorf("the source is reached by %+v, %+v, %+v", source, source.TLS, source.SASL)
	}
	if target.TLS.CertFile != "/etc/cutover-credentials/target/user.crt" || target.TLS.KeyFile != "/etc/cutover-credentials/target/user.key" || target.SASL != nil {
		t.Errorf("the target is reached by %+v, %+v", target, target.TLS)
	}
	if c.Source.Kubernetes.Kubeconfig != "/etc/cutover-peer/kubeconfig" || !c.Target.Kubernetes.InCluster {
		t.Errorf("the API servers are reached by %+v and %+v", c.Source.Kubernetes, c.Target.Kubernetes)
	}
}

func TestWithoutConnectionsTheJobReachesNobody(t *testing.T) {
	objects := gates(t, "source-values.yaml")
	job := find(t, objects, "Job/cutover-freight-gate")
	if args, _ := at(job, "spec", "template", "spec", "containers", 0, "args").([]any); len(args) != 3 {
		t.Errorf("it runs with %v", args)
	}
	if data := at(find(t, objects, "ConfigMap/cutover-freight-gate"), "data", "connections.yaml"); data != nil {
		t.Errorf("the connections are %v", data)
	}
}

func TestReadsAreBoundToTheirNamespaceAndNames(t *testing.T) {
	objects := gates(t, "target-values.yaml")
	roles, accounts := make(map[string]any), make(map[string]any)
	for _, object := range objects {
		name, _ := at(object, "metadata", "name").(string)
		switch object["kind"] {
		case "Role":
			roles[namespace(object)+"/"+name] = object["rules"]
		case "RoleBinding":
			accounts[namespace(object)+"/"+name] = at(object, "subjects", 0, "name")
			if at(object, "roleRef", "name") != name || at(object, "subjects", 0, "namespace") != "freight" {
				t.Errorf("%s binds %v to %v", name, object["roleRef"], object["subjects"])
			}
		}
	}
	list := func(group, resource string) map[string]any {
		return map[string]any{"apiGroups": []any{group}, "resources": []any{resource}, "verbs": []any{"list"}}
	}
	get := func(group, resource string, names ...any) map[string]any {
		return map[string]any{"apiGroups": []any{group}, "resources": []any{resource}, "resourceNames": names, "verbs": []any{"get"}}
	}
	const kafka = "kafka.strimzi.io"
	for name, want := range map[string][]any{
		"freight/cutover-freight-read":      {list(kafka, "kafkatopics"), get(kafka, "kafkas", "freight"), get("", "secrets", "booking-gateway", "cutover-mirror")},
		"freight-apps/cutover-freight-read": {list("apps", "deployments")},
		"freight/cutover-freight-reader":    {get(kafka, "kafkamirrormaker2s", "freight-mirror")},
	} {
		if !reflect.DeepEqual(roles[name], want) {
			t.Errorf("%s allows %v, want %v", name, roles[name], want)
		}
		account := map[bool]string{true: "cutover-freight-reader", false: "cutover-freight-gate"}[strings.Contains(name, "-reader")]
		if accounts[name] != account {
			t.Errorf("%s is bound to %v, want %s", name, accounts[name], account)
		}
	}
	if len(roles) != 4 || len(accounts) != 4 {
		t.Errorf("the roles are %v", roles)
	}
}

func TestLiveGatesThatCouldNotWorkAreRefusedInWords(t *testing.T) {
	const kafka = "connections: {waitSeconds: %s, source: {kafka: {bootstrap: 'a:1'}}}\n"
	for name, test := range map[string]struct{ values, want string }{
		"a wait as long as the deadline":  {strings.Replace(kafka, "%s", "1800", 1), "waitSeconds is 1800 and deadlineSeconds 1800"},
		"a wait for nobody":               {"connections: {waitSeconds: 60}", "name no cluster"},
		"a peer without a kubeconfig":     {"connections: {source: {kubernetes: peer}}", "peer names no Secret"},
		"brokers without a port":          {"connections: {source: {kafka: {bootstrap: a}}}", "bootstrap"},
		"a user without a Secret":         {"connections: {source: {kafka: {bootstrap: 'a:1', scram: {username: a}}}}", "secretName"},
		"trust without TLS":               {"connections: {source: {kafka: {bootstrap: 'a:1', tls: {trusted: [{secretName: a, key: b}]}}}}", "trusted"},
		"all Secrets of a namespace":      {"reads: [{namespace: a, apiGroup: '', resource: secrets}]", "names"},
		"a resource that no gate reads":   {"reads: [{namespace: a, apiGroup: '', resource: nodes}]", "resource"},
		"rights for a reader of no name":  {"reader: {reads: [{namespace: a, apiGroup: '', resource: pods}]}", "reads"},
		"a password where a user belongs": {"connections: {source: {kafka: {bootstrap: 'a:1', scram: {password: hunter2}}}}", "password"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := tryRender(t, "gates", test.values)
			if err == nil || !strings.Contains(err.Error(), test.want) {
				t.Errorf("got %v, want %q", err, test.want)
			}
		})
	}
	if _, err := tryRender(t, "gates", strings.Replace(kafka, "%s", "1799", 1)); err != nil {
		t.Errorf("a wait below the deadline: %v", err)
	}
}
