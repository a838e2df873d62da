package fetch

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"strings"

	"cutover/generator/finding"
)

// Verify holds vendor/ in the Migration's folder against its lock and against what the
// Migration asks for now, without network. Requests whose location is a path are passed
// over. Errors are what was never fetched, is missing or was changed, and locations
// that the Migration changed since; warnings are entries and folders that nothing names.
func Verify(fsys fs.FS, lock Lock, requests []Request) finding.List {
	var findings finding.List
	wanted := map[string]bool{}
	for _, request := range requests {
		if request.Location.URL == "" {
			continue
		}
		wanted[request.Name] = true
		if _, err := verify(fsys, lock, request); err != nil {
			findings.Add(asFindings(request, err)...)
		}
	}
	for _, entry := range lock.Locations {
		if !wanted[entry.Name] {
			findings.Add(unused(entry))
		}
	}
	findings.Add(unlocked(fsys, lock, wanted)...)
	findings.Sort()
	return findings
}

// asFindings lets an unreadable disk be reported among the findings.
func asFindings(request Request, err error) finding.List {
	if findings := finding.From(err); len(findings) > 0 {
		return findings
	}
	return finding.List{request.problem(ruleMissing, "the vendored files cannot be read: "+err.Error(), hintVendor)}
}

// verify gives the entry that answers a request, once its files were found unchanged.
func verify(fsys fs.FS, lock Lock, request Request) (Locked, error) {
	address, err := parse(request)
	if err != nil {
		return Locked{}, err
	}
	entry, found := lock.find(request.Name)
	if !found {
		return Locked{}, request.problem(ruleUnlocked, address.redacted()+" was not fetched yet", hintVendor)
	}
	if !entry.answers(address) {
		return Locked{}, request.problem(ruleOutdated,
			fmt.Sprintf("%s was fetched from %s, and the location or its pin has changed since", entry.folder(), entry.URL), hintVendor)
	}
	return entry, entry.intact(fsys, request)
}

// intact compares the files with the entry's digest.
func (l Locked) intact(fsys fs.FS, request Request) error {
	for _, folder := range []string{Folder, l.folder()} {
		info, err := fs.Lstat(fsys, folder)
		if errors.Is(err, fs.ErrNotExist) {
			return request.problem(ruleMissing, l.folder()+" is missing", hintVendor)
		}
		if err != nil {
			return fmt.Errorf("read %s: %w", folder, err)
		}
		if !info.IsDir() {
			return request.problem(ruleChanged, irregular(folder).Error(), "remove it and "+hintVendor)
		}
	}
	digest, files, err := digestTree(fsys, l.folder())
	var odd irregular
	switch {
	case errors.As(err, &odd):
		return request.problem(ruleChanged, odd.Error(), "remove it and "+hintVendor)
	case err != nil:
		return fmt.Errorf("read %s: %w", l.folder(), err)
	case digest != l.Digest:
		return request.problem(ruleChanged,
			fmt.Sprintf("the files in %s are not those that were fetched (%d files, %d were fetched)", l.folder(), files, l.Files),
			"run cutover vendor to bring them back; to keep a change, give the files as path")
	}
	return nil
}

func unused(entry Locked) finding.Finding {
	return finding.Finding{
		Rule: ruleUnused, Severity: finding.Warning, File: LockFile, Object: entry.Name,
		Message: "the Migration no longer names " + entry.URL, Hint: "run cutover vendor, which removes " + entry.folder(),
	}
}

// unlocked lists what lies in vendor/ that neither the lock nor the Migration knows.
// It may be anybody's, so that only people remove it.
func unlocked(fsys fs.FS, lock Lock, wanted map[string]bool) finding.List {
	entries, err := fs.ReadDir(fsys, Folder)
	if err != nil {
		return nil // what is missing was reported where it is missed
	}
	var findings finding.List
	for _, entry := range entries {
		_, locked := lock.find(entry.Name())
		if locked || wanted[entry.Name()] || entry.Name() == path.Base(LockFile) || strings.HasPrefix(entry.Name(), ".") {
			continue
		}
		findings.Add(finding.Finding{
			Rule: ruleUnlocked, Severity: finding.Warning, File: path.Join(Folder, entry.Name()),
			Message: "the lock does not know it", Hint: "move it out of vendor/ if it is wanted, else delete it",
		})
	}
	return findings
}

// Open gives the file or folder on disk that a location was vendored as, in the
// Migration's folder dir, after it was found unchanged. It uses no network. Errors are
// those of [Verify], and one for a location that is a path.
func Open(dir string, lock Lock, request Request) (string, error) {
	if request.Location.URL == "" {
		return "", request.problem(ruleRefused, "the location is a path, which is not vendored", "read it where it is")
	}
	fsys := os.DirFS(dir)
	entry, err := verify(fsys, lock, request)
	if err != nil {
		return "", err
	}
	below := path.Join(Folder, entry.Path)
	if _, err := fs.Lstat(fsys, below); err != nil {
		return "", request.problem(ruleMissing, below+" is missing", hintVendor)
	}
	return filepath.Join(dir, filepath.FromSlash(below)), nil
}
