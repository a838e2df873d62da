package fetch

import (
	"cmp"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"regexp"
	"slices"
	"strings"

	"cutover/generator/document"
	"cutover/generator/finding"
)

// LockFile is where the lock lies, relative to the Migration's folder.
const LockFile = Folder + "/cutover.lock"

const (
	lockAPIVersion = "cutover/v1alpha1"
	lockKind       = "VendorLock"
	lockHeader     = "# Written by cutover vendor. Every other command holds vendor/ against it.\n"
)

// Lock records what was vendored, one entry a location. Its zero value is the lock of
// a Migration that names no URL.
type Lock struct {
	// Locations are in the order of their names, which are unique.
	Locations []Locked
}

// Locked is the record of one vendored location.
type Locked struct {
	// Name is that of the [Request].
	Name string `yaml:"name"`
	// URL is the location's, without user, password, query and fragment.
	URL string `yaml:"url"`
	// Checksum is the sha256:HEX that the download had; empty for git.
	Checksum string `yaml:"checksum,omitempty"`
	// Commit is what git brought; empty for the others.
	Commit string `yaml:"commit,omitempty"`
	// Path is the file or folder to read, slash separated and relative to vendor/: a
	// lone file, a Helm chart's folder, or the folder that bears the name.
	Path string `yaml:"path"`
	// Digest is sha256:HEX over the files' paths and contents.
	Digest string `yaml:"digest"`
	// Files counts them.
	Files int `yaml:"files"`
}

type lockDocument struct {
	APIVersion string   `yaml:"apiVersion"`
	Kind       string   `yaml:"kind"`
	Locations  []Locked `yaml:"locations"`
}

// ReadLock reads vendor/cutover.lock below the Migration's folder. Where there is none
// the lock is empty. A lock that nobody could have written with [Lock.Marshal] is an
// error of type [finding.Finding].
func ReadLock(fsys fs.FS) (Lock, error) {
	file, err := fsys.Open(LockFile)
	if errors.Is(err, fs.ErrNotExist) {
		return Lock{}, nil
	}
	if err != nil {
		return Lock{}, fmt.Errorf("read the lock: %w", err)
	}
	defer file.Close() //nolint:errcheck // opened for reading
	documents, err := document.Read(LockFile, file, document.Limits{Bytes: 4 << 20})
	if err != nil {
		return Lock{}, err
	}
	if len(documents) != 1 {
		return Lock{}, lockProblem(0, "", "the lock is no single YAML document")
	}
	var content lockDocument
	if err := documents[0].Decode(&content); err != nil {
		return Lock{}, err
	}
	if content.APIVersion != lockAPIVersion || content.Kind != lockKind {
		return Lock{}, lockProblem(1, "", fmt.Sprintf("the lock is no %s of %s", lockKind, lockAPIVersion))
	}
	return Lock{Locations: content.Locations}, checkLock(content.Locations)
}

func lockProblem(line int, object, message string) finding.Finding {
	return finding.Finding{
		Rule: ruleLock, Severity: finding.Error, File: LockFile, Line: line, Object: object,
		Message: message, Hint: "delete " + LockFile + " and run cutover vendor",
	}
}

// checkLock refuses entries that would lead a reader out of vendor/<name>.
func checkLock(locations []Locked) error {
	var findings finding.List
	seen := map[string]bool{}
	for _, l := range locations {
		switch {
		case !namePattern.MatchString(l.Name):
			findings.Add(lockProblem(0, "", fmt.Sprintf("an entry has the name %.80q", l.Name)))
		case seen[l.Name]:
			findings.Add(lockProblem(0, l.Name, "the name stands twice"))
		case !l.sound():
			findings.Add(lockProblem(0, l.Name, "the entry is not as it was written"))
		}
		seen[l.Name] = true
	}
	return findings.Err()
}

// addressPattern leaves no room for a user or a query.
var addressPattern = regexp.MustCompile(`^((git|s3)::)?https://[^/@?#\s]+(/[^?#\s]*)?$`)

// sound tells whether the entry has the form that [Fetcher.Fetch] gives it.
func (l Locked) sound() bool {
	pinned := checksumPattern.MatchString(l.Checksum) && l.Commit == "" ||
		commitPattern.MatchString(l.Commit) && l.Checksum == ""
	inside := l.Path == l.Name || strings.HasPrefix(l.Path, l.Name+"/")
	return pinned && inside && addressPattern.MatchString(l.URL) && fs.ValidPath(l.Path) && checksumPattern.MatchString(l.Digest) && l.Files > 0
}

// Marshal gives the lock's bytes: the same for the same entries, in whatever order.
func (l Lock) Marshal() ([]byte, error) {
	content, err := document.Marshal(lockDocument{APIVersion: lockAPIVersion, Kind: lockKind, Locations: l.sorted().Locations})
	if err != nil {
		return nil, fmt.Errorf("write the lock: %w", err)
	}
	return append([]byte(lockHeader), content...), nil
}

func (l Lock) sorted() Lock {
	byName := func(a, b Locked) int { return cmp.Compare(a.Name, b.Name) }
	return Lock{Locations: slices.SortedStableFunc(slices.Values(l.Locations), byName)}
}

// find gives the entry of a name.
func (l Lock) find(name string) (Locked, bool) {
	i := slices.IndexFunc(l.Locations, func(entry Locked) bool { return entry.Name == name })
	if i < 0 {
		return Locked{}, false
	}
	return l.Locations[i], true
}

// answers tells whether the entry was made for what an address now asks.
func (l Locked) answers(a address) bool {
	pin := l.Checksum
	if a.transport == overGit {
		pin = l.Commit
	}
	return l.URL == a.redacted() && pin == a.pin
}

// folder is where the entry's files lie, relative to the Migration's folder.
func (l Locked) folder() string { return path.Join(Folder, l.Name) }
