package repository

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/go-git/go-git/v5/plumbing"
)

// handOver lets git itself make the commit, which signs it and runs the hooks. What comes
// out must be exactly what was asked for.
func (r *Repository) handOver(ctx context.Context, change Change, head Head, back *undo) (Hash, error) {
	want, _, err := r.writeTree(head.Commit, change)
	if err != nil {
		return plumbing.ZeroHash, unwritten(".git/objects", err)
	}
	path := filepath.Join(r.gitDir, "index")
	index, err := os.ReadFile(path)
	if err != nil {
		return plumbing.ZeroHash, fmt.Errorf("read the index: %w", err)
	}
	arguments := []string{"commit", "--quiet", "--cleanup=verbatim", "--file=-", "--only", "--", r.Path(change.Name)}
	if change.Settings.Signs {
		arguments = slices.Insert(arguments, 1, "--gpg-sign")
	}
	back.add(func() error { return r.overwrite(path, index, nil) })
	if _, err := r.run(ctx, change, arguments...); err != nil {
		return plumbing.ZeroHash, err
	}
	branch := plumbing.NewBranchReferenceName(head.Branch)
	made, err := r.git.Reference(branch, true)
	if err != nil {
		return plumbing.ZeroHash, fmt.Errorf("read branch %s: %w", head.Branch, err)
	}
	commit, err := r.git.CommitObject(made.Hash())
	if err != nil {
		return plumbing.ZeroHash, fmt.Errorf("read the commit: %w", err)
	}
	if commit.TreeHash != want || !slices.Equal(commit.ParentHashes, []Hash{head.Commit}) || commit.Message != change.Message {
		var moved undo
		err := refuse("hook", change.Name, "a hook changed the commit, which was taken back", "let the hooks pass over commits whose subject begins with cutover(")
		return plumbing.ZeroHash, errors.Join(err, r.moveBranch(branch, made.Hash(), head.Commit, &moved))
	}
	return made.Hash(), nil
}

// handOverObject lets git make a commit of the given tree, on no branch yet, and sign it
// where commits are signed. No hooks run.
func (r *Repository) handOverObject(ctx context.Context, parent, top Hash, change Change) (Hash, error) {
	arguments := []string{"commit-tree", "-p", parent.String(), "-F", "-", top.String()}
	signs := change.Settings.Signs
	if change.Settings.Includes {
		answer, err := r.run(ctx, change, "config", "--type=bool", "--default=false", "--get", "commit.gpgsign")
		if err != nil {
			return plumbing.ZeroHash, err
		}
		signs = strings.TrimSpace(answer) == "true"
	}
	if signs {
		arguments = slices.Insert(arguments, 1, "-S")
	}
	out, err := r.run(ctx, change, arguments...)
	if err != nil {
		return plumbing.ZeroHash, err
	}
	return plumbing.NewHash(strings.TrimSpace(out)), nil
}

// run runs git in the checkout, with the message as its input.
func (r *Repository) run(ctx context.Context, change Change, arguments ...string) (string, error) {
	program, err := exec.LookPath("git")
	if err != nil {
		return "", refuse("git-missing", "", "only git itself can make this commit ("+strings.Join(change.Settings.Handover, "; ")+"), and it is not on the PATH",
			"install git, or leave out --commit and commit the file yourself")
	}
	command := exec.CommandContext(ctx, program, arguments...) //nolint:gosec // git itself; the arguments are ours
	command.Dir, command.Stdin, command.WaitDelay = r.worktree, strings.NewReader(change.Message), 5*time.Second
	if r.Bare() {
		command.Dir = r.gitDir
	}
	command.Env = os.Environ()
	for role, who := range map[string]Signature{"AUTHOR": change.Settings.Author, "COMMITTER": change.Settings.Committer} {
		if !who.When.IsZero() {
			command.Env = append(command.Env, fmt.Sprintf("GIT_%s_DATE=%d %s", role, who.When.Unix(), who.When.Format("-0700")))
		}
	}
	var out, complaint bytes.Buffer
	command.Stdout, command.Stderr = &out, &complaint
	if err := command.Run(); err != nil {
		return "", refuse("git", "", "git did not make the commit: "+strings.TrimSpace(orElse(complaint.String(), err.Error())), "correct what git says, and run it again; everything is as it was")
	}
	return out.String(), nil
}
