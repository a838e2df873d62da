package repository

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"path"
	"slices"

	"github.com/go-git/go-git/v5/plumbing"
	"github.com/go-git/go-git/v5/plumbing/filemode"
	"github.com/go-git/go-git/v5/plumbing/object"
)

// Snapshot is the migration's folder as a commit has it, without a checkout. It serves
// rendering as a folder on disk does.
type Snapshot struct {
	repository *Repository
	commit     Hash
	// tree is the migration's folder, nil where the commit has none.
	tree *object.Tree
}

// At opens the migration's folder as a commit has it.
func (r *Repository) At(commit Hash) (*Snapshot, error) {
	root, err := r.root(commit)
	if err != nil {
		return nil, err
	}
	if r.folder == "" {
		return &Snapshot{r, commit, root}, nil
	}
	folder, err := root.Tree(r.folder)
	if errors.Is(err, object.ErrDirectoryNotFound) {
		return &Snapshot{r, commit, nil}, nil
	}
	if err != nil {
		return nil, fmt.Errorf("read %s at %s: %w", r.folder, Short(commit), err)
	}
	return &Snapshot{r, commit, folder}, nil
}

func (r *Repository) root(commit Hash) (*object.Tree, error) {
	found, err := r.git.CommitObject(commit)
	if err != nil {
		return nil, fmt.Errorf("read commit %s: %w", Short(commit), err)
	}
	root, err := found.Tree()
	if err != nil {
		return nil, fmt.Errorf("read the tree of %s: %w", Short(commit), err)
	}
	return root, nil
}

// Short is the beginning of a commit's name, as people write it.
func Short(commit Hash) string { return commit.String()[:10] }

// ReadFile gives a file of the folder, or an error that is [fs.ErrNotExist]. A symlink is
// no file: what it points to may be outside.
func (s *Snapshot) ReadFile(name string) ([]byte, error) {
	hash, err := s.Entry(name)
	if err != nil {
		return nil, err
	}
	if content, ok := s.repository.blobs[hash]; ok {
		return content, nil
	}
	blob, err := s.repository.git.BlobObject(hash)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	reader, err := blob.Reader()
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	content, err := io.ReadAll(reader)
	if err := errors.Join(err, reader.Close()); err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	s.repository.blobs[hash] = content // a chain of steps reads the same bulk again and again
	return content, nil
}

// Entry gives the name of a file's content, or an error that is [fs.ErrNotExist]: equal
// names are equal files, without reading either.
func (s *Snapshot) Entry(name string) (Hash, error) {
	if s.tree == nil {
		return plumbing.ZeroHash, fmt.Errorf("%s: %w", name, fs.ErrNotExist)
	}
	entry, err := s.tree.FindEntry(name)
	if err != nil || (entry.Mode != filemode.Regular && entry.Mode != filemode.Executable) {
		return plumbing.ZeroHash, fmt.Errorf("%s: %w", name, fs.ErrNotExist)
	}
	return entry.Hash, nil
}

// List gives the names in a folder, sorted; nothing for a folder that is not there.
func (s *Snapshot) List(folder string) ([]string, error) {
	if s.tree == nil {
		return nil, nil
	}
	found, err := s.tree.Tree(folder)
	if errors.Is(err, object.ErrDirectoryNotFound) || errors.Is(err, object.ErrEntryNotFound) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("%s: %w", folder, err)
	}
	names := make([]string, len(found.Entries))
	for i, entry := range found.Entries {
		names[i] = entry.Name
	}
	slices.Sort(names)
	return names, nil
}

// Walk calls visit with every file of the folder, in order.
func (s *Snapshot) Walk(visit func(name string, content []byte) error) error {
	if s.tree == nil {
		return nil
	}
	walker := object.NewTreeWalker(s.tree, true, nil)
	defer walker.Close()
	for {
		name, entry, err := walker.Next()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return fmt.Errorf("walk %s: %w", Short(s.commit), err)
		}
		if entry.Mode != filemode.Regular && entry.Mode != filemode.Executable {
			continue
		}
		content, err := s.ReadFile(name)
		if err != nil {
			return err
		}
		if err := visit(path.Clean(name), content); err != nil {
			return err
		}
	}
}

// Changed gives the files of the folder that differ from another commit's, sorted.
func (s *Snapshot) Changed(before *Snapshot) ([]string, error) {
	changes, err := object.DiffTree(before.tree, s.tree)
	if err != nil {
		return nil, fmt.Errorf("compare %s with %s: %w", Short(before.commit), Short(s.commit), err)
	}
	var names []string
	for _, change := range changes {
		names = append(names, change.From.Name, change.To.Name)
	}
	slices.Sort(names)
	return slices.DeleteFunc(slices.Compact(names), func(name string) bool { return name == "" }), nil
}
