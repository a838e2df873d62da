package repository_test

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"cutover/gitops/repository"
)

func TestWhatIsNotCleanIsTold(t *testing.T) {
	tests := map[string]struct {
		prepare func(f *fixture)
		// want are the files found, with what is said of them; none for a clean folder.
		want []string
	}{
		"nothing":                       {func(*fixture) {}, nil},
		"a modified file in the folder": {func(f *fixture) { f.write("a/README.md", "edited\n") }, []string{"a/README.md: the file is modified"}},
		"one of the same length":        {func(f *fixture) { f.write("a/README.md", "the RUNBOOK\n") }, []string{"a/README.md: the file is modified"}},
		"a modified file elsewhere":     {func(f *fixture) { f.write("other.txt", "edited\n") }, nil},
		"one that was only touched":     {func(f *fixture) { f.write("a/README.md", "the runbook\n") }, nil},
		"a deleted file in the folder":  {func(f *fixture) { os.Remove(filepath.Join(f.dir, "README.md")) }, []string{"a/README.md: the file is deleted"}},
		"an untracked file in it":       {func(f *fixture) { f.write("a/new/x.yaml", "x\n") }, []string{"a/new/x.yaml: the file is untracked"}},
		"an untracked file elsewhere":   {func(f *fixture) { f.write("new.txt", "x\n") }, nil},
		"a file staged elsewhere":       {func(f *fixture) { f.write("other.txt", "x\n"); f.git("add", "other.txt") }, []string{"other.txt: the file is staged"}},
		"a file staged as new":          {func(f *fixture) { f.write("new.txt", "x\n"); f.git("add", "new.txt") }, []string{"new.txt: the file is staged"}},
		"a file staged for deletion":    {func(f *fixture) { f.git("rm", "--quiet", "other.txt") }, []string{"other.txt: the file is staged for deletion"}},
		"a file that is executable now": {func(f *fixture) { os.Chmod(filepath.Join(f.dir, "README.md"), 0o755) }, []string{"a/README.md: the file is modified"}},
		"a symlink in a file's place":   {func(f *fixture) { link(f, "README.md") }, []string{"a/README.md: the file is modified"}},
		"a file that modes do not count": {func(f *fixture) {
			f.git("config", "core.fileMode", "false")
			os.Chmod(filepath.Join(f.dir, "README.md"), 0o755)
		}, nil},
		"an ignored file":              {func(f *fixture) { f.ignore(".gitignore", "*.tmp"); f.write("a/x.tmp", "") }, nil},
		"an ignored folder":            {func(f *fixture) { f.ignore("a/.gitignore", "/build/"); f.write("a/build/x/y", "") }, nil},
		"an exclusion of this clone's": {func(f *fixture) { f.write(".git/info/exclude", "x\n"); f.write("a/x", "") }, nil},
		"the user's own exclusions": {func(f *fixture) {
			f.script("excludes", "x\n")
			f.git("config", "core.excludesFile", "~/excludes")
			f.write("a/x", "")
		}, nil},
		"an exception from the ignored": {func(f *fixture) { f.ignore(".gitignore", "*.tmp\n!keep.tmp"); f.write("a/keep.tmp", "") }, []string{"a/keep.tmp: the file is untracked"}},
		"a merge in conflict":           {func(f *fixture) { f.conflict() }, []string{"a merge is in progress in this checkout", "other.txt: the file is in conflict", "other.txt: the file is in conflict", "other.txt: the file is in conflict"}},
		"a rebase":                      {func(f *fixture) { f.write(".git/rebase-merge/head-name", "refs/heads/main\n") }, []string{"a rebase is in progress in this checkout"}},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			f := newFixture(t, "a")
			test.prepare(f)
			found, err := f.open().Clean()
			if err != nil {
				t.Fatal(err)
			}
			var got []string
			for _, one := range found {
				got = append(got, one.Error())
				if one.Hint == "" {
					t.Errorf("%s has no hint", one.Error())
				}
			}
			slices.Sort(got)
			slices.Sort(test.want)
			if !slices.Equal(got, test.want) {
				t.Errorf("got %q, want %q", got, test.want)
			}
		})
	}
}

func link(f *fixture, name string) {
	path := filepath.Join(f.dir, name)
	os.Remove(path)
	if err := os.Symlink("../other.txt", path); err != nil {
		f.t.Fatal(err)
	}
}

func (f *fixture) ignore(file, pattern string) {
	f.write(file, pattern+"\n")
	f.git("add", "--all")
	f.git("commit", "--quiet", "-m", "ignore")
}

func (f *fixture) conflict() {
	f.git("switch", "--quiet", "-c", "theirs")
	f.write("other.txt", "theirs\n")
	f.git("commit", "--quiet", "-am", "theirs")
	f.git("switch", "--quiet", "main")
	f.write("other.txt", "ours\n")
	f.git("commit", "--quiet", "-am", "ours")
	f.git("-c", "alias.try=!git merge --quiet theirs || true", "try")
}

func TestManyFilesAreCounted(t *testing.T) {
	f := newFixture(t, "")
	for _, name := range strings.Split("abcdefgh", "") {
		f.write(name, "x")
	}
	found, err := f.open().Clean()
	if err != nil || len(found) != 6 || !strings.Contains(found[5].Message, "3 more") {
		t.Errorf("%v %v", found, err)
	}
}

func TestOpenRefuses(t *testing.T) {
	f := newFixture(t, "a")
	tests := map[string]struct{ dir, rule string }{
		"a folder that is not there":              {filepath.Join(f.top, "nowhere"), "unreadable"},
		"a folder in no repository":               {t.TempDir(), "no-repository"},
		"a repository with no migration in there": {f.top, "not-a-tree"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			if _, err := repository.Open(test.dir, repository.OS{}, f.getenv); ruleOf(err) != test.rule {
				t.Errorf("got %v", err)
			}
		})
	}
}

func TestReadingNeedsNoCheckout(t *testing.T) {
	f := newFixture(t, "a")
	r := f.open()
	if _, err := apply(r, f.change(r)); err != nil {
		t.Fatal(err)
	}
	bare := filepath.Join(t.TempDir(), "bare.git")
	f.git("clone", "--quiet", "--bare", f.top, bare)
	shallow := filepath.Join(t.TempDir(), "shallow")
	f.git("clone", "--quiet", "--depth=1", "--no-single-branch", "file://"+f.top, shallow)
	f.gitIn(shallow, "checkout", "--quiet", "--detach")
	for name, dir := range map[string]string{"bare": bare, "shallow and detached": filepath.Join(shallow, "a")} {
		t.Run(name, func(t *testing.T) {
			r, err := repository.Open(dir, repository.OS{}, f.getenv)
			if err != nil {
				t.Fatal(err)
			}
			head, err := r.Head()
			if err != nil {
				t.Fatal(err)
			}
			at, err := r.At(head.Commit)
			if err != nil {
				t.Fatal(err)
			}
			if content, err := at.ReadFile(pointer); err != nil || string(content) != after {
				t.Errorf("%q %v", content, err)
			}
			if names, err := at.List("clusters"); err != nil || !slices.Equal(names, []string{"target"}) {
				t.Errorf("%v %v", names, err)
			}
			count := 0
			if err := r.Walk(head.Commit, func(repository.Commit) (bool, error) { count++; return true, nil }); err != nil {
				t.Error(err)
			}
			if want := map[string]int{"bare": 2}[name]; count != max(want, 1) {
				t.Errorf("%d commits", count)
			}
			if _, err := r.Resolve("HEAD~1"); (err == nil) != (name == "bare") {
				t.Error(err)
			}
			if clean, err := r.Clean(); err != nil || len(clean) > 0 {
				t.Error(clean, err)
			}
		})
	}
}

func TestALineIsNoMergeAndBeginsAtItsBase(t *testing.T) {
	f := newFixture(t, "")
	commit := func(branch, from string) {
		f.git("switch", "--quiet", "-c", branch, from)
		f.git("commit", "--quiet", "--allow-empty", "-m", branch)
	}
	commit("one", "main")
	commit("two", "one")
	commit("side", "main")
	commit("merged", "two")
	f.git("merge", "--quiet", "--no-ff", "-m", "merge", "side")
	r := f.open()
	for _, test := range []struct {
		base, head, rule string
		length           int
	}{{"main", "two", "", 2}, {"two", "two", "", 0}, {"side", "two", "diverged", 0}, {"main", "merged", "merge-commit", 0}} {
		base, baseErr := r.Resolve(test.base)
		head, headErr := r.Resolve(test.head)
		line, err := r.Line(base, head)
		if baseErr != nil || headErr != nil || ruleOf(err) != test.rule || len(line) != test.length {
			t.Errorf("%s..%s: %d commits, %v", test.base, test.head, len(line), err)
		}
	}
	if _, err := r.Resolve("nowhere"); ruleOf(err) != "unknown-revision" {
		t.Error(err)
	}
}
