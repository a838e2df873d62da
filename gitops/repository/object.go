package repository

import (
	"bytes"
	"fmt"
	"slices"
	"strings"

	"github.com/go-git/go-git/v5/plumbing"
	"github.com/go-git/go-git/v5/plumbing/filemode"
	"github.com/go-git/go-git/v5/plumbing/format/index"
	"github.com/go-git/go-git/v5/plumbing/object"
)

// write makes the objects of a commit that changes one file of its parent. They are of no
// consequence until a branch comes to them.
func (r *Repository) write(parent Hash, change Change) (commit, blob Hash, err error) {
	top, blob, err := r.writeTree(parent, change)
	if err != nil {
		return commit, blob, err
	}
	made := object.Commit{
		Author: gitSignature(change.Settings.Author), Committer: gitSignature(change.Settings.Committer),
		Message: change.Message, TreeHash: top, ParentHashes: []plumbing.Hash{parent},
	}
	encoded := r.git.Storer.NewEncodedObject()
	if err := made.Encode(encoded); err != nil {
		return commit, blob, fmt.Errorf("write the commit: %w", err)
	}
	commit, err = r.git.Storer.SetEncodedObject(encoded)
	return commit, blob, err
}

func gitSignature(s Signature) object.Signature {
	return object.Signature{Name: s.Name, Email: s.Email, When: s.When}
}

// writeTree writes the blob, and the trees above it.
func (r *Repository) writeTree(parent Hash, change Change) (top, blob Hash, err error) {
	root, err := r.root(parent)
	if err != nil {
		return top, blob, err
	}
	encoded := r.git.Storer.NewEncodedObject()
	encoded.SetType(plumbing.BlobObject)
	encoded.SetSize(int64(len(change.After)))
	writer, err := encoded.Writer()
	if err != nil {
		return top, blob, err
	}
	if _, err := writer.Write(change.After); err != nil {
		return top, blob, err
	}
	if err := writer.Close(); err != nil {
		return top, blob, err
	}
	if blob, err = r.git.Storer.SetEncodedObject(encoded); err != nil {
		return top, blob, err
	}
	top, err = r.graft(root, strings.Split(r.Path(change.Name), "/"), blob)
	return top, blob, err
}

// graft writes a tree that differs from another in one file.
func (r *Repository) graft(in *object.Tree, path []string, blob Hash) (Hash, error) {
	entries := slices.Clone(in.Entries)
	i := slices.IndexFunc(entries, func(e object.TreeEntry) bool { return e.Name == path[0] })
	if i < 0 || (entries[i].Mode == filemode.Dir) != (len(path) > 1) {
		return plumbing.ZeroHash, fmt.Errorf("%s is not in the commit", strings.Join(path, "/"))
	}
	entries[i].Hash = blob
	if len(path) > 1 {
		below, err := in.Tree(path[0])
		if err != nil {
			return plumbing.ZeroHash, err
		}
		if entries[i].Hash, err = r.graft(below, path[1:], blob); err != nil {
			return plumbing.ZeroHash, err
		}
	}
	encoded := r.git.Storer.NewEncodedObject()
	if err := (&object.Tree{Entries: entries}).Encode(encoded); err != nil {
		return plumbing.ZeroHash, err
	}
	return r.git.Storer.SetEncodedObject(encoded)
}

func encodeIndex(staged *index.Index) ([]byte, error) {
	var out bytes.Buffer
	err := index.NewEncoder(&out).Encode(staged)
	return out.Bytes(), err
}

func firstLine(text string) string {
	line, _, _ := strings.Cut(text, "\n")
	return line
}
