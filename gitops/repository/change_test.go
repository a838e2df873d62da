package repository_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"cutover/gitops/repository"
)

func TestACommitIsWhatGitWouldMake(t *testing.T) {
	places := map[string]func(t *testing.T) *fixture{
		"at the top of a repository": func(t *testing.T) *fixture { return newFixture(t, "") },
		"in a folder of it":          func(t *testing.T) *fixture { return newFixture(t, "a/b") },
		"in a linked worktree": func(t *testing.T) *fixture {
			f := newFixture(t, "a")
			linked := filepath.Join(t.TempDir(), "linked")
			f.git("worktree", "add", "--quiet", "-b", "linked", linked)
			f.top, f.dir = linked, filepath.Join(linked, "a")
			return f
		},
		"with packed branches and objects": func(t *testing.T) *fixture {
			f := newFixture(t, "")
			f.git("gc", "--quiet")
			return f
		},
		"with an index of version 4": func(t *testing.T) *fixture {
			f := newFixture(t, "")
			f.git("update-index", "--index-version", "4")
			return f
		},
	}
	for name, place := range places {
		t.Run(name, func(t *testing.T) {
			f := place(t)
			r, head := f.open(), f.git("rev-parse", "HEAD")
			if dirty, err := r.Clean(); err != nil || len(dirty) > 0 {
				t.Fatalf("clean: %v %v", dirty, err)
			}
			commit, err := apply(r, f.change(r))
			if err != nil {
				t.Fatal(err)
			}
			if status := f.git("status", "--porcelain"); status != "" {
				t.Errorf("git status: %s", status)
			}
			if got := f.git("rev-parse", "HEAD", "HEAD~1"); got != commit.String()+"\n"+head {
				t.Errorf("HEAD is %s", got)
			}
			if got := f.git("diff", "HEAD~1", "--numstat"); got != "1\t0\t"+r.Path(pointer) {
				t.Errorf("the commit changes %s", got)
			}
			if got := f.git("log", "-1", "--format=%an %ae %at %cn %s %(trailers:only)"); got != "Ada ada@example.com 1896091200 Ada one Trailer: x" {
				t.Errorf("log: %s", got)
			}
			if got := f.git("reflog", "-1", "--format=%gs"); got != "commit: one" {
				t.Errorf("reflog: %s", got)
			}
			f.git("fsck", "--strict")
		})
	}
}

func TestABranchIsMadeFirst(t *testing.T) {
	t.Run("from a detached HEAD", func(t *testing.T) {
		f := newFixture(t, "")
		f.git("checkout", "--quiet", "--detach")
		r := f.open()
		change := f.change(r)
		if _, err := apply(r, change); ruleOf(err) != "detached-head" {
			t.Error(err)
		}
		change.Branch = "steps/one"
		if _, err := apply(r, change); err != nil {
			t.Fatal(err)
		}
		if got := f.git("log", "--format=%s", "steps/one") + f.git("branch", "--show-current") + f.git("status", "--porcelain"); got != "one\nbeginsteps/one" {
			t.Error(got)
		}
	})
	refused := map[string]struct{ prepare, branch, rule string }{
		"one that is elsewhere":            {"commit --quiet --allow-empty -m more", "taken", "branch-exists"},
		"one of another worktree":          {"worktree add --quiet linked taken", "taken", "branch-exists"},
		"one whose name is none":           {"status", "a..b", "branch-name"},
		"one below a branch of that name":  {"status", "main/below", "write"},
		"one that begins with a hyphen":    {"status", "-f", "branch-name"},
		"one that another process locked ": {"status", "locked", "write"},
	}
	for name, test := range refused {
		t.Run("and refused: "+name, func(t *testing.T) {
			f := newFixture(t, "")
			f.git("branch", "taken")
			f.write(".git/refs/heads/locked.lock", "")
			f.git(strings.Fields(test.prepare)...)
			state, r := f.state(), f.open()
			change := f.change(r)
			change.Branch = test.branch
			if _, err := apply(r, change); ruleOf(err) != test.rule {
				t.Errorf("got %v", err)
			}
			if now := f.state(); now != state {
				t.Errorf("the repository changed from\n%s\nto\n%s", state, now)
			}
		})
	}
}

// TestADiskThatFailsLeavesTheRepositoryAsItWas fails each write in turn, until none is left.
func TestADiskThatFailsLeavesTheRepositoryAsItWas(t *testing.T) {
	for _, branch := range []string{"", "new"} {
		for call := 1; ; call++ {
			f := newFixture(t, "a")
			state := f.state()
			disk := &failing{left: call}
			r := f.openOn(disk)
			change := f.change(r)
			change.Branch = branch
			_, err := apply(r, change)
			if disk.left > 0 {
				if err != nil || call < 6 {
					t.Fatalf("after %d calls: %v", call, err)
				}
				break // the disk outlasted the step
			}
			if ruleOf(err) != "write" {
				t.Fatalf("call %d: %v", call, err)
			}
			if now := f.state(); now != state {
				t.Fatalf("call %d changed the repository from\n%s\nto\n%s", call, state, now)
			}
			if leftover, _ := filepath.Glob(filepath.Join(f.top, ".git", "*.lock")); len(leftover) > 0 {
				t.Fatalf("call %d leaves %v", call, leftover)
			}
		}
	}
}

func TestTheIndexOfAnotherGitIsWaitedFor(t *testing.T) {
	f := newFixture(t, "")
	f.write(".git/index.lock", "")
	r := f.open()
	if found, err := r.Clean(); err != nil || len(found) != 1 || found[0].Rule != "in-progress" {
		t.Error(found, err)
	}
	if _, err := apply(r, f.change(r)); ruleOf(err) != "write" {
		t.Error(err)
	}
	if content, err := os.ReadFile(filepath.Join(f.dir, pointer)); err != nil || string(content) != before {
		t.Errorf("the pointer is %q", content)
	}
}

func TestGitItselfCommitsWhereOnlyItCan(t *testing.T) {
	const signer = "#!/bin/sh\ncat > /dev/null\necho '[GNUPG:] SIG_CREATED ' >&2\nprintf -- '-----BEGIN PGP SIGNATURE-----\\n\\nnot a real one\\n-----END PGP SIGNATURE-----\\n'\n"
	tests := map[string]struct {
		prepare func(f *fixture)
		reason  string
		rule    string
		signed  bool
	}{
		"commits are signed": {func(f *fixture) {
			f.script("signer", signer)
			f.git("config", "gpg.program", filepath.Join(f.env["HOME"], "signer"))
			f.git("config", "commit.gpgsign", "true")
		}, "commit.gpgsign", "", true},
		"commits are signed, and the signer fails": {func(f *fixture) {
			f.script("signer", "#!/bin/sh\nexit 1\n")
			f.git("config", "gpg.program", filepath.Join(f.env["HOME"], "signer"))
			f.git("config", "commit.gpgsign", "true")
		}, "commit.gpgsign", "git", false},
		"a hook passes":            {func(f *fixture) { f.hook("commit-msg", "grep -q Trailer \"$1\"") }, "hook commit-msg", "", false},
		"a hook refuses":           {func(f *fixture) { f.hook("pre-commit", "echo no; exit 1") }, "hook pre-commit", "git", false},
		"a hook edits the message": {func(f *fixture) { f.hook("commit-msg", "echo more >> \"$1\"") }, "hook commit-msg", "hook", false},
		"a hook adds a file":       {func(f *fixture) { f.hook("pre-commit", "echo x > added; git add added") }, "hook pre-commit", "hook", false},
		"hooks are elsewhere": {func(f *fixture) {
			f.script("hooks/pre-commit", "#!/bin/sh\nexit 1\n")
			f.git("config", "core.hooksPath", filepath.Join(f.env["HOME"], "hooks"))
		}, "hook pre-commit", "git", false},
		"the identity is in an included file": {func(f *fixture) {
			f.script("more", "[user]\nname = Grace\nemail = grace@example.com\n")
			f.git("config", "include.path", filepath.Join(f.env["HOME"], "more"))
		}, "includes other files", "", false},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			f := newFixture(t, "a")
			test.prepare(f)
			for name, value := range f.env {
				t.Setenv(name, value)
			}
			state, r := f.state(), f.open()
			change := f.change(r)
			if len(change.Settings.Handover) != 1 || !strings.Contains(change.Settings.Handover[0], test.reason) {
				t.Fatalf("handed over because of %v", change.Settings.Handover)
			}
			commit, err := apply(r, change)
			if ruleOf(err) != test.rule {
				t.Fatalf("got %v", err)
			}
			if test.rule != "" {
				os.Remove(filepath.Join(f.top, "added")) // what a hook leaves behind is the hook's
				if now := f.state(); now != state {
					t.Errorf("the repository changed from\n%s\nto\n%s", state, now)
				}
				return
			}
			if got := f.git("status", "--porcelain") + f.git("log", "-1", "--format=%H %at"); got != commit.String()+" 1896091200" {
				t.Errorf("got %s", got)
			}
			if signed := strings.Contains(f.git("cat-file", "commit", "HEAD"), "gpgsig"); signed != test.signed {
				t.Errorf("signed: %t", signed)
			}
		})
	}
}

func (f *fixture) script(name, content string) {
	path := filepath.Join(f.env["HOME"], name)
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		f.t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(content), 0o755); err != nil {
		f.t.Fatal(err)
	}
}

func (f *fixture) hook(name, body string) {
	f.write(".git/hooks/"+name, "#!/bin/sh\n"+body+"\n")
	if err := os.Chmod(filepath.Join(f.top, ".git/hooks", name), 0o755); err != nil {
		f.t.Fatal(err)
	}
}

func TestAChainIsSignedToo(t *testing.T) {
	f := newFixture(t, "")
	f.script("signer", "#!/bin/sh\ncat > /dev/null\necho '[GNUPG:] SIG_CREATED ' >&2\nprintf -- '-----BEGIN PGP SIGNATURE-----\\n\\nx\\n-----END PGP SIGNATURE-----\\n'\n")
	f.git("config", "gpg.program", filepath.Join(f.env["HOME"], "signer"))
	f.git("config", "commit.gpgsign", "true")
	for name, value := range f.env {
		t.Setenv(name, value)
	}
	r := f.open()
	head, err := r.Head()
	if err != nil {
		t.Fatal(err)
	}
	chain, err := r.Chain("chain", head.Commit)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := chain.Add(t.Context(), f.change(r)); err != nil {
		t.Fatal(err)
	}
	if err := chain.Name(); err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(f.git("cat-file", "commit", "chain"), "gpgsig") || f.git("status", "--porcelain") != "" {
		t.Error("the commit is not signed, or the checkout was touched")
	}
	if _, err := r.Chain("chain", head.Commit); ruleOf(err) != "branch-exists" {
		t.Error(err)
	}
}

func TestWithoutGitSigningFailsClearly(t *testing.T) {
	f := newFixture(t, "")
	f.git("config", "commit.gpgsign", "true")
	state, r := f.state(), f.open()
	path := os.Getenv("PATH")
	t.Setenv("PATH", t.TempDir())
	_, err := apply(r, f.change(r))
	t.Setenv("PATH", path)
	if ruleOf(err) != "git-missing" {
		t.Error(err)
	}
	if now := f.state(); now != state {
		t.Errorf("the repository changed to %s", now)
	}
}

var _ repository.Disk = (*failing)(nil)
