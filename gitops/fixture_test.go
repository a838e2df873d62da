package gitops_test

import (
	"context"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"github.com/go-git/go-git/v5"
	"github.com/go-git/go-git/v5/plumbing"
	"github.com/go-git/go-git/v5/plumbing/object"

	"cutover/generator"
	"cutover/generator/overlay"
	"cutover/generator/tree"
	"cutover/generator/workspace"
	"cutover/gitops"
	"cutover/gitops/repository"
)

const (
	freight = "../examples/freight"
	small   = "../cmd/cutover/testdata/small"
)

// noon is when everything in these tests happens.
var noon = time.Date(2030, 1, 31, 12, 0, 0, 0, time.UTC)

// environment is that of a person without any Git configuration of their own.
func environment(name string) string {
	return map[string]string{
		"GIT_CONFIG_NOSYSTEM": "1", "GIT_CONFIG_GLOBAL": os.DevNull,
		"GIT_AUTHOR_NAME": "Ada", "GIT_AUTHOR_EMAIL": "ada@example.com",
		"GIT_COMMITTER_NAME": "Ada", "GIT_COMMITTER_EMAIL": "ada@example.com",
	}[name]
}

func placeAt(dir string) gitops.Place {
	return gitops.Place{Dir: dir, Disk: repository.OS{}, Getenv: environment, Now: noon}
}

// generated are the examples' trees, which take their time and are made once.
var generated = map[string]func() (generator.Output, error){freight: sync.OnceValues(func() (generator.Output, error) { return generate(freight) }),
	small: sync.OnceValues(func() (generator.Output, error) { return generate(small) })}

func generate(dir string) (generator.Output, error) {
	input, err := workspace.Load(context.Background(), dir, dir)
	if err != nil {
		return generator.Output{}, err
	}
	return generator.Generate(input)
}

func treeOf(t *testing.T, example string) tree.Tree {
	t.Helper()
	output, err := generated[example]()
	if err != nil {
		t.Fatal(err)
	}
	return output.Tree
}

// begin makes a repository with an example's tree in folder, as its first commit. It gives
// the migration's folder.
func begin(t *testing.T, example, folder string) string {
	t.Helper()
	top := t.TempDir()
	repo, err := git.PlainInitWithOptions(top, &git.PlainInitOptions{InitOptions: git.InitOptions{DefaultBranch: plumbing.Main}})
	if err != nil {
		t.Fatal(err)
	}
	dir := filepath.Join(top, folder)
	if _, err := tree.Write(tree.OS{}, dir, treeOf(t, example), overlay.PointerPaths(), true); err != nil {
		t.Fatal(err)
	}
	checkout, err := repo.Worktree()
	if err != nil {
		t.Fatal(err)
	}
	if err := checkout.AddWithOptions(&git.AddOptions{All: true}); err != nil {
		t.Fatal(err)
	}
	who := &object.Signature{Name: "Ada", Email: "ada@example.com", When: noon}
	if _, err := checkout.Commit("begin", &git.CommitOptions{Author: who, Committer: who}); err != nil {
		t.Fatal(err)
	}
	return dir
}

func open(t *testing.T, dir string) *repository.Repository {
	t.Helper()
	r, err := repository.Open(dir, repository.OS{}, environment)
	if err != nil {
		t.Fatal(err)
	}
	return r
}
