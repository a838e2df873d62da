package repository

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"

	"github.com/go-git/go-git/v5/plumbing"

	"cutover/generator/finding"
)

// Change is the one file that a step changes, and the commit that it becomes.
type Change struct {
	// Name is the file within the migration's folder.
	Name string
	// Before is what the file must hold now, After what it will.
	Before, After []byte
	// Branch is made and checked out first, where it is not "".
	Branch string
	// Commit asks for a commit with Message; without it the file alone is written.
	Commit   bool
	Message  string
	Settings Settings
}

// Apply writes the file, and commits it where asked. After an error the checkout is as it
// was: file, index, branch and HEAD. The commit is [plumbing.ZeroHash] where none was made.
func (r *Repository) Apply(ctx context.Context, change Change) (commit Hash, err error) {
	head, err := r.Head()
	if err != nil {
		return commit, err
	}
	var back undo
	defer func() {
		if err != nil {
			err = back.run(err)
		}
	}()
	if change.Branch != "" {
		if err := r.switchTo(change.Branch, head, &back); err != nil {
			return commit, err
		}
		head.Branch = change.Branch
	}
	if change.Commit && head.Branch == "" {
		return commit, refuse("detached-head", "", "HEAD is on no branch, so the commit would be lost", "git switch BRANCH, or name a new one with --branch")
	}
	if err := r.replace(change, &back); err != nil {
		return commit, err
	}
	switch {
	case !change.Commit:
		return commit, nil
	case len(change.Settings.Handover) > 0:
		return r.handOver(ctx, change, head, &back)
	}
	return r.commit(change, head, &back)
}

// undo remembers the opposite of everything that was done.
type undo []func() error

func (u *undo) add(opposite func() error) { *u = append(*u, opposite) }

// run takes everything back, the last first.
func (u *undo) run(err error) error {
	for _, opposite := range slices.Backward(*u) {
		if failed := opposite(); failed != nil {
			err = errors.Join(err, fmt.Errorf("and what was done could not be taken back: %w", failed))
		}
	}
	return err
}

// replace writes the file beside its place and moves it there.
func (r *Repository) replace(change Change, back *undo) error {
	name := r.onDisk(change.Name)
	info, err := os.Lstat(name)
	if err != nil || !info.Mode().IsRegular() {
		return refuse("unreadable", change.Name, "the pointer is no file", "take it back from Git")
	}
	if err := r.disk.Writable(name); err != nil {
		return unwritten(change.Name, err)
	}
	write := func(content []byte) error {
		beside := filepath.Join(filepath.Dir(name), ".cutover.pointer")
		if err := r.disk.Create(beside, content, info.Mode().Perm()); err != nil {
			return err
		}
		if err := r.disk.Rename(beside, name); err != nil {
			return errors.Join(err, r.disk.Remove(beside))
		}
		return nil
	}
	if err := write(change.After); err != nil {
		return unwritten(change.Name, err)
	}
	back.add(func() error {
		// The file gets its time back as well, so that Git need not look into it.
		return errors.Join(write(change.Before), os.Chtimes(name, info.ModTime(), info.ModTime()))
	})
	return nil
}

func (r *Repository) onDisk(name string) string {
	return filepath.Join(r.worktree, filepath.FromSlash(r.Path(name)))
}

func unwritten(name string, err error) error {
	return refuse("write", name, "the file cannot be written, and everything is as it was: "+cause(err), "make room or correct the permissions, and run it again")
}

// commit writes the commit, stages the file as it has it, and moves the branch on.
func (r *Repository) commit(change Change, head Head, back *undo) (Hash, error) {
	commit, blob, err := r.write(head.Commit, change)
	if err != nil {
		return plumbing.ZeroHash, unwritten(".git/objects", err)
	}
	if err := r.stage(change.Name, blob, back); err != nil {
		return plumbing.ZeroHash, unwritten(".git/index", err)
	}
	branch := plumbing.NewBranchReferenceName(head.Branch)
	if err := r.moveBranch(branch, head.Commit, commit, back); err != nil {
		return plumbing.ZeroHash, err
	}
	r.remember(branch, head.Commit, commit, change)
	return commit, nil
}

// stage puts a file's new content into the index.
func (r *Repository) stage(name string, blob Hash, back *undo) error {
	staged, _, err := r.index()
	if err != nil {
		return err
	}
	entry, err := staged.Entry(r.Path(name))
	if err != nil {
		return err
	}
	info, err := os.Lstat(r.onDisk(name))
	if err != nil {
		return err
	}
	entry.Hash, entry.ModifiedAt, entry.Size = blob, info.ModTime(), uint32(info.Size()) //nolint:gosec // Git cuts the size off in the same way
	entry.CreatedAt, entry.Inode = identify(info)
	content, err := encodeIndex(staged)
	if err != nil {
		return err
	}
	path := filepath.Join(r.gitDir, "index")
	former, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	if err := r.overwrite(path, content, nil); err != nil {
		return err
	}
	back.add(func() error { return r.overwrite(path, former, nil) })
	return nil
}

// overwrite changes one of Git's own files as Git does: whoever makes the file NAME.lock
// may, and moves it into place. check has the last word while nobody else may write.
func (r *Repository) overwrite(path string, content []byte, check func() error) error {
	lock := path + ".lock"
	mode := fs.FileMode(0o644)
	if info, err := os.Stat(path); err == nil {
		mode = info.Mode().Perm()
	}
	if err := r.disk.Create(lock, content, mode); err != nil {
		return err
	}
	if check != nil {
		if err := check(); err != nil {
			return errors.Join(err, r.disk.Remove(lock))
		}
	}
	if err := r.disk.Rename(lock, path); err != nil {
		return errors.Join(err, r.disk.Remove(lock))
	}
	return nil
}

// moveBranch moves a branch on, if it still is where it was.
func (r *Repository) moveBranch(branch plumbing.ReferenceName, from, to Hash, back *undo) error {
	path := filepath.Join(r.commonDir, filepath.FromSlash(branch.String()))
	former, readErr := os.ReadFile(path)
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		return unwritten(branch.Short(), err)
	}
	err := r.overwrite(path, []byte(to.String()+"\n"), func() error {
		now, err := r.git.Reference(branch, true)
		if errors.Is(err, plumbing.ErrReferenceNotFound) && from.IsZero() {
			return nil
		}
		if err != nil || now.Hash() != from {
			return finding.Finding{Rule: "moved", Severity: finding.Error, Message: "branch " + branch.Short() + " was moved by somebody else meanwhile", Hint: "look at what came, and run it again"}
		}
		return nil
	})
	if err != nil {
		if len(finding.From(err)) > 0 {
			return err
		}
		return unwritten(branch.Short(), err)
	}
	back.add(func() error {
		if readErr != nil {
			return r.disk.Remove(path) // it was packed, or was not there
		}
		return r.overwrite(path, former, nil)
	})
	return nil
}

// switchTo checks out a branch at the present commit, which changes no file. A branch that
// is elsewhere is refused.
func (r *Repository) switchTo(name string, head Head, back *undo) error {
	if name == head.Branch {
		return nil
	}
	branch, err := branchName(name)
	if err != nil {
		return err
	}
	there, err := r.git.Reference(branch, true)
	switch {
	case err == nil && there.Hash() != head.Commit:
		return refuse("branch-exists", "", "branch "+name+" exists and is at another commit", "check it out with git switch, or choose another name")
	case err == nil && r.checkedOut(branch):
		return refuse("branch-exists", "", "branch "+name+" is checked out in another worktree", "work there, or choose another name")
	case err != nil:
		if err := r.moveBranch(branch, plumbing.ZeroHash, head.Commit, back); err != nil {
			return err
		}
	}
	path := filepath.Join(r.gitDir, "HEAD")
	former, err := os.ReadFile(path)
	if err != nil {
		return unwritten(".git/HEAD", err)
	}
	if err := r.overwrite(path, []byte("ref: "+branch.String()+"\n"), nil); err != nil {
		return unwritten(".git/HEAD", err)
	}
	back.add(func() error { return r.overwrite(path, former, nil) })
	return nil
}

func branchName(name string) (plumbing.ReferenceName, error) {
	branch := plumbing.NewBranchReferenceName(name)
	if err := branch.Validate(); err != nil || name[0] == '-' {
		return branch, refuse("branch-name", "", fmt.Sprintf("%q is no name of a branch", name), "use letters, digits, - and /, such as cutover/freight")
	}
	return branch, nil
}

// checkedOut tells whether a worktree of the repository has a branch checked out.
func (r *Repository) checkedOut(branch plumbing.ReferenceName) bool {
	heads, err := filepath.Glob(filepath.Join(r.commonDir, "worktrees", "*", "HEAD"))
	if err != nil {
		return false
	}
	for _, path := range append(heads, filepath.Join(r.commonDir, "HEAD")) {
		if content, err := os.ReadFile(path); err == nil && string(content) == "ref: "+branch.String()+"\n" {
			return true
		}
	}
	return false
}

// remember writes the move of the branch into the reflogs that are kept. They are a
// convenience: a step does not fail for them.
func (r *Repository) remember(branch plumbing.ReferenceName, from, to Hash, change Change) {
	who := change.Settings.Committer
	subject := firstLine(change.Message)
	line := fmt.Sprintf("%s %s %s <%s> %d %s\tcommit: %s\n", from, to, who.Name, who.Email, who.When.Unix(), who.When.Format("-0700"), subject)
	for _, path := range []string{filepath.Join(r.gitDir, "logs", "HEAD"), filepath.Join(r.commonDir, "logs", filepath.FromSlash(branch.String()))} {
		_ = r.disk.Append(path, []byte(line))
	}
}
