// Package repository is the thin end towards Git: it opens the repository that a
// migration's folder is part of, reads trees and history, tells whether the folder is
// clean, and writes the commits of steps. It works in linked worktrees, subfolders,
// shallow and detached checkouts and, for reading, in bare repositories.
package repository

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/go-git/go-git/v5"
	"github.com/go-git/go-git/v5/plumbing"
	"github.com/go-git/go-git/v5/plumbing/storer"
	"github.com/go-git/go-git/v5/storage/filesystem"

	"cutover/generator/finding"
	"cutover/generator/tree"
)

// Hash names a commit or another object of Git's.
type Hash = plumbing.Hash

// Repository is a Git repository and the folder of a migration within it.
type Repository struct {
	git *git.Repository
	// worktree is the top folder of the checkout, "" in a bare repository.
	worktree string
	// gitDir is where HEAD and the index are; commonDir, where branches are. They differ in
	// a linked worktree.
	gitDir, commonDir string
	// folder is where the migration is within the repository, slash-separated, "" at its top.
	folder string
	config configuration
	disk   Disk
	blobs  map[Hash][]byte
}

// Open opens the repository that dir, the folder of a migration, is part of. In a bare
// repository it is the only folder of HEAD that holds a generated tree. getenv is the
// environment, which says where Git's configuration is.
func Open(dir string, disk Disk, getenv func(string) string) (*Repository, error) {
	real, err := filepath.Abs(dir)
	if err == nil {
		real, err = filepath.EvalSymlinks(real)
	}
	if err != nil {
		return nil, refuse("unreadable", dir, "the folder cannot be read: "+cause(err), "name the folder of a generated migration")
	}
	r := &Repository{disk: disk, blobs: make(map[Hash][]byte)}
	r.git, err = git.PlainOpenWithOptions(real, &git.PlainOpenOptions{DetectDotGit: !isGitFolder(real), EnableDotGitCommonDir: true})
	switch {
	case errors.Is(err, git.ErrRepositoryNotExists):
		return nil, refuse("no-repository", dir, "the folder is in no Git repository", "git init, then commit what `cutover generate` wrote")
	case err != nil:
		return nil, refuse("repository", dir, "the Git repository cannot be opened: "+err.Error(), "cutover reads repositories with SHA-1 names and branches in files; git itself may be newer")
	}
	if err := r.locate(real); err != nil {
		return nil, err
	}
	r.config, err = r.readConfiguration(getenv)
	return r, err
}

// isGitFolder tells whether a folder is a bare repository itself, and not part of a checkout.
func isGitFolder(dir string) bool {
	for _, name := range []string{"HEAD", "objects", "refs"} {
		if _, err := os.Stat(filepath.Join(dir, name)); err != nil {
			return false
		}
	}
	return true
}

// locate finds the repository's folders, and the migration's within it.
func (r *Repository) locate(dir string) error {
	storage, ok := r.git.Storer.(*filesystem.Storage)
	if !ok {
		return fmt.Errorf("open %s: the repository is not on disk", dir)
	}
	r.gitDir = storage.Filesystem().Root()
	r.commonDir = r.gitDir
	if content, err := os.ReadFile(filepath.Join(r.gitDir, "commondir")); err == nil {
		r.commonDir = strings.TrimSpace(string(content))
		if !filepath.IsAbs(r.commonDir) {
			r.commonDir = filepath.Join(r.gitDir, r.commonDir)
		}
	}
	checkout, err := r.git.Worktree()
	if errors.Is(err, git.ErrIsBareRepository) {
		return r.locateBare(dir)
	}
	if err != nil {
		return fmt.Errorf("open %s: %w", dir, err)
	}
	if r.worktree, err = filepath.EvalSymlinks(checkout.Filesystem.Root()); err != nil {
		return fmt.Errorf("open %s: %w", dir, err)
	}
	relative, err := filepath.Rel(r.worktree, dir)
	if err != nil || !filepath.IsLocal(relative) {
		return refuse("no-repository", dir, "the folder is not in the checkout of its repository", "name the folder of a generated migration")
	}
	if relative != "." {
		r.folder = filepath.ToSlash(relative)
	}
	if _, err := os.Lstat(filepath.Join(dir, tree.SumFile)); errors.Is(err, fs.ErrNotExist) {
		return refuse("not-a-tree", dir, "the folder holds no generated migration", "name the folder that `cutover generate` wrote: the one with "+tree.SumFile)
	}
	return nil
}

func (r *Repository) locateBare(dir string) error {
	head, err := r.Head()
	if err != nil {
		return err
	}
	root, err := r.root(head.Commit)
	if err != nil {
		return err
	}
	var folders []string
	walker := root.Files()
	defer walker.Close()
	for {
		file, err := walker.Next()
		if err != nil {
			break
		}
		if folder, found := strings.CutSuffix("/"+file.Name, "/"+tree.SumFile); found {
			folders = append(folders, strings.TrimPrefix(folder, "/"))
		}
	}
	if len(folders) != 1 {
		return refuse("not-a-tree", dir, fmt.Sprintf("the bare repository holds %d generated migrations at HEAD, not one", len(folders)), "check the repository out, and name the migration's folder")
	}
	r.folder = folders[0]
	return nil
}

// Bare tells that there is no checkout to change.
func (r *Repository) Bare() bool { return r.worktree == "" }

// Path gives the path of a migration's file within the repository.
func (r *Repository) Path(name string) string {
	return strings.TrimPrefix(r.folder+"/"+name, "/")
}

// Folder is where the migration is within the repository, "." at its top.
func (r *Repository) Folder() string {
	if r.folder == "" {
		return "."
	}
	return r.folder
}

// Head is the commit that is checked out.
type Head struct {
	// Branch is the name of the branch, "" for a detached HEAD.
	Branch string
	Commit Hash
}

// Head gives the commit that is checked out.
func (r *Repository) Head() (Head, error) {
	reference, err := r.git.Reference(plumbing.HEAD, false)
	if err != nil {
		return Head{}, fmt.Errorf("read HEAD: %w", err)
	}
	if reference.Type() == plumbing.HashReference {
		return Head{Commit: reference.Hash()}, nil
	}
	branch := reference.Target()
	reference, err = storer.ResolveReference(r.git.Storer, branch)
	if err != nil {
		return Head{}, refuse("no-commit", "", "branch "+branch.Short()+" has no commit yet", "commit what `cutover generate` wrote first")
	}
	return Head{Branch: branch.Short(), Commit: reference.Hash()}, nil
}

// Resolve gives the commit that a revision names: a branch, a tag, a hash, HEAD~2. A
// branch that is only known at origin is found as well.
func (r *Repository) Resolve(revision string) (Hash, error) {
	for _, name := range []string{revision, "origin/" + revision} {
		if hash, err := r.git.ResolveRevision(plumbing.Revision(name)); err == nil && r.Has(*hash) {
			return *hash, nil
		}
	}
	hint := "correct its name; in CI fetch it first: git fetch origin " + revision
	if r.Shallow() {
		hint = "the checkout is shallow: fetch all of the history (fetch-depth: 0), or git fetch --unshallow"
	}
	return plumbing.ZeroHash, refuse("unknown-revision", "", fmt.Sprintf("revision %q is not in this repository", revision), hint)
}

// Has tells whether a commit is in the repository.
func (r *Repository) Has(commit Hash) bool {
	_, err := r.git.CommitObject(commit)
	return err == nil
}

// Shallow tells that the history was cut off when it was fetched.
func (r *Repository) Shallow() bool {
	cut, err := r.git.Storer.Shallow()
	return err == nil && len(cut) > 0
}

// cutOff tells whether the parents of a commit were not fetched.
func (r *Repository) cutOff(commit Hash) bool {
	cut, err := r.git.Storer.Shallow()
	return err == nil && slices.Contains(cut, commit)
}

func refuse(rule, file, message, hint string) finding.Finding {
	return finding.Finding{Rule: rule, Severity: finding.Error, File: file, Message: message, Hint: hint}
}

func cause(err error) string {
	var path *fs.PathError
	if errors.As(err, &path) {
		return path.Err.Error()
	}
	return err.Error()
}
