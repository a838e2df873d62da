package fetch

import (
	"bytes"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"

	"cutover/generator/migration"
)

const secret = "hush-7e3f"

func FuzzNoAddressShowsItsSecrets(f *testing.F) {
	for _, seed := range []string{
		"https://u:%s@h/f?token=%s", "git::https://%s@h/r.git//a", "s3::https://h/%%2e/f?a=%s", "%s://h", "https://h/f?%s#%s", "https://%s:x@", "https://x:y@h/f?k %s", "https://h/f?%s;%s=&a",
	} {
		f.Add(strings.ReplaceAll(seed, "%s", "SECRET"))
	}
	f.Fuzz(func(t *testing.T, pattern string) {
		// What stands before a host or after a question mark is secret; the rest is not.
		before, host, found := strings.Cut(pattern, "@")
		if !found {
			host = pattern
		}
		path, _, asked := strings.Cut(host, "?")
		if strings.Contains(path, "SECRET") || (!asked && !found) || strings.ContainsAny(before, "/?#") && !strings.Contains(before, "://") {
			t.Skip()
		}
		raw := strings.ReplaceAll(pattern, "SECRET", secret)
		asking := Request{Name: "n", Location: migration.Location{
			URL: raw, Checksum: "sha256:" + strings.Repeat("0a", 32), Commit: "", AllowS3: true,
		}}
		if strings.HasPrefix(raw, "git::") {
			asking.Location.Checksum, asking.Location.Commit = "", strings.Repeat("0b", 20)
		}
		address, err := parse(asking)
		if err != nil {
			if strings.Contains(err.Error(), secret) {
				t.Fatalf("%q is refused with %v", raw, err)
			}
			return
		}
		if strings.Contains(address.url.Path+address.within+address.url.Host, secret) {
			t.Skip() // it stands where nobody keeps a secret
		}
		told := address.redacted() + address.scrub("cannot reach '"+address.url.String()+"': "+address.url.RawQuery)
		if strings.Contains(told, secret) {
			t.Fatalf("%q is told as %q", raw, told)
		}
		if !addressPattern.MatchString(address.redacted()) {
			t.Fatalf("%q is locked as %q, which no lock may hold", raw, address.redacted())
		}
	})
}

func FuzzArchivesStayInTheirFolderAndLimits(f *testing.F) {
	f.Add([]byte("a/../../b"), false)
	f.Add([]byte("PK\x05\x06"+strings.Repeat("\x00", 18)), true)
	limits := Limits{Files: 20, Unpacked: 4096}
	f.Fuzz(func(t *testing.T, content []byte, zipped bool) {
		dir := t.TempDir()
		inner, download := filepath.Join(dir, "inner"), filepath.Join(dir, "download")
		if err := os.Mkdir(inner, 0o755); err != nil {
			t.Fatal(err)
		}
		root, err := os.OpenRoot(inner)
		if err != nil {
			t.Fatal(err)
		}
		defer root.Close()
		filled := &tree{root: root, limits: limits}
		if zipped {
			if err := os.WriteFile(download, content, 0o600); err != nil {
				t.Fatal(err)
			}
			_ = filled.settle(t.Context(), download, "a.zip")
		} else {
			_ = filled.unpackTar(t.Context(), bytes.NewReader(content))
		}
		entries, err := os.ReadDir(dir)
		if err != nil || len(entries) > 2 {
			t.Fatalf("something left its folder: %v, %v", entries, err)
		}
		var total int64
		var count int
		err = fs.WalkDir(root.FS(), ".", func(name string, entry fs.DirEntry, err error) error {
			if err != nil || entry.IsDir() {
				return err
			}
			info, err := entry.Info()
			if err == nil && !info.Mode().IsRegular() {
				t.Fatalf("%s is no plain file", name)
			}
			count++
			total += info.Size()
			return err
		})
		// The byte that goes over the limit is written before it is counted.
		if err != nil || count > limits.Files || total > limits.Unpacked+1 {
			t.Fatalf("%d files of %d bytes, %v", count, total, err)
		}
	})
}

func FuzzALockThatIsReadIsWrittenTheSame(f *testing.F) {
	f.Add("apiVersion: cutover/v1alpha1\nkind: VendorLock\nlocations: []\n")
	f.Add("apiVersion: cutover/v1alpha1\nkind: VendorLock\nlocations:\n- {name: a, url: 'https://h/f', checksum: sha256:" +
		strings.Repeat("0a", 32) + ", path: a/f, digest: sha256:" + strings.Repeat("0a", 32) + ", files: 1}\n")
	f.Fuzz(func(t *testing.T, text string) {
		lock, err := ReadLock(fstest.MapFS{LockFile: {Data: []byte(text)}})
		if err != nil {
			return
		}
		first, err := lock.Marshal()
		if err != nil {
			t.Fatal(err)
		}
		again, err := ReadLock(fstest.MapFS{LockFile: {Data: first}})
		if err != nil {
			t.Fatalf("what was written cannot be read: %v\n%s", err, first)
		}
		if second, err := again.Marshal(); err != nil || !bytes.Equal(first, second) {
			t.Fatalf("%v\n%s\n%s", err, first, second)
		}
	})
}
