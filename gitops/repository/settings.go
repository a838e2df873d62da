package repository

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"net/mail"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/go-git/go-git/v5/plumbing/format/config"
)

// Settings are what Git's configuration and the environment say of a commit.
type Settings struct {
	Author, Committer Signature
	// Handover says why only git itself can make the commit as it is configured: it has to
	// sign, to run hooks, or to read configuration that only it reads. Empty if nothing does.
	Handover []string
	// Signs tells that commits are signed, Hooks that a commit would run hooks, Includes that
	// there is configuration that only git reads.
	Signs, Hooks, Includes bool
}

// Settings reads the configuration. getenv is the environment; now is the time of the
// commit, where the environment gives none.
func (r *Repository) Settings(getenv func(string) string, now time.Time) (Settings, error) {
	merged := r.config
	var s Settings
	var err error
	if merged.is("commit", "gpgsign") {
		s.Signs, s.Handover = true, append(s.Handover, "commit.gpgsign asks for a signature")
	}
	if hook := r.hook(merged.get("core", "hookspath")); hook != "" {
		s.Hooks, s.Handover = true, append(s.Handover, "hook "+hook+" has to run")
	}
	if merged.includes || getenv("GIT_CONFIG_COUNT") != "" || getenv("GIT_CONFIG_PARAMETERS") != "" {
		s.Includes, s.Handover = true, append(s.Handover, "Git's configuration includes other files")
	}
	// An identity that stands in an included file is for git to find.
	if s.Author, err = merged.identity(getenv, "AUTHOR", now); err != nil && !s.Includes {
		return s, err
	}
	if s.Committer, err = merged.identity(getenv, "COMMITTER", now); err != nil && !s.Includes {
		return s, err
	}
	return s, nil
}

// configuration is the merged content of Git's configuration files.
type configuration struct {
	files []*config.Config
	// includes tells that files are included, which are not read here.
	includes bool
	// home is the user's folder; excludes, Git's default for core.excludesFile.
	home, excludes string
}

// get gives the last value of a setting, as Git does, or "".
func (c configuration) get(section, key string) string {
	for _, file := range slices.Backward(c.files) {
		if s := file.Section(section); s.HasOption(key) {
			return s.Option(key)
		}
	}
	return ""
}

// is tells whether a setting says yes.
func (c configuration) is(section, key string) bool {
	return slices.Contains([]string{"true", "yes", "on", "1"}, strings.ToLower(c.get(section, key)))
}

// readConfiguration reads the files that Git reads: the system's, the user's, the
// repository's and the worktree's.
func (r *Repository) readConfiguration(getenv func(string) string) (configuration, error) {
	home := getenv("HOME")
	user := orElse(getenv("XDG_CONFIG_HOME"), within(home, ".config"))
	system := orElse(getenv("GIT_CONFIG_SYSTEM"), "/etc/gitconfig")
	if getenv("GIT_CONFIG_NOSYSTEM") != "" {
		system = ""
	}
	paths := []string{system}
	if global := getenv("GIT_CONFIG_GLOBAL"); global != "" {
		paths = append(paths, global)
	} else {
		paths = append(paths, within(user, "git", "config"), within(home, ".gitconfig"))
	}
	paths = append(paths, filepath.Join(r.commonDir, "config"), filepath.Join(r.gitDir, "config.worktree"))
	merged := configuration{home: home, excludes: within(user, "git", "ignore")}
	for _, path := range paths {
		if path == "" {
			continue
		}
		content, err := os.ReadFile(path)
		if errors.Is(err, fs.ErrNotExist) {
			continue
		}
		if err != nil {
			return merged, fmt.Errorf("read Git's configuration: %w", err)
		}
		parsed := config.New()
		if err := config.NewDecoder(bytes.NewReader(content)).Decode(parsed); err != nil {
			return merged, refuse("git-config", path, "Git's configuration cannot be read: "+err.Error(), "correct it; git config --list says where it is wrong")
		}
		merged.files = append(merged.files, parsed)
		merged.includes = merged.includes || slices.ContainsFunc(parsed.Sections, func(s *config.Section) bool { return s.IsName("include") || s.IsName("includeif") })
	}
	return merged, nil
}

func orElse(value, otherwise string) string {
	if value == "" {
		return otherwise
	}
	return value
}

// within gives a path in a folder, or "" if there is no such folder to speak of.
func within(folder string, parts ...string) string {
	if folder == "" {
		return ""
	}
	return filepath.Join(append([]string{folder}, parts...)...)
}

// hook gives the first hook that a commit would run, or "".
func (r *Repository) hook(configured string) string {
	folder := filepath.Join(r.commonDir, "hooks")
	if configured != "" {
		folder = configured
		if !filepath.IsAbs(folder) {
			folder = filepath.Join(r.worktree, folder)
		}
		if strings.HasPrefix(configured, "~") {
			return "in core.hooksPath" // git knows whose home it is
		}
	}
	for _, name := range []string{"pre-commit", "prepare-commit-msg", "commit-msg", "post-commit"} {
		if info, err := os.Stat(filepath.Join(folder, name)); err == nil && info.Mode().IsRegular() && info.Mode()&0o111 != 0 {
			return name
		}
	}
	return ""
}

// identity gives the author or committer: from the environment, else author.* or
// committer.*, else user.*.
func (c configuration) identity(getenv func(string) string, role string, now time.Time) (Signature, error) {
	section := strings.ToLower(role)
	who := Signature{
		Name:  orElse(getenv("GIT_"+role+"_NAME"), orElse(c.get(section, "name"), c.get("user", "name"))),
		Email: orElse(getenv("GIT_"+role+"_EMAIL"), orElse(c.get(section, "email"), orElse(c.get("user", "email"), getenv("EMAIL")))),
		When:  now,
	}
	who.Name, who.Email = plain(who.Name), plain(who.Email)
	if who.Name == "" || who.Email == "" {
		return who, refuse("no-identity", "", "Git does not know who commits", `git config user.name "…" and git config user.email "…"`)
	}
	date := getenv("GIT_" + role + "_DATE")
	if date == "" {
		return who, nil
	}
	var err error
	if who.When, err = parseDate(date); err != nil {
		return who, refuse("date", "", fmt.Sprintf("GIT_%s_DATE %q is no date", role, date), "write it as 2030-01-31T12:00:00Z, or as seconds and zone: 1896048000 +0000")
	}
	return who, nil
}

// plain drops what would end a name or an email within a commit.
func plain(text string) string {
	return strings.TrimSpace(strings.Map(func(c rune) rune {
		if strings.ContainsRune("<>\n\r\x00", c) {
			return -1
		}
		return c
	}, text))
}

// parseDate reads the three forms of dates that git-commit documents.
func parseDate(text string) (time.Time, error) {
	seconds, zone, ok := strings.Cut(strings.TrimPrefix(text, "@"), " ")
	if number, err := strconv.ParseInt(seconds, 10, 64); err == nil && ok {
		place, err := time.Parse("-0700", zone)
		return time.Unix(number, 0).In(place.Location()), err
	}
	for _, layout := range []string{time.RFC3339, "2006-01-02T15:04:05-0700", "2006-01-02T15:04:05", "2006-01-02 15:04:05 -0700", "2006-01-02 15:04:05"} {
		if when, err := time.Parse(layout, text); err == nil {
			return when, nil
		}
	}
	return mail.ParseDate(text)
}
