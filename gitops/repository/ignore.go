package repository

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/go-git/go-git/v5/plumbing/format/gitignore"
)

// ignore collects the patterns of files that Git passes over, on the way down to them.
type ignore struct {
	patterns []gitignore.Pattern
}

// ignored reads the patterns of the user, of the repository, and of the folders above the
// migration's.
func (r *Repository) ignored() (*ignore, error) {
	ignored := &ignore{}
	own := orElse(r.config.get("core", "excludesfile"), r.config.excludes)
	if rest, ok := strings.CutPrefix(own, "~/"); ok {
		own = within(r.config.home, rest)
	}
	for _, file := range []string{own, filepath.Join(r.commonDir, "info", "exclude")} {
		if err := ignored.read(file, nil); err != nil {
			return nil, err
		}
	}
	if r.folder == "" {
		return ignored, nil
	}
	parts := strings.Split(r.folder, "/")
	for i := range parts {
		domain := parts[:i]
		if err := ignored.read(filepath.Join(r.worktree, filepath.Join(domain...), ".gitignore"), domain); err != nil {
			return nil, err
		}
	}
	return ignored, nil
}

// enter reads the patterns of a folder on the way into it.
func (i *ignore) enter(path, name string) error {
	var domain []string
	if name != "." {
		domain = strings.Split(name, "/")
	}
	return i.read(filepath.Join(path, ".gitignore"), domain)
}

func (i *ignore) read(file string, domain []string) error {
	content, err := os.ReadFile(file)
	if file == "" || errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("read the ignored files: %w", err)
	}
	for line := range strings.Lines(string(content)) {
		line = strings.TrimRight(line, "\r\n")
		if strings.TrimSpace(line) != "" && !strings.HasPrefix(line, "#") {
			i.patterns = append(i.patterns, gitignore.ParsePattern(line, domain))
		}
	}
	return nil
}

// match tells whether a file, or a folder that it is in, is ignored.
func (i *ignore) match(name string) bool {
	matcher := gitignore.NewMatcher(i.patterns)
	parts := strings.Split(name, "/")
	for end := 1; end < len(parts); end++ {
		if matcher.Match(parts[:end], true) {
			return true
		}
	}
	return matcher.Match(parts, false)
}
