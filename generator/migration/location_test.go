package migration_test

import (
	"slices"
	"testing"

	"cutover/generator/migration"
)

func TestLocationsStayBesideTheMigration(t *testing.T) {
	for _, r := range []refusal{
		{"an absolute path", []string{"inventory: export", "inventory: /etc/export  # here"}, "location", "/etc/export", "beside"},
		{"a path that climbs out", []string{"inventory: export", "inventory: ../export  # here"}, "location", "../export", "beside"},
		{"a path that climbs out in its middle", []string{"inventory: export", "inventory: a/../../export  # here"}, "location", "leaves the folder", "beside"},
		{"the folder above", []string{"inventory: export", "inventory: ..  # here"}, "location", "leaves the folder", "beside"},
		{"neither a path nor a URL", []string{"inventory: export", "inventory:\n    checksum: sha256:ab  # here"}, "location", "either a path or a URL", ""},
		{"an empty path", []string{"inventory: export", "inventory: \"\"  # here"}, "location", "either a path or a URL", ""},
		{"both a path and a URL", []string{"inventory: export", "inventory:\n    path: export  # here\n    url: https://a.example/x.tgz"}, "location", "either a path or a URL", ""},
		{"s3 without being asked for", []string{"inventory: export", "inventory:\n    url: s3::https://s3.example/b/x.tgz  # here\n    checksum: sha256:ab"}, "location", "allowS3", ""},
		{"a workload's manifests outside", []string{"  groups: [billing]\n  source: {kind: Deployment}", "  groups: [billing]\n  source:\n    kind: Deployment\n    manifests: ../app.yaml  # here"}, "location", "../app.yaml", "beside"},
		{"an operator chart outside", []string{"distribution: amq-streams", "distribution: strimzi", `"1.8"`, `"0.24"`, "  olm:\n    channel: amq-streams-1.8.x\n    startingCSV: amqstreams.v1.8.4\n", "  operatorChart: /charts/strimzi  # here\n"}, "location", "/charts/strimzi", "beside"},
	} {
		t.Run(r.name, r.test)
	}
}

func TestPathsWithinTheFolderAreTaken(t *testing.T) {
	for name, location := range map[string]string{
		"a plain path":                 "export",
		"a path of its own mapping":    "{path: export/all.tar.gz}",
		"a path that stays within":     "a/../export",
		"a name that begins with dots": "..export/all.yaml",
		"https with its checksum":      "{url: \"https://a.example/x.tgz\", checksum: \"sha256:ab\"}",
		"s3 when asked for":            "{url: \"s3::https://s3.example/b/x.tgz\", checksum: \"sha256:ab\", allowS3: true}",
	} {
		t.Run(name, func(t *testing.T) {
			if _, _, err := load(change(t, "inventory: export", "inventory: "+location)); err != nil {
				t.Error(err)
			}
		})
	}
}

func TestLocationsAreListedInTheOrderOfTheFile(t *testing.T) {
	m, _, err := load(change(t, "  groups: [billing]\n  source: {kind: Deployment}", "  groups: [billing]\n  source: {kind: Deployment, manifests: a.yaml}\n  target: {kind: Deployment, manifests: b.yaml}"))
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, l := range m.Locations() {
		names = append(names, l.Name+"="+l.Location.Path)
	}
	want := []string{"source.inventory=export", "workloads.billing.source.manifests=a.yaml", "workloads.billing.target.manifests=b.yaml"}
	if !slices.Equal(names, want) {
		t.Errorf("got %v, want %v", names, want)
	}
}

func TestPlatformsTellWhatTheyServe(t *testing.T) {
	for _, test := range []struct {
		text                                 string
		kubernetes                           int
		serverSideApply, oldCRDs, podMonitor bool
		cronJob                              string
	}{
		{"openshift-3.11", 11, false, true, false, "batch/v1beta1"},
		{"openshift-4.2", 15, false, true, true, "batch/v1beta1"},
		{"openshift-4.3", 16, true, true, true, "batch/v1beta1"},
		{"openshift-4.7", 20, true, true, true, "batch/v1beta1"},
		{"openshift-4.8", 21, true, true, true, "batch/v1"},
		{"openshift-4.9", 22, true, false, true, "batch/v1"},
		{"kubernetes-1.15", 15, false, true, true, "batch/v1beta1"},
		{"kubernetes-1.16", 16, true, true, true, "batch/v1beta1"},
		{"kubernetes-1.21", 21, true, true, true, "batch/v1"},
		{"kubernetes-1.22", 22, true, false, true, "batch/v1"},
	} {
		t.Run(test.text, func(t *testing.T) {
			p, err := migration.ParsePlatform(test.text)
			if err != nil {
				t.Fatal(err)
			}
			if p.Kubernetes() != test.kubernetes || p.ServerSideApply() != test.serverSideApply || p.OldCRDs() != test.oldCRDs ||
				p.PodMonitor() != test.podMonitor || p.CronJobVersion() != test.cronJob {
				t.Errorf("got Kubernetes 1.%d, apply %t, old CRDs %t, PodMonitor %t, %s", p.Kubernetes(), p.ServerSideApply(), p.OldCRDs(), p.PodMonitor(), p.CronJobVersion())
			}
		})
	}
}
