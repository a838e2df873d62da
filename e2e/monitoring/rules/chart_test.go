// Package rules_test holds what the monitoring chart renders to the real parser of
// Prometheus, to the types of the Prometheus operator and to a real API server.
package rules_test

import (
	"bytes"
	"errors"
	"io"
	"io/fs"
	"path"
	"strings"
	"testing"

	"cutover/charts"
	"cutover/generator/release"

	"sigs.k8s.io/yaml"
)

// rendered gives the objects of the chart for each of its values files in ci, by file.
func rendered(t *testing.T) map[string][][]byte {
	t.Helper()
	chart, err := fs.Sub(charts.FS, "monitoring")
	if err != nil {
		t.Fatal(err)
	}
	files, err := fs.Glob(chart, "ci/*-values.yaml")
	if err != nil || len(files) == 0 {
		t.Fatalf("no values files: %v", err)
	}
	all := make(map[string][][]byte)
	for _, file := range files {
		values, err := fs.ReadFile(chart, file)
		if err != nil {
			t.Fatal(err)
		}
		stream, err := release.Helm{KubeVersion: "v1.21.0"}.Render(release.Release{Name: "watch", Chart: "monitoring", Namespace: "freight", Files: chart}, values)
		if err != nil {
			t.Errorf("%s: %v", file, err)
			continue
		}
		for _, document := range bytes.Split(stream, []byte("\n---\n")) {
			if object := header(t, document); object.Kind != "" {
				all[path.Base(file)] = append(all[path.Base(file)], document)
			}
		}
	}
	return all
}

// object is what every manifest has.
type object struct {
	APIVersion string `json:"apiVersion"`
	Kind       string `json:"kind"`
	Metadata   struct {
		Name      string `json:"name"`
		Namespace string `json:"namespace"`
	} `json:"metadata"`
}

func (o object) String() string { return o.Kind + " " + o.Metadata.Namespace + "/" + o.Metadata.Name }

// header reads what kind of object a manifest is; a comment alone is none.
func header(t *testing.T, manifest []byte) object {
	t.Helper()
	var o object
	if err := yaml.Unmarshal(manifest, &o); err != nil && !errors.Is(err, io.EOF) {
		t.Fatalf("%v in\n%s", err, manifest)
	}
	return o
}

// ofOperator tells whether an object is one of the Prometheus operator's.
func ofOperator(o object) bool { return strings.HasPrefix(o.APIVersion, "monitoring.coreos.com/") }
