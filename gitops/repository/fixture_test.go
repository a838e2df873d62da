package repository_test

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"cutover/generator/finding"
	"cutover/gitops/repository"
)

const (
	pointer = "clusters/target/kustomization.yaml"
	before  = "components:\n"
	after   = "components:\n- one\n"
)

// fixture is a repository with something like a migration in folder, made by git itself.
type fixture struct {
	t *testing.T
	// top is the checkout, dir the migration's folder in it.
	top, dir string
	env      map[string]string
}

func newFixture(t *testing.T, folder string) *fixture {
	t.Helper()
	top, err := filepath.EvalSymlinks(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	f := &fixture{t, top, filepath.Join(top, folder), map[string]string{
		"PATH": os.Getenv("PATH"), "HOME": t.TempDir(), "GIT_CONFIG_NOSYSTEM": "1",
		"GIT_AUTHOR_NAME": "Ada", "GIT_AUTHOR_EMAIL": "ada@example.com", "GIT_COMMITTER_NAME": "Ada", "GIT_COMMITTER_EMAIL": "ada@example.com",
	}}
	f.git("init", "--quiet", "--initial-branch=main")
	f.write(filepath.Join(folder, ".cutover.sum"), "")
	f.write(filepath.Join(folder, pointer), before)
	f.write(filepath.Join(folder, "README.md"), "the runbook\n")
	f.write("other.txt", "others work here too\n")
	f.git("add", "--all")
	f.git("commit", "--quiet", "-m", "begin")
	return f
}

func (f *fixture) getenv(name string) string { return f.env[name] }

func (f *fixture) git(arguments ...string) string {
	f.t.Helper()
	return f.gitIn(f.top, arguments...)
}

func (f *fixture) gitIn(dir string, arguments ...string) string {
	f.t.Helper()
	command := exec.Command("git", arguments...)
	command.Dir = dir
	for name, value := range f.env {
		command.Env = append(command.Env, name+"="+value)
	}
	out, err := command.CombinedOutput()
	if err != nil {
		f.t.Fatalf("git %v: %v\n%s", arguments, err, out)
	}
	return strings.TrimSpace(string(out))
}

func (f *fixture) write(name, content string) {
	f.t.Helper()
	path := filepath.Join(f.top, name)
	if err := errors.Join(os.MkdirAll(filepath.Dir(path), 0o755), os.WriteFile(path, []byte(content), 0o644)); err != nil {
		f.t.Fatal(err)
	}
}

func (f *fixture) open() *repository.Repository { return f.openOn(repository.OS{}) }

func (f *fixture) openOn(disk repository.Disk) *repository.Repository {
	f.t.Helper()
	r, err := repository.Open(f.dir, disk, f.getenv)
	if err != nil {
		f.t.Fatal(err)
	}
	return r
}

// state is what git itself says of the checkout.
func (f *fixture) state() string {
	f.t.Helper()
	return strings.Join([]string{f.git("status", "--porcelain"), f.git("rev-parse", "HEAD"), f.git("branch", "--all"), f.git("stash", "list"), f.git("ls-files", "--stage")}, "\n")
}

func (f *fixture) change(r *repository.Repository) repository.Change {
	f.t.Helper()
	settings, err := r.Settings(f.getenv, time.Date(2030, 1, 31, 12, 0, 0, 0, time.UTC))
	if err != nil {
		f.t.Fatal(err)
	}
	return repository.Change{Name: pointer, Before: []byte(before), After: []byte(after), Commit: true, Message: "one\n\nTrailer: x\n", Settings: settings}
}

func ruleOf(err error) string {
	if found := finding.From(err); len(found) > 0 {
		return found[0].Rule
	}
	return ""
}

// failing is a disk that fails one of its calls, as one does that is full.
type failing struct {
	repository.OS
	left int
}

func (d *failing) take(name string) error {
	if d.left--; d.left == 0 {
		return &fs.PathError{Op: "write", Path: name, Err: syscall.ENOSPC}
	}
	return nil
}

func (d *failing) Create(name string, content []byte, mode fs.FileMode) error {
	if err := d.take(name); err != nil {
		return err
	}
	return d.OS.Create(name, content, mode)
}

func (d *failing) Rename(from, to string) error {
	if err := d.take(to); err != nil {
		return err
	}
	return d.OS.Rename(from, to)
}

func (d *failing) Writable(name string) error {
	if err := d.take(name); err != nil {
		return err
	}
	return d.OS.Writable(name)
}

func apply(r *repository.Repository, change repository.Change) (repository.Hash, error) {
	return r.Apply(context.Background(), change)
}
