package repository

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/go-git/go-git/v5/plumbing"
	"github.com/go-git/go-git/v5/plumbing/filemode"
	"github.com/go-git/go-git/v5/plumbing/format/index"
	"github.com/go-git/go-git/v5/plumbing/object"

	"cutover/generator/finding"
)

// Clean finds what stands in the way of a step: an operation of Git's that is not over,
// anything staged anywhere, and anything modified, deleted or untracked in the migration's
// folder. An empty list is a clean folder. A bare repository is clean.
func (r *Repository) Clean() (finding.List, error) {
	if r.Bare() {
		return nil, nil
	}
	findings := r.busy()
	staged, written, err := r.index()
	if err != nil {
		return nil, err
	}
	head, err := r.Head()
	if err != nil {
		return nil, err
	}
	tracked, err := r.tracked(head.Commit)
	if err != nil {
		return nil, err
	}
	entries := make(map[string]*index.Entry, len(staged.Entries))
	for _, entry := range staged.Entries {
		entries[entry.Name] = entry
		was, ok := tracked[entry.Name]
		switch {
		case entry.Stage != 0:
			findings.Add(dirty(entry.Name, "the file is in conflict"))
		case !ok || was.Hash != entry.Hash || was.Mode != entry.Mode:
			findings.Add(dirty(entry.Name, "the file is staged"))
		}
	}
	for name := range tracked {
		if entries[name] == nil {
			findings.Add(dirty(name, "the file is staged for deletion"))
		}
	}
	changed, err := r.changed(entries, written)
	findings.Add(changed...)
	findings.Sort()
	return shorten(findings), err
}

// shown is how many files are named, of those that are not clean.
const shown = 5

// shorten names the first files that are not clean, and counts the others.
func shorten(findings finding.List) finding.List {
	seen := 0
	kept := slices.DeleteFunc(findings, func(f finding.Finding) bool {
		if f.Rule == ruleDirty {
			seen++
		}
		return f.Rule == ruleDirty && seen > shown
	})
	if seen > shown {
		kept.Add(dirty("", fmt.Sprintf("%d more files are not clean either", seen-shown)))
	}
	return kept
}

const ruleDirty = "dirty"

func dirty(name, what string) finding.Finding {
	return refuse(ruleDirty, name, what, "commit it, or put it aside with git stash --include-untracked; a step is a commit of its own")
}

// busy finds what Git has begun and not ended.
func (r *Repository) busy() finding.List {
	var findings finding.List
	for _, operation := range []struct{ file, name, end string }{
		{"MERGE_HEAD", "a merge", "git merge --continue, or --abort"},
		{"rebase-merge", "a rebase", "git rebase --continue, or --abort"},
		{"rebase-apply", "a rebase", "git rebase --continue, or --abort"},
		{"CHERRY_PICK_HEAD", "a cherry-pick", "git cherry-pick --continue, or --abort"},
		{"REVERT_HEAD", "a revert", "git revert --continue, or --abort"},
		{"BISECT_LOG", "a bisection", "git bisect reset"},
		{"index.lock", "another Git command", "wait for it; if none runs, remove index.lock"},
	} {
		if _, err := os.Lstat(filepath.Join(r.gitDir, operation.file)); err == nil {
			findings.Add(refuse("in-progress", "", operation.name+" is in progress in this checkout", operation.end))
		}
	}
	return findings
}

// index reads what is staged, and when the index was written.
func (r *Repository) index() (*index.Index, time.Time, error) {
	staged, err := r.git.Storer.Index()
	if err != nil {
		return nil, time.Time{}, refuse("index", "", "Git's index cannot be read: "+err.Error(), "a split or sparse index is not read: git update-index --no-split-index, git sparse-checkout reapply --no-sparse-index")
	}
	info, err := os.Stat(filepath.Join(r.gitDir, "index"))
	if errors.Is(err, fs.ErrNotExist) {
		return staged, time.Time{}, nil
	}
	if err != nil {
		return nil, time.Time{}, fmt.Errorf("read the index: %w", err)
	}
	return staged, info.ModTime(), nil
}

// tracked gives every file of a commit.
func (r *Repository) tracked(commit Hash) (map[string]object.TreeEntry, error) {
	root, err := r.root(commit)
	if err != nil {
		return nil, err
	}
	files := make(map[string]object.TreeEntry)
	walker := object.NewTreeWalker(root, true, nil)
	defer walker.Close()
	for {
		name, entry, err := walker.Next()
		if err != nil {
			break // the end; of a broken tree, files are missing, and count as staged
		}
		if entry.Mode != filemode.Dir {
			files[name] = entry
		}
	}
	return files, nil
}

// changed compares the migration's folder on disk with what is staged.
func (r *Repository) changed(entries map[string]*index.Entry, written time.Time) (finding.List, error) {
	var findings finding.List
	ignored, err := r.ignored()
	if err != nil {
		return nil, err
	}
	seen := make(map[string]bool)
	top := filepath.Join(r.worktree, filepath.FromSlash(r.folder))
	err = filepath.WalkDir(top, func(path string, file fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		relative, err := filepath.Rel(r.worktree, path)
		if err != nil {
			return err
		}
		name := filepath.ToSlash(relative)
		if file.IsDir() {
			if file.Name() == ".git" {
				return fs.SkipDir
			}
			return ignored.enter(path, name)
		}
		if file.Name() == ".git" {
			return nil
		}
		entry := entries[name]
		if entry == nil {
			if !ignored.match(name) {
				findings.Add(dirty(name, "the file is untracked"))
			}
			return nil
		}
		seen[name] = true
		same, err := r.same(path, entry, written)
		if err == nil && !same {
			findings.Add(dirty(name, "the file is modified"))
		}
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("read the migration's folder: %w", err)
	}
	for name, entry := range entries {
		if r.inside(name) && !seen[name] && !entry.SkipWorktree && entry.Mode != filemode.Submodule {
			findings.Add(dirty(name, "the file is deleted"))
		}
	}
	return findings, nil
}

func (r *Repository) inside(name string) bool {
	return r.folder == "" || strings.HasPrefix(name, r.folder+"/")
}

// same tells whether a file is what is staged. As Git does, it trusts size and time of a
// file that is older than the index, and reads the others.
func (r *Repository) same(path string, entry *index.Entry, written time.Time) (bool, error) {
	info, err := os.Lstat(path)
	if err != nil {
		return false, err
	}
	mode, err := filemode.NewFromOSFileMode(info.Mode())
	if err != nil || (mode != entry.Mode && (isLink(mode) || isLink(entry.Mode) || r.countsModes())) {
		return false, nil //nolint:nilerr // what has no mode in Git is not what is staged
	}
	if info.ModTime().Equal(entry.ModifiedAt) && info.ModTime().Before(written) && uint32(info.Size()) == entry.Size { //nolint:gosec // Git cuts the size off in the same way
		return true, nil
	}
	content, err := readFileOrLink(path, mode)
	return err == nil && plumbing.ComputeHash(plumbing.BlobObject, content) == entry.Hash, err
}

func isLink(mode filemode.FileMode) bool { return mode == filemode.Symlink }

func readFileOrLink(path string, mode filemode.FileMode) ([]byte, error) {
	if !isLink(mode) {
		return os.ReadFile(path)
	}
	target, err := os.Readlink(path)
	return []byte(target), err
}

// countsModes tells whether the executable bit counts as a change: core.fileMode.
func (r *Repository) countsModes() bool {
	return r.config.get("core", "filemode") == "" || r.config.is("core", "filemode")
}
