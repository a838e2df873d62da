package fetch

import (
	"context"
	"errors"
	"net/url"
	"path"
	"path/filepath"
	"strings"

	getter "github.com/hashicorp/go-getter/v2"
)

// gitGetter is the getter.Getter of Git over https. It fetches one commit into a bare
// repository and takes the files out of it by git archive: no work tree, so no hooks,
// filters, submodules or symlinks, whatever the repository asks for.
type gitGetter struct {
	fetcher *Fetcher
	address address
	tree    *tree
	// blob is the file that the address names in the repository, if it is no folder.
	blob string
}

var _ getter.Getter = (*gitGetter)(nil)

// downloadGit fills the tree from a commit, or gives the file that the address names.
func (f *Fetcher) downloadGit(ctx context.Context, address address, stage *stage, tree *tree) (string, error) {
	git := &gitGetter{fetcher: f, address: address, tree: tree}
	request := &getter.Request{
		Src: string(overGit) + strings.TrimPrefix(address.url.String(), "https"),
		Dst: stage.path("download"), GetMode: getter.ModeDir,
	}
	_, err := only(git).Get(ctx, request)
	return git.blob, err
}

// Detect takes what the address was found to be: git over https.
func (g *gitGetter) Detect(request *getter.Request) (bool, error) {
	return request.Forced == "git", nil
}

// Mode is that of a folder: what lies within a repository is known after the fetch.
func (g *gitGetter) Mode(context.Context, *url.URL) (getter.Mode, error) { return getter.ModeDir, nil }

// GetFile is never asked for, since every request is one for a folder.
func (g *gitGetter) GetFile(context.Context, *getter.Request) error {
	return errors.New("git fetches folders")
}

// Get fetches the commit into request.Dst and the files into the tree.
func (g *gitGetter) Get(ctx context.Context, request *getter.Request) error {
	repository, err := g.fetcher.repository(request.Dst, g.address)
	if err != nil {
		return err
	}
	if err := repository.fetch(ctx); err != nil {
		return err
	}
	object, err := repository.object(ctx, g.address.within)
	if err != nil {
		return err
	}
	switch object.mode {
	case folderMode:
		return repository.archive(ctx, object, g.tree)
	case "100644", "100755":
		g.blob = filepath.Join(request.Dst, "file")
		return repository.file(ctx, object, g.blob)
	}
	return damaged{path.Base(g.address.within) + " is a symlink or a submodule"}
}
