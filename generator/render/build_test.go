package render_test

import (
	"bytes"
	"context"
	"maps"
	"strings"
	"sync"
	"testing"

	"cutover/generator"
	"cutover/generator/document"
	"cutover/generator/finding"
	"cutover/generator/overlay"
	"cutover/generator/plan"
	"cutover/generator/render"
	"cutover/generator/tree"
	"cutover/generator/workspace"
)

// generate makes the tree of generator/testdata/small once: it is the slow part of these tests.
var generate = sync.OnceValues(func() (tree.Tree, error) {
	in, err := workspace.Load(context.Background(), "../testdata/small", "")
	if err != nil {
		return nil, err
	}
	out, err := generator.Generate(in)
	return out.Tree, err
})

// small gives a copy of the small tree, with its sums.
func small(t testing.TB) tree.Tree {
	t.Helper()
	generated, err := generate()
	if err != nil {
		t.Fatal(err)
	}
	files := maps.Clone(generated)
	return sum(files)
}

// sum writes the digests anew, as if cutover had generated the files as they are.
func sum(files tree.Tree) tree.Tree {
	files[tree.SumFile] = files.Sum(overlay.PointerPaths()...).Marshal()
	return files
}

// replace changes a part of a file, which must be there.
func replace(t testing.TB, files tree.Tree, path, old, text string) {
	t.Helper()
	if !bytes.Contains(files[path], []byte(old)) {
		t.Fatalf("%s has no %q:\n%s", path, old, files[path])
	}
	files[path] = bytes.Replace(files[path], []byte(old), []byte(text), 1)
}

func open(t testing.TB, files tree.Tree) *render.Repository {
	t.Helper()
	repository, err := render.Open(files)
	if err != nil {
		t.Fatal(err)
	}
	return repository
}

// until gives the phases of one cluster up to one of any, all that lead forward for "".
func until(t testing.TB, r *render.Repository, side plan.Side, id string) []string {
	t.Helper()
	if id == "" {
		forward := overlay.Forward(r.Phases)
		id = forward[len(forward)-1].ID()
	}
	folders, err := r.Until(side, id)
	if err != nil {
		t.Fatal(err)
	}
	return folders
}

// objects reads a stream by the objects' names, and refuses one that holds an object twice.
func objects(t testing.TB, stream []byte) map[overlay.Object]any {
	t.Helper()
	documents, err := document.Read("stream", bytes.NewReader(stream), document.DefaultLimits())
	if err != nil {
		t.Fatal(err)
	}
	all := make(map[overlay.Object]any)
	for _, d := range documents {
		object := overlay.Object{APIVersion: d.APIVersion(), Kind: d.Kind(), Namespace: d.Namespace(), Name: d.Name()}
		if _, ok := all[object]; ok {
			t.Errorf("%s stands twice in the stream", object)
		}
		all[object] = document.Value(d.Root)
	}
	return all
}

func renderAt(t testing.TB, r *render.Repository, side plan.Side, id string) map[overlay.Object]any {
	t.Helper()
	stream, err := r.Render(side, until(t, r, side, id))
	if err != nil {
		t.Fatal(err)
	}
	return objects(t, stream)
}

// wantRule checks that an error is one finding of a rule in a file, whose message holds a text.
func wantRule(t testing.TB, err error, rule, file, message string) {
	t.Helper()
	found := finding.From(err)
	if len(found) != 1 {
		t.Fatalf("got %v, want one finding", err)
	}
	f := found[0]
	if f.Rule != rule || f.File != file || !strings.Contains(f.Message, message) || f.Hint == "" {
		t.Errorf("got %+v, want %s in %s with %q", f, rule, file, message)
	}
}
