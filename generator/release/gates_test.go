package release_test

import (
	"fmt"
	"reflect"
	"testing"

	"cutover/generator/release"
)

const gitops = `gitops:
  repoURL: https://git.example/small.git
  image: registry.example/cutover:1
  destinations:
    source: {name: old}
    target: {name: new}
`

func TestTheGatesOfAnOldSourceMayScaleItsWorkloadsAndTheTargetsMayNot(t *testing.T) {
	all := releases(t, "workloads:\n", gitops+"workloads:\n")
	source := rendered(t, all["source-gates"])
	want := []any{
		map[string]any{"apiGroups": []any{"apps"}, "resources": []any{"deployments"}, "resourceNames": []any{"app.v1"}, "verbs": []any{"get", "patch"}},
		map[string]any{"apiGroups": []any{"apps.openshift.io"}, "resources": []any{"deploymentconfigs"}, "resourceNames": []any{"appxv1"}, "verbs": []any{"get", "patch"}},
		map[string]any{"apiGroups": []any{"batch"}, "resources": []any{"cronjobs"}, "resourceNames": []any{"nightly"}, "verbs": []any{"get", "patch"}},
	}
	scale := source["Role cutover-small-scale"]
	if at(scale, "metadata", "namespace") != "apps" || !reflect.DeepEqual(scale["rules"], want) {
		t.Errorf("got %v", scale)
	}
	if got := rendered(t, all["target-gates"])["Role cutover-small-scale"]; got != nil {
		t.Errorf("the target has %v", got)
	}
}

func TestGatesHaveTheImageAndTheDeadlineOfTheMigration(t *testing.T) {
	all := releases(t, "workloads:\n", gitops+"  gates: {deadline: 45m, peer: {target: {secretName: source-ledger, key: config}}}\nworkloads:\n")
	for name, namespace := range map[string]string{"source-gates": "kafka", "target-gates": "streams"} {
		r := all[name]
		job := rendered(t, r)["Job cutover-small-gate"]
		if r.Namespace != namespace || at(job, "metadata", "namespace") != namespace || at(job, "spec", "activeDeadlineSeconds") != int64(2700) {
			t.Errorf("%s: got %v", name, job)
		}
		containers, _ := at(job, "spec", "template", "spec", "containers").([]any)
		if at(containers[0], "image") != "registry.example/cutover:1" {
			t.Errorf("%s runs %v", name, at(containers[0], "image"))
		}
		arguments, _ := at(containers[0], "args").([]any)
		want := []any{"gate", "--phase=none", "--gate=/etc/cutover/gate.yaml"}
		if name == "target-gates" {
			want = append(want, "--peer-kubeconfig=/etc/cutover-peer/config")
		}
		if !reflect.DeepEqual(arguments, want) {
			t.Errorf("%s: got %v, want %v", name, arguments, want)
		}
	}
}

// The restricted SCC of OpenShift refuses the field before 4.11, Kubernetes before 1.19.
func TestASeccompProfileIsAskedForOnlyWhereItIsAdmitted(t *testing.T) {
	for platform, want := range map[string]any{
		"openshift-3.11": nil, "openshift-4.8": nil, "openshift-4.11": "RuntimeDefault", "kubernetes-1.18": nil, "kubernetes-1.21": "RuntimeDefault",
	} {
		t.Run(platform, func(t *testing.T) {
			all := releases(t, "workloads:\n", gitops+"workloads:\n", "platform: openshift-3.11", "platform: "+platform)
			job := rendered(t, all["source-gates"])["Job cutover-small-done"]
			if got := at(job, "spec", "template", "spec", "securityContext", "seccompProfile", "type"); got != want {
				t.Errorf("got %v, want %v", got, want)
			}
		})
	}
}

func TestWithoutGitOpsThereAreNoGates(t *testing.T) {
	for name := range releases(t) {
		if name == "source-gates" || name == "target-gates" {
			t.Errorf("there is %s", name)
		}
	}
}

const liveGates = `  gates:
    deadline: 30m
    peer: {source: {secretName: peer, key: config}, target: {secretName: peer, key: config}}
    live: {target: {bootstrapServers: "new.example:443", listener: external, trustedCertificates: [{secretName: new-ca, certificate: ca.crt}]}}
`

const twoListeners = `  storageClass: fast
  listeners:
  - {name: tls, port: 9093, type: internal, tls: true, authentication: {type: scram-sha-512}}
  - {name: external, port: 9094, type: route, tls: true, authentication: {type: scram-sha-512}}
`

// live are the releases of a migration whose gate Jobs prove the gates.
func live(t testing.TB, pairs ...string) map[string]release.Release {
	return releases(t, append([]string{"workloads:\n", gitops + liveGates + "workloads:\n", "  storageClass: fast\n", twoListeners}, pairs...)...)
}

func TestLiveGatesReachEachClusterFromBoth(t *testing.T) {
	all := live(t, "  bootstrapServers: kafka.example:443\n", "  bootstrapServers: kafka.example:443\n  tls: {trustedCertificates: [{secretName: old-ca, certificate: tls.crt}]}\n")
	for _, test := range []struct {
		release, side, bootstrap, ca, key, secret, kubernetes string
	}{
		{"source-gates", "source", "kafka.example:443", "old-cluster-ca-cert", "ca.crt", "cutover-gates", "inCluster"},
		{"source-gates", "target", "new.example:443", "new-ca", "ca.crt", "cutover-gates-target", "peer"},
		{"target-gates", "source", "kafka.example:443", "old-ca", "tls.crt", "cutover-gates-source", "peer"},
		{"target-gates", "target", "new-kafka-bootstrap:9093", "new-cluster-ca-cert", "ca.crt", "cutover-gates", "inCluster"},
	} {
		side := at(all[test.release].Values, "connections", test.side)
		want := map[string]any{"kubernetes": test.kubernetes, "kafka": map[string]any{
			"bootstrap": test.bootstrap, "scram": map[string]any{"username": "cutover-gates", "secretName": test.secret},
			"tls": map[string]any{"enabled": true, "trusted": []any{map[string]any{"secretName": test.ca, "key": test.key}}},
		}}
		if !reflect.DeepEqual(side, want) {
			t.Errorf("the Jobs of %s reach the %s by %v, want %v", test.release, test.side, side, want)
		}
		job := rendered(t, all[test.release])["Job cutover-small-gate"]
		containers, _ := at(job, "spec", "template", "spec", "containers").([]any)
		arguments, _ := at(containers[0], "args").([]any)
		if want := []any{"--peer-kubeconfig=/etc/cutover-peer/config", "--connections=/etc/cutover/connections.yaml", "--wait=1500s"}; !reflect.DeepEqual(arguments[3:], want) {
			t.Errorf("the Job of %s runs with %v", test.release, arguments)
		}
	}
}

// access gives the operations of a release's KafkaUser by resource.
func access(t testing.TB, r release.Release, user string) map[string][]string {
	t.Helper()
	rules, _ := at(rendered(t, r)["KafkaUser "+user], "spec", "authorization", "acls").([]any)
	found := make(map[string][]string)
	for _, rule := range rules {
		name := fmt.Sprint(at(rule, "resource", "type"), " ", at(rule, "resource", "name"))
		found[name] = append(found[name], fmt.Sprint(at(rule, "operation")))
	}
	return found
}

func TestTheGatesUserMayReadAndCommitOffsetsOnly(t *testing.T) {
	all := live(t)
	topics := []string{"Read", "Describe", "DescribeConfigs"}
	if got, want := access(t, all["source-access"], "cutover-gates"), (map[string][]string{"topic *": topics, "group *": {"Describe"}}); !reflect.DeepEqual(got, want) {
		t.Errorf("on the source it has %v, want %v", got, want)
	}
	if got, want := access(t, all["target-access"], "cutover-gates"), (map[string][]string{"topic *": topics, "group *": {"Describe", "Read"}}); !reflect.DeepEqual(got, want) {
		t.Errorf("on the target it has %v, want %v", got, want)
	}
	all = live(t, "retire: true\n", "rollback: {reverseMirror: true}\n")
	want := map[string][]string{"topic *": topics, "group *": {"Describe", "Read"}, "topic small-return-offsets": {"Create", "Write"}}
	if got := access(t, all["source-access"], "cutover-gates"); !reflect.DeepEqual(got, want) {
		t.Errorf("with a reverse mirror it has %v on the source, want %v", got, want)
	}
}
