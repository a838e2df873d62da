package tree_test

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/google/go-cmp/cmp"

	"cutover/generator/finding"
	"cutover/generator/tree"
)

const state = "clusters/target/kustomization.yaml"

func sample() tree.Tree {
	return tree.Tree{"README.md": []byte("one\n"), "releases/a/values.yaml": []byte("a: 1\n"), state: []byte("components:\n")}
}

func write(t *testing.T, dir string, content tree.Tree) tree.Changes {
	t.Helper()
	changes, err := tree.Write(tree.OS{}, dir, content, []string{state}, false)
	if err != nil {
		t.Fatal(err)
	}
	return changes
}

// snapshot reads a folder whole, so that two states can be compared.
func snapshot(t *testing.T, dir string) map[string]string {
	t.Helper()
	found := make(map[string]string)
	err := filepath.WalkDir(dir, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || !entry.Type().IsRegular() {
			return err
		}
		content, err := os.ReadFile(path)
		relative, _ := filepath.Rel(dir, path)
		found[relative] = string(content)
		return err
	})
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		t.Fatal(err)
	}
	return found
}

func TestASecondWriteChangesNothing(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "out")
	if changes := write(t, dir, sample()); len(changes.Added) != 4 {
		t.Errorf("four files are added, got %v", changes)
	}
	if changes := write(t, dir, sample()); !changes.Empty() {
		t.Errorf("nothing changes, got %v", changes)
	}
}

func TestAChangedTreeChangesOnlyWhatItTouches(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "out")
	write(t, dir, sample())
	changed := sample()
	delete(changed, "releases/a/values.yaml")
	changed["releases/b/values.yaml"] = []byte("b: 1\n")
	if err := os.WriteFile(filepath.Join(dir, "NOTES"), []byte("mine"), 0o600); err != nil {
		t.Fatal(err)
	}
	got := write(t, dir, changed)
	want := tree.Changes{Added: []string{"releases/b/values.yaml"}, Changed: []string{tree.SumFile}, Removed: []string{"releases/a/values.yaml"}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	if _, err := os.Stat(filepath.Join(dir, "releases/a")); !errors.Is(err, fs.ErrNotExist) {
		t.Error("the folder that was left empty is gone")
	}
	if found := snapshot(t, dir); found["NOTES"] != "mine" || len(found) != 5 {
		t.Errorf("what is not ours stays, got %v", found)
	}
}

func TestStateMayChangeWithoutCountingAsAnEdit(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "out")
	write(t, dir, sample())
	if err := os.WriteFile(filepath.Join(dir, state), []byte("components:\n- x\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	next := sample()
	next[state] = []byte("components:\n- x\n")
	if changes := write(t, dir, next); !changes.Empty() {
		t.Errorf("nothing changes, got %v", changes)
	}
}

func TestWriteRefuses(t *testing.T) {
	tests := map[string]struct {
		prepare func(t *testing.T, dir string)
		rule    string
	}{
		"a folder that is not empty and not ours": {func(t *testing.T, dir string) { put(t, dir, "thesis.txt", "years of work") }, "out-not-empty"},
		"to overwrite a file edited by hand": {func(t *testing.T, dir string) {
			write(t, dir, sample())
			put(t, dir, "README.md", "edited\n")
		}, "edited-by-hand"},
		"to remove a file edited by hand": {func(t *testing.T, dir string) {
			former := sample()
			former["old.yaml"] = []byte("x")
			write(t, dir, former)
			put(t, dir, "old.yaml", "edited\n")
		}, "edited-by-hand"},
		"to overwrite a file that others put there": {func(t *testing.T, dir string) {
			former := sample()
			delete(former, "README.md")
			write(t, dir, former)
			put(t, dir, "README.md", "mine\n")
		}, "not-ours"},
		"to follow a symlink out of the tree": {func(t *testing.T, dir string) {
			former := sample()
			delete(former, "releases/a/values.yaml")
			write(t, dir, former)
			if err := os.Symlink(t.TempDir(), filepath.Join(dir, "releases")); err != nil {
				t.Fatal(err)
			}
		}, "symlink"},
		"a sum file that nobody wrote": {func(t *testing.T, dir string) { put(t, dir, tree.SumFile, "what\n") }, "sum-file"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			dir := filepath.Join(t.TempDir(), "out")
			test.prepare(t, dir)
			before := snapshot(t, dir)
			_, err := tree.Write(tree.OS{}, dir, sample(), []string{state}, false)
			found := finding.From(err)
			if len(found) != 1 || found[0].Rule != test.rule || found[0].Hint == "" {
				t.Errorf("got %v, want one finding %s with a hint", err, test.rule)
			}
			if diff := cmp.Diff(before, snapshot(t, dir)); diff != "" {
				t.Errorf("the folder changed: %s", diff)
			}
		})
	}
}

func put(t *testing.T, dir, name, content string) {
	t.Helper()
	if err := os.MkdirAll(dir, 0o750); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, name), []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
}

// fullDisk fails one of its calls, as a disk does on which no space is left.
type fullDisk struct {
	tree.OS
	left int
}

func (d *fullDisk) take(op, name string) error {
	if d.left--; d.left == 0 {
		return &fs.PathError{Op: op, Path: name, Err: syscall.ENOSPC}
	}
	return nil
}

func (d *fullDisk) WriteFile(name string, content []byte) error {
	if err := d.take("write", name); err != nil {
		return err
	}
	return d.OS.WriteFile(name, content)
}

func (d *fullDisk) Rename(from, to string) error {
	if err := d.take("rename", to); err != nil {
		return err
	}
	return d.OS.Rename(from, to)
}

func TestAFullDiskLeavesTheFolderAsItWas(t *testing.T) {
	next := sample()
	next["README.md"] = []byte("two\n")
	next["releases/b/values.yaml"] = []byte("b: 1\n")
	delete(next, "releases/a/values.yaml")
	for _, existing := range []bool{false, true} {
		for step := 1; ; step++ {
			dir := filepath.Join(t.TempDir(), "out")
			if existing {
				write(t, dir, sample())
			}
			before := snapshot(t, dir)
			disk := &fullDisk{left: step}
			_, err := tree.Write(disk, dir, next, []string{state}, false)
			if disk.left > 0 {
				if err != nil {
					t.Fatal(err)
				}
				break // the disk outlasted the write
			}
			if err == nil || !strings.Contains(err.Error(), syscall.ENOSPC.Error()) {
				t.Fatalf("step %d: the cause is told, got %v", step, err)
			}
			if diff := cmp.Diff(before, snapshot(t, dir)); diff != "" {
				t.Fatalf("step %d: the folder changed: %s", step, diff)
			}
		}
	}
}
