package invariant

import (
	"bytes"
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strings"

	"cutover/generator/document"
	"cutover/generator/finding"
	"cutover/generator/overlay"
	"cutover/generator/plan"
	"cutover/generator/render"
)

// checkRollbacks goes every way back to its end, and finds the workloads there as they
// began: the source's running as they did, the target's at zero.
func checkRollbacks(files render.Files, repository *render.Repository) finding.List {
	var findings finding.List
	began := make(map[plan.Side]map[overlay.Object]any)
	for side, name := range map[plan.Side]string{plan.Source: plan.SourceWorkloads, plan.Target: plan.TargetWorkloads} {
		path := "releases/" + name + "/manifests.yaml"
		content, err := files.ReadFile(path)
		if err != nil {
			continue // a migration without workloads on this cluster
		}
		if began[side], err = values(path, content); err != nil {
			return found(err)
		}
	}
	seen := make(map[string]bool)
	for _, rollback := range repository.Rollbacks() {
		for _, side := range plan.Sides() {
			folders := render.Folders(side, rollback.Phases)
			// Where a cluster stands alike when two rollbacks begin, they end alike there.
			if key := string(side) + strings.Join(folders, " "); !seen[key] {
				seen[key] = true
				findings.Add(checkEnd(repository, side, rollback.From, folders, began[side])...)
			}
		}
	}
	return findings
}

// checkEnd renders a cluster at the end of a rollback.
func checkEnd(repository *render.Repository, side plan.Side, from overlay.PhaseRef, folders []string, began map[overlay.Object]any) finding.List {
	stream, err := repository.RenderPatched(side, folders)
	if err != nil {
		return found(err)
	}
	now, err := values(string(side), stream)
	if err != nil {
		return found(err)
	}
	var findings finding.List
	for _, object := range slices.SortedFunc(maps.Keys(began), func(a, b overlay.Object) int { return strings.Compare(a.String(), b.String()) }) {
		if !reflect.DeepEqual(now[object], began[object]) {
			findings.Add(finding.Finding{Rule: "rollback", Severity: finding.Error, Object: object.String(), Phase: from.ID(),
				Message: fmt.Sprintf("the rollback from here does not bring it back to what it was on the %s when the migration began", side),
				Hint:    "run `cutover generate` again"})
		}
	}
	return findings
}

// values gives the objects of a stream.
func values(path string, content []byte) (map[overlay.Object]any, error) {
	documents, err := document.Read(path, bytes.NewReader(content), document.Limits{Bytes: int64(len(content)), Nodes: 0})
	if err != nil {
		return nil, err
	}
	all := make(map[overlay.Object]any)
	for _, d := range documents {
		all[overlay.Object{APIVersion: d.APIVersion(), Kind: d.Kind(), Namespace: d.Namespace(), Name: d.Name()}] = document.Value(d.Root)
	}
	return all, nil
}
