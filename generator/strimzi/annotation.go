package strimzi

import (
	"fmt"

	"go.yaml.in/yaml/v3"

	"cutover/generator/finding"
)

// annotation is one by which older operators could be asked to do something.
type annotation struct {
	name string
	// since is the release that no longer reads it.
	since string
	// instead is its present name, which the operators read since 0.10.0.
	instead string
}

// annotations gives what CHANGELOG 0.23.0 lists as removed.
func annotations() []annotation {
	return []annotation{
		{"cluster.operator.strimzi.io/delete-claim", "0.23.0", "strimzi.io/delete-claim"},
		{"operator.strimzi.io/generation", "0.23.0", "strimzi.io/generation"},
		{"operator.strimzi.io/delete-pod-and-pvc", "0.23.0", "strimzi.io/delete-pod-and-pvc"},
		{"operator.strimzi.io/manual-rolling-update", "0.23.0", "strimzi.io/manual-rolling-update"},
	}
}

// annotations finds annotations that the operator no longer reads, on the resource and in
// its templates.
func (l *linter) annotations(node *yaml.Node) {
	for i, child := range node.Content {
		if node.Kind == yaml.MappingNode {
			if i%2 == 0 {
				continue
			}
			if node.Content[i-1].Value == "annotations" {
				l.removedAnnotations(child)
			}
		}
		l.annotations(child)
	}
}

func (l *linter) removedAnnotations(mapping *yaml.Node) {
	for _, row := range annotations() {
		given, ok := entry(mapping, row.name)
		if !ok || Older(l.to.Strimzi, row.since) {
			continue
		}
		l.add(finding.Warning, "annotation-removed", given.key,
			fmt.Sprintf("the annotation %s is not read since Strimzi %s", row.name, row.since), "use "+row.instead)
	}
}
