package migration

import (
	"bytes"
	"fmt"

	"go.yaml.in/yaml/v3"

	"cutover/generator/document"
	"cutover/generator/finding"
)

// limits of a migration.yaml: it is written by hand.
func limits() document.Limits { return document.Limits{Bytes: 4 << 20, Nodes: 10_000} }

// Load reads a migration.yaml strictly and checks what can be checked without an
// inventory. Errors carry [finding.Finding]s with file and line; the list holds
// warnings and notes.
func Load(file string, content []byte) (*Migration, finding.List, error) {
	documents, err := document.Read(file, bytes.NewReader(content), limits())
	if err != nil {
		return nil, nil, err
	}
	if len(documents) != 1 {
		return nil, nil, finding.Finding{
			Rule: "migration-count", Severity: finding.Error, File: file,
			Message: fmt.Sprintf("one Migration was expected, the file holds %d documents", len(documents)),
			Hint:    "keep one Migration a file; `cutover init` writes a first one",
		}
	}
	m := &Migration{document: documents[0]}
	if err := m.checkHead(); err != nil {
		return nil, nil, err
	}
	if err := m.document.Decode(m); err != nil {
		return nil, nil, err
	}
	m.setLines()
	m.findings = m.check()
	if m.findings.Err() == nil {
		m.findings.Add(m.checkShape()...)
	}
	return m, m.findings, m.findings.Err()
}

// Findings gives the warnings and notes that loading made.
func (m *Migration) Findings() finding.List { return m.findings }

func (m *Migration) checkHead() error {
	if kind := m.document.Kind(); kind != Kind {
		return m.Finding("migration-kind", fmt.Sprintf("kind is %q, a Migration was expected", kind), "write kind: Migration", "kind")
	}
	if version := m.document.APIVersion(); version != APIVersion {
		return m.Finding("migration-version", fmt.Sprintf("apiVersion is %q, which this cutover does not know", version),
			"write apiVersion: "+APIVersion, "apiVersion")
	}
	return nil
}

func (m *Migration) setLines() {
	root := m.document.Root
	if nodes := document.Child(root, "workloads"); nodes != nil {
		for i := range m.Workloads {
			m.Workloads[i].Line = nodes.Content[i].Line
		}
	}
	if nodes := document.Child(root, "batches"); nodes != nil {
		for i := range m.Batches {
			m.Batches[i].Line = nodes.Content[i].Line
		}
	}
}

// File is the name under which the migration was read.
func (m *Migration) File() string { return m.document.File }

// Finding starts a finding of severity Error at the line of the field at keys; a key of
// digits counts into a list.
func (m *Migration) Finding(rule, message, hint string, keys ...string) finding.Finding {
	f := m.document.Finding(rule, message, hint, keys...)
	f.Object = ""
	return f
}

// Warning starts a finding of severity Warning, else as [Migration.Finding].
func (m *Migration) Warning(rule, message, hint string, keys ...string) finding.Finding {
	f := m.Finding(rule, message, hint, keys...)
	f.Severity = finding.Warning
	return f
}

// UnmarshalYAML reads a location from a plain path or from a mapping.
func (l *Location) UnmarshalYAML(node *yaml.Node) error {
	type plain Location
	if node.Kind == yaml.ScalarNode {
		*l = Location{Path: node.Value, Line: node.Line}
		return nil
	}
	if err := node.Decode((*plain)(l)); err != nil {
		return err
	}
	l.Line = node.Line
	return nil
}
