package fetch_test

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"testing/fstest"

	"cutover/generator/fetch"
	"cutover/generator/finding"
)

func exampleLock() fetch.Lock {
	return fetch.Lock{Locations: []fetch.Locked{
		{
			Name: "source.inventory", URL: "https://h/export.yaml", Checksum: "sha256:" + strings.Repeat("0a", 32),
			Path: "source.inventory/export.yaml", Digest: "sha256:" + strings.Repeat("0c", 32), Files: 1,
		},
		{
			Name: "target.operatorChart", URL: "git::https://h/r.git//charts/x", Commit: strings.Repeat("0b", 20),
			Path: "target.operatorChart", Digest: "sha256:" + strings.Repeat("0d", 32), Files: 12,
		},
	}}
}

const exampleLockText = `# Written by cutover vendor. Every other command holds vendor/ against it.
apiVersion: cutover/v1alpha1
kind: VendorLock
locations:
- name: source.inventory
  url: https://h/export.yaml
  checksum: sha256:0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a
  path: source.inventory/export.yaml
  digest: sha256:0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c
  files: 1
- name: target.operatorChart
  url: git::https://h/r.git//charts/x
  commit: 0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b
  path: target.operatorChart
  digest: sha256:0d0d0d0d0d0d0d0d0d0d0d0d0d0d0d0d0d0d0d0d0d0d0d0d0d0d0d0d0d0d0d0d
  files: 12
`

func lockFS(text string) fs.FS {
	return fstest.MapFS{"vendor/cutover.lock": {Data: []byte(text)}}
}

func TestALockIsReadAsItWasWrittenInTheOrderOfNames(t *testing.T) {
	lock := exampleLock()
	turned := fetch.Lock{Locations: []fetch.Locked{lock.Locations[1], lock.Locations[0]}}
	for _, l := range []fetch.Lock{lock, turned} {
		content, err := l.Marshal()
		if err != nil || string(content) != exampleLockText {
			t.Errorf("got %v\n%s", err, content)
		}
	}
	if got, err := fetch.ReadLock(lockFS(exampleLockText)); err != nil || !reflect.DeepEqual(got, lock) {
		t.Errorf("got %+v, %v", got, err)
	}
	if turned.Locations[0].Name != "target.operatorChart" {
		t.Error("writing a lock changed the order of its entries")
	}
}

func TestAMissingLockIsEmpty(t *testing.T) {
	if lock, err := fetch.ReadLock(fstest.MapFS{}); err != nil || len(lock.Locations) != 0 {
		t.Errorf("got %v, %v", lock, err)
	}
}

func TestALockThatNobodyWroteIsRefused(t *testing.T) {
	edit := func(old, new string) string { return strings.Replace(exampleLockText, old, new, 1) }
	tests := map[string]struct{ text, rule, message string }{
		"no YAML":                     {"a: [", "yaml-syntax", ""},
		"nothing":                     {"", "vendor-lock", "single"},
		"two documents":               {exampleLockText + "---\n" + exampleLockText, "vendor-lock", "single"},
		"another kind":                {edit("VendorLock", "Lock"), "vendor-lock", "VendorLock"},
		"an unknown field":            {edit("  files: 1\n", "  files: 1\n  mode: 7\n"), "unknown-field", "mode"},
		"a merge of two branches":     {edit("- name: target", "<<<<<<< HEAD\n- name: target"), "yaml-syntax", ""},
		"a name twice":                {edit("name: target.operatorChart", "name: source.inventory"), "vendor-lock", ""},
		"a name that leads out":       {edit("name: source.inventory", "name: ../x"), "vendor-lock", "../x"},
		"a path that leads out":       {edit("path: source.inventory/", "path: source.inventory/../../"), "vendor-lock", "not as it was written"},
		"a path of another location":  {edit("path: source.inventory/", "path: target.operatorChart/"), "vendor-lock", "not as it was written"},
		"a path beside its name":      {edit("path: source.inventory/", "path: source.inventory2/"), "vendor-lock", "not as it was written"},
		"a URL with a user":           {edit("https://h/export", "https://me:hush@h/export"), "vendor-lock", "not as it was written"},
		"a digest of another kind":    {edit("digest: sha256:0c", "digest: md5:0c"), "vendor-lock", "not as it was written"},
		"neither checksum nor commit": {edit("  commit: "+strings.Repeat("0b", 20)+"\n", ""), "vendor-lock", "not as it was written"},
		"no files":                    {edit("files: 1\n", "files: 0\n"), "vendor-lock", "not as it was written"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			_, err := fetch.ReadLock(lockFS(test.text))
			findings := finding.From(err)
			if len(findings) == 0 || findings[0].Rule != test.rule || !strings.Contains(findings[0].Message, test.message) {
				t.Fatalf("want %s with %q, got %v", test.rule, test.message, err)
			}
			if findings[0].File != fetch.LockFile || findings[0].Hint == "" || strings.Contains(err.Error(), "hush") {
				t.Errorf("got %+v", findings[0])
			}
		})
	}
}

// place serves one export, vendors it and gives what tests change about it.
func place(t *testing.T) (dir string, lock fetch.Lock, asked fetch.Request) {
	t.Helper()
	content := tgz(t, file("a.yaml", "a"), file("d/b.yaml", "b"))
	server, fetcher := serveBytes(t, fetch.Limits{}, content)
	dir = t.TempDir()
	asked = request(server.URL+"/e.tgz?token=hush", sum(content))
	lock = vendored(t, fetcher, dir, asked)
	server.Close()
	return dir, lock, asked
}

func TestVerifyAndOpenFindEveryDifferenceOffline(t *testing.T) {
	in := func(dir, name string) string { return filepath.Join(dir, "vendor", name) }
	nothing := func(string, *fetch.Lock, *fetch.Request) error { return nil }
	tests := map[string]struct {
		change func(dir string, lock *fetch.Lock, asked *fetch.Request) error
		rule   string
		text   string
	}{
		"nothing": {nothing, "", ""},
		"the modes": {func(dir string, _ *fetch.Lock, _ *fetch.Request) error {
			return os.Chmod(in(dir, "source.inventory/a.yaml"), 0o755)
		}, "", ""},
		"a file's content": {func(dir string, _ *fetch.Lock, _ *fetch.Request) error {
			return os.WriteFile(in(dir, "source.inventory/a.yaml"), []byte("A"), 0o644)
		}, "vendor-changed", "not those that were fetched"},
		"a file's name": {func(dir string, _ *fetch.Lock, _ *fetch.Request) error {
			return os.Rename(in(dir, "source.inventory/a.yaml"), in(dir, "source.inventory/c.yaml"))
		}, "vendor-changed", ""},
		"a file more": {func(dir string, _ *fetch.Lock, _ *fetch.Request) error {
			return os.WriteFile(in(dir, "source.inventory/c.yaml"), nil, 0o644)
		}, "vendor-changed", "3 files, 2 were fetched"},
		"a file less": {func(dir string, _ *fetch.Lock, _ *fetch.Request) error {
			return os.Remove(in(dir, "source.inventory/d/b.yaml"))
		}, "vendor-changed", ""},
		"a symlink for a file": {func(dir string, _ *fetch.Lock, _ *fetch.Request) error {
			name := in(dir, "source.inventory/a.yaml")
			return errors.Join(os.Rename(name, filepath.Join(dir, "a")), os.Symlink(filepath.Join(dir, "a"), name))
		}, "vendor-changed", "neither a plain file nor a folder"},
		"a symlink for the folder": {func(dir string, _ *fetch.Lock, _ *fetch.Request) error {
			name := in(dir, "source.inventory")
			return errors.Join(os.Rename(name, filepath.Join(dir, "moved")), os.Symlink(filepath.Join(dir, "moved"), name))
		}, "vendor-changed", "neither a plain file nor a folder"},
		"a symlink for vendor": {func(dir string, _ *fetch.Lock, _ *fetch.Request) error {
			return errors.Join(os.Rename(in(dir, ""), filepath.Join(dir, "moved")), os.Symlink("moved", filepath.Join(dir, "vendor")))
		}, "vendor-changed", "neither a plain file nor a folder"},
		"the folder is gone": {func(dir string, _ *fetch.Lock, _ *fetch.Request) error {
			return os.RemoveAll(in(dir, "source.inventory"))
		}, "vendor-missing", "vendor/source.inventory is missing"},
		"vendor is gone": {func(dir string, _ *fetch.Lock, _ *fetch.Request) error {
			return os.RemoveAll(in(dir, ""))
		}, "vendor-missing", ""},
		"the lock is gone": {func(_ string, lock *fetch.Lock, _ *fetch.Request) error {
			*lock = fetch.Lock{}
			return nil
		}, "vendor-unlocked", "not fetched yet"},
		"the URL in the Migration": {func(_ string, _ *fetch.Lock, asked *fetch.Request) error {
			asked.Location.URL = "https://elsewhere/e.tgz?token=hush"
			return nil
		}, "vendor-outdated", "run cutover vendor"},
		"the checksum in the Migration": {func(_ string, _ *fetch.Lock, asked *fetch.Request) error {
			asked.Location.Checksum = sum(nil)
			return nil
		}, "vendor-outdated", "run cutover vendor"},
		"the token alone": {func(_ string, _ *fetch.Lock, asked *fetch.Request) error {
			asked.Location.URL = strings.Replace(asked.Location.URL, "hush", "renewed", 1)
			return nil
		}, "", ""},
		"the pin is removed": {func(_ string, _ *fetch.Lock, asked *fetch.Request) error {
			asked.Location.Checksum = ""
			return nil
		}, "location-unpinned", "sha256"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			dir, lock, asked := place(t)
			if err := test.change(dir, &lock, &asked); err != nil {
				t.Fatal(err)
			}
			findings := fetch.Verify(os.DirFS(dir), lock, []fetch.Request{asked})
			path, err := fetch.Open(dir, lock, asked)
			if test.rule == "" {
				if len(findings) > 0 || err != nil || path != filepath.Join(dir, "vendor", "source.inventory") {
					t.Errorf("got %v, %q, %v", findings, path, err)
				}
				return
			}
			opened := finding.From(err)
			if len(findings) != 1 || len(opened) != 1 || opened[0] != findings[0] || path != "" {
				t.Fatalf("Verify says %v, Open %q, %v", findings, path, err)
			}
			says(t, findings[0], test.rule, test.text)
			if strings.Contains(findings[0].Error(), "hush") {
				t.Errorf("the token is shown: %s", findings[0].Error())
			}
		})
	}
}

func TestVerifyWarnsOfWhatNothingNames(t *testing.T) {
	dir, lock, asked := place(t)
	if err := os.Mkdir(filepath.Join(dir, "vendor", "golang.org"), 0o755); err != nil {
		t.Fatal(err)
	}
	local := fetch.Request{Name: "target.operatorChart"}
	local.Location.Path = "charts/operator"
	findings := fetch.Verify(os.DirFS(dir), lock, []fetch.Request{asked, local})
	if len(findings) != 1 || findings[0].Rule != "vendor-unlocked" || findings[0].File != "vendor/golang.org" || findings[0].Severity != finding.Warning {
		t.Errorf("got %+v", findings)
	}
	findings = fetch.Verify(os.DirFS(dir), lock, nil)
	if len(findings) != 2 || findings[1].Rule != "vendor-unused" || findings[1].Severity != finding.Warning {
		t.Errorf("got %+v", findings)
	}
}

func TestOpenRefusesALocationThatIsAPath(t *testing.T) {
	asked := fetch.Request{Name: "source.inventory"}
	asked.Location.Path = "export"
	if _, err := fetch.Open(t.TempDir(), fetch.Lock{}, asked); finding.From(err) == nil {
		t.Errorf("got %v", err)
	}
}
