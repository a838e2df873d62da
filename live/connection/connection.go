// Package connection says how the running clusters of a migration are reached, and opens
// them: Kafka by its protocol, Kubernetes by its API, Kafka Connect by its address. What it
// reads names the files and Secrets in which credentials stand, and never holds one.
package connection

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"cutover/generator/document"
	"cutover/generator/finding"
)

// APIVersion and Kind head every connections file.
const (
	APIVersion = "cutover/v1alpha1"
	Kind       = "Connections"
)

// Connections is how both clusters of a migration are reached.
type Connections struct {
	// APIVersion is cutover/v1alpha1.
	APIVersion string `yaml:"apiVersion"`
	// Kind is Connections.
	Kind string `yaml:"kind"`
	// Source is the cluster that is left, Target the one that takes over.
	Source Side `yaml:"source,omitempty"`
	Target Side `yaml:"target,omitempty"`
}

// Side is how one cluster is reached; what is nil is not reached.
type Side struct {
	Kafka      *Kafka      `yaml:"kafka,omitempty"`
	Kubernetes *Kubernetes `yaml:"kubernetes,omitempty"`
	Connect    *Connect    `yaml:"connect,omitempty"`
}

// Connect is the REST interface of the mirror's Kafka Connect cluster, where it can be
// reached. Otherwise the status of the KafkaMirrorMaker2 says how its connectors are.
type Connect struct {
	// URL begins with http:// or https://.
	URL string `yaml:"url"`
}

// New gives the connections to two sides, or what is wrong with them, as findings.
func New(source, target Side) (Connections, error) {
	c := Connections{APIVersion: APIVersion, Kind: Kind, Source: source, Target: target}
	return c.checked("")
}

// Load reads a connections file strictly. Paths in it are relative to its folder. Errors
// are findings.
func Load(path string) (Connections, error) {
	content, err := os.ReadFile(path)
	if err != nil {
		return Connections{}, finding.Finding{Rule: "unreadable", Severity: finding.Error, File: path, Message: "it cannot be read: " + cause(err),
			Hint: "name a file of kind Connections"}
	}
	documents, err := document.Read(path, bytes.NewReader(content), document.DefaultLimits())
	if err != nil {
		return Connections{}, err
	}
	if len(documents) != 1 || documents[0].APIVersion() != APIVersion || documents[0].Kind() != Kind {
		return Connections{}, finding.Finding{Rule: "not-connections", Severity: finding.Error, File: path,
			Message: fmt.Sprintf("this is not one document of %s %s", APIVersion, Kind), Hint: "begin it with: apiVersion: " + APIVersion + " and kind: " + Kind}
	}
	var c Connections
	if err := documents[0].Decode(&c); err != nil {
		return Connections{}, err
	}
	c.resolve(filepath.Dir(path))
	return c.checked(path)
}

// resolve has the paths begin at the folder of the file they stand in.
func (c *Connections) resolve(folder string) {
	for _, side := range []Side{c.Source, c.Target} {
		for _, path := range side.paths() {
			if *path != "" && !filepath.IsAbs(*path) && !isSecret(*path) {
				*path = filepath.Join(folder, *path)
			}
		}
	}
}

func (s Side) paths() []*string {
	var all []*string
	if s.Kubernetes != nil {
		all = append(all, &s.Kubernetes.Kubeconfig)
	}
	if s.Kafka != nil && s.Kafka.TLS != nil {
		all = append(all, &s.Kafka.TLS.CAFile, &s.Kafka.TLS.CertFile, &s.Kafka.TLS.KeyFile)
	}
	if s.Kafka != nil && s.Kafka.SASL != nil {
		all = append(all, &s.Kafka.SASL.PasswordFile)
	}
	return all
}

// checked reports everything that is wrong at once, and lets each Kafka read its Secrets
// where its Kubernetes is.
func (c Connections) checked(file string) (Connections, error) {
	var findings finding.List
	for _, named := range []struct {
		name string
		side *Side
	}{{"source", &c.Source}, {"target", &c.Target}} {
		for _, wrong := range named.side.check() {
			findings.Add(finding.Finding{Rule: "connection", Severity: finding.Error, File: file, Object: named.name,
				Message: wrong.message, Hint: wrong.hint})
		}
		if named.side.Kafka != nil {
			kafka := *named.side.Kafka
			kafka.secrets, kafka.of = named.side.Kubernetes, named.name
			named.side.Kafka = &kafka
		}
	}
	return c, findings.Err()
}

// mistake is something that is wrong with a connection, and what to do.
type mistake struct{ message, hint string }

func (s Side) check() []mistake {
	var found []mistake
	if s.Kafka != nil {
		found = append(found, s.Kafka.check()...)
	}
	if s.Kubernetes != nil {
		found = append(found, s.Kubernetes.check()...)
	}
	if s.Connect != nil && !strings.HasPrefix(s.Connect.URL, "http://") && !strings.HasPrefix(s.Connect.URL, "https://") {
		found = append(found, mistake{fmt.Sprintf("connect.url %q is no http or https address", s.Connect.URL), "write it as http://HOST:8083"})
	}
	for _, path := range s.paths() {
		if isSecret(*path) && s.Kubernetes == nil {
			found = append(found, mistake{*path + " names a Secret, and no cluster to read it from", "give kubernetes: beside kafka:"})
		}
	}
	return found
}

// cause gives what went wrong with a file without repeating its path.
func cause(err error) string {
	if pathError, ok := err.(*os.PathError); ok { //nolint:errorlint // os returns it itself
		return pathError.Err.Error()
	}
	return err.Error()
}
