// Package invariant checks a generated tree against what must always hold of it: the
// numbered invariants of docs/architecture.md.
package invariant

import (
	"bytes"
	"fmt"
	"slices"
	"strings"

	"cutover/generator/argocd"
	"cutover/generator/document"
	"cutover/generator/finding"
	"cutover/generator/overlay"
	"cutover/generator/plan"
	"cutover/generator/render"
	"cutover/generator/tree"
)

// Check compares a tree with what its own migration and inventory generate, renders both
// clusters in their first, present and last phase, and goes every way back to its end. A nil
// generated tree (the input itself is wrong) leaves out the comparison.
func Check(files render.Files, generated tree.Tree) finding.List {
	var findings finding.List
	findings.Add(compare(files, generated)...)
	repository, err := render.Open(files)
	if err != nil {
		return append(findings, found(err)...)
	}
	for _, side := range plan.Sides() {
		findings.Add(checkSide(repository, side)...)
	}
	findings.Add(checkRollbacks(files, repository)...)
	return dedupe(findings)
}

func found(err error) finding.List {
	return finding.FromOr(err, finding.Finding{Rule: "invariant", Severity: finding.Error, Hint: "run `cutover generate` again"})
}

// compare finds generated files that are missing or say something else.
func compare(files render.Files, generated tree.Tree) finding.List {
	var findings finding.List
	if generated == nil {
		return nil
	}
	for _, path := range generated.Paths() {
		if slices.Contains(overlay.PointerPaths(), path) {
			continue
		}
		content, err := files.ReadFile(path)
		switch {
		case err != nil:
			findings.Add(finding.Finding{Rule: "file-missing", Severity: finding.Error, File: path, Message: "the generated file is missing", Hint: "run `cutover generate` again"})
		case !bytes.Equal(content, generated[path]):
			findings.Add(finding.Finding{Rule: "stale", Severity: finding.Error, File: path,
				Message: "it is not what migration.yaml and inventory.yaml generate", Hint: "run `cutover generate` again and review the change; never edit it by hand"})
		}
	}
	findings.Add(strays(files, generated)...)
	return findings
}

// strays finds phases, releases and files for Argo CD that no longer belong to the migration.
func strays(files render.Files, generated tree.Tree) finding.List {
	var findings finding.List
	for _, folder := range []string{"overlays", "releases", argocd.Folder} {
		present, err := files.List(folder)
		if err != nil {
			return found(err)
		}
		wanted, err := generated.List(folder)
		if err != nil {
			return found(err)
		}
		if folder == argocd.Folder && len(wanted) == 0 {
			continue // without gitops the folder is none of ours
		}
		for _, name := range present {
			if !slices.Contains(wanted, name) {
				findings.Add(finding.Finding{Rule: "stray", Severity: finding.Error, File: folder + "/" + name, Message: "it does not belong to this migration", Hint: "remove it"})
			}
		}
	}
	return findings
}

// checkSide renders a cluster in its first, present and last phase.
func checkSide(repository *render.Repository, side plan.Side) finding.List {
	var findings finding.List
	last := render.Folders(side, overlay.Forward(repository.Phases))
	for _, folders := range [][]string{nil, repository.Reached[side], last} {
		stream, err := repository.Render(side, folders)
		if err != nil {
			findings.Add(found(err)...)
			continue
		}
		findings.Add(CheckSecrets(side, stream)...)
	}
	return findings
}

// CheckSecrets looks for Secrets with a value in the stream: none may ever be in Git.
func CheckSecrets(side plan.Side, stream []byte) finding.List {
	if !bytes.Contains(stream, []byte("kind: Secret")) {
		return nil
	}
	var findings finding.List
	documents, err := document.Read(string(side), bytes.NewReader(stream), document.Limits{Bytes: int64(len(stream)), Nodes: 0})
	if err != nil {
		return found(err)
	}
	for _, d := range documents {
		if d.Kind() == "Secret" && (document.Has(d.Root, "data") || document.Has(d.Root, "stringData")) {
			findings.Add(finding.Finding{Rule: "secret-value", Severity: finding.Error, Object: d.Describe(),
				Message: fmt.Sprintf("the %s's stream holds a Secret with a value", side), Hint: "bring Secrets beside Git; see the runbook"})
		}
	}
	return findings
}

// dedupe drops findings that several phases tell alike.
func dedupe(findings finding.List) finding.List {
	seen := make(map[string]bool)
	return slices.DeleteFunc(findings, func(f finding.Finding) bool {
		key := strings.Join([]string{f.Rule, f.File, f.Object, f.Message}, "\x00")
		if seen[key] {
			return true
		}
		seen[key] = true
		return false
	})
}
