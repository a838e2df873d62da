package main

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"strings"

	"github.com/spf13/cobra"
	"go.yaml.in/yaml/v3"

	"cutover/generator/document"
	"cutover/generator/finding"
	"cutover/generator/inventory"
	"cutover/generator/strimzi"
)

func newConvert(s streams, p printer) *cobra.Command {
	var files []string
	var to string
	command := &cobra.Command{
		Use:   "convert -f FILE",
		Short: "Convert Strimzi resources to v1beta2, offline",
		Long: `convert prints the resources in API version v1beta2. Only what a rule of the conversion
names changes: comments, key order, quoting and unknown fields stay. Inline metrics become
a ConfigMap that stands before its resource. Other documents pass through.`,
		Example: `  cutover convert -f kafka.yaml --to amq-streams-1.8
  oc get kafka freight -o yaml | cutover convert -f -`,
		Args: cobra.NoArgs,
		RunE: func(command *cobra.Command, _ []string) error {
			version, err := parseVersion(to)
			if err != nil {
				return err
			}
			if len(files) == 0 {
				return usage("-f is missing", "name the resources: -f kafka.yaml")
			}
			out, findings, err := convertAll(command.Context(), inventory.Paths{Names: files, Stdin: s.in}, version)
			if err != nil {
				return err
			}
			p.findings(findings)
			return s.result(out)
		},
	}
	command.Flags().StringArrayVarP(&files, "filename", "f", nil, "files, folders, .tar.gz, or - for standard input")
	command.Flags().StringVar(&to, "to", "amq-streams-1.8", "target: amq-streams-1.7, amq-streams-1.8, strimzi-0.22 or strimzi-0.24")
	return command
}

func convertAll(ctx context.Context, source inventory.Source, version strimzi.Version) ([]byte, finding.List, error) {
	var out bytes.Buffer
	var findings finding.List
	err := source.Each(ctx, func(name string, content io.Reader) error {
		documents, err := document.Read(name, content, document.DefaultLimits())
		if err != nil {
			return err
		}
		var roots []*yaml.Node
		for _, d := range documents {
			converted, found, err := convertDocument(d, version)
			if err != nil {
				return err
			}
			findings.Add(found...)
			roots = append(roots, converted...)
		}
		if len(roots) > 0 && out.Len() > 0 {
			out.WriteString("---\n")
		}
		return document.Encode(&out, roots...)
	})
	return out.Bytes(), findings, err
}

// convertDocument converts a document, or each item of a List in its place.
func convertDocument(d document.Document, version strimzi.Version) ([]*yaml.Node, finding.List, error) {
	items, err := d.Items()
	if err != nil {
		return nil, nil, err
	}
	var roots []*yaml.Node
	var findings finding.List
	for _, item := range items {
		conversion, err := strimzi.Convert(item, version)
		if err != nil {
			return nil, nil, err
		}
		findings.Add(conversion.Findings...)
		for _, object := range conversion.Objects {
			roots = append(roots, object.Root)
		}
	}
	if len(items) == 1 && items[0].Root == d.Root {
		return roots, findings, nil
	}
	list := *d.Root
	list.Content = append([]*yaml.Node{}, d.Root.Content...)
	document.Set(&list, "items", &yaml.Node{Kind: yaml.SequenceNode, Tag: "!!seq", Content: roots})
	return []*yaml.Node{&list}, findings, nil
}

// parseVersion reads amq-streams-1.8 or strimzi-0.24.
func parseVersion(text string) (strimzi.Version, error) {
	i := strings.LastIndex(text, "-")
	if i > 0 {
		if version, err := strimzi.LookupVersion(strimzi.Distribution(text[:i]), text[i+1:]); err == nil {
			return version, nil
		}
	}
	var known []string
	for _, version := range strimzi.Versions() {
		known = append(known, string(version.Distribution)+"-"+version.Name)
	}
	return strimzi.Version{}, usage(fmt.Sprintf("--to %q is unknown", text), "write one of "+strings.Join(known, ", "))
}
