package fetch_test

import (
	"errors"
	"io/fs"
	"maps"
	"net/http"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"

	"cutover/generator/fetch"
	"cutover/generator/finding"
)

// shelf is a server whose files a test changes between two runs.
type shelf struct {
	files map[string][]byte
	asked []string
	url   string
}

func newShelf(t *testing.T, content map[string]string) (*shelf, *fetch.Fetcher) {
	t.Helper()
	s := &shelf{files: map[string][]byte{}}
	for name, text := range content {
		s.files[name] = []byte(text)
	}
	server, fetcher := serve(t, fetch.Limits{}, func(w http.ResponseWriter, r *http.Request) {
		s.asked = append(s.asked, r.URL.Path[1:])
		content, ok := s.files[r.URL.Path[1:]]
		if !ok {
			http.NotFound(w, r)
			return
		}
		_, _ = w.Write(content)
	})
	s.url = server.URL
	return s, fetcher
}

func (s *shelf) request(name, file string) fetch.Request {
	asked := request(s.url+"/"+file, sum(s.files[file]))
	asked.Name = name
	return asked
}

func TestVendorFetchesWhatIsMissingAndPrunesWhatIsNoLongerNamed(t *testing.T) {
	s, fetcher := newShelf(t, map[string]string{"a": "1", "b": "2", "c": "3"})
	dir := t.TempDir()
	first := vendored(t, fetcher, dir, s.request("zeta", "a"), s.request("beta", "b"))
	before := files(t, dir)
	if want := []string{"vendor/beta/b", "vendor/cutover.lock", "vendor/zeta/a"}; !slices.Equal(slices.Sorted(maps.Keys(before)), want) {
		t.Fatalf("got %v", before)
	}

	s.asked = nil
	again := vendored(t, fetcher, dir, s.request("beta", "b"), s.request("zeta", "a"))
	if len(s.asked) > 0 || !reflect.DeepEqual(again, first) || !maps.Equal(files(t, dir), before) {
		t.Errorf("the second run asked for %v and changed %v", s.asked, files(t, dir))
	}

	if err := os.WriteFile(filepath.Join(dir, "vendor/beta/b"), []byte("changed"), 0o644); err != nil {
		t.Fatal(err)
	}
	lock := vendored(t, fetcher, dir, s.request("beta", "b"), s.request("gamma", "c"))
	if want := []string{"b", "c"}; !slices.Equal(s.asked, want) {
		t.Errorf("asked for %v, want %v", s.asked, want)
	}
	after := files(t, dir)
	if want := []string{"vendor/beta/b", "vendor/cutover.lock", "vendor/gamma/c"}; !slices.Equal(slices.Sorted(maps.Keys(after)), want) || after["vendor/beta/b"] != "2" {
		t.Errorf("got %v", after)
	}
	if read, err := fetch.ReadLock(os.DirFS(dir)); err != nil || !reflect.DeepEqual(read, lock) {
		t.Errorf("the lock on disk is %+v, %v", read, err)
	}
}

func TestVendorWithNothingToFetchLeavesNothing(t *testing.T) {
	s, fetcher := newShelf(t, map[string]string{"a": "1"})
	dir := t.TempDir()
	vendored(t, fetcher, dir, s.request("a", "a"))
	local := fetch.Request{Name: "b"}
	local.Location.Path = "b.yaml"
	vendored(t, fetcher, dir, local)
	if entries, err := os.ReadDir(dir); err != nil || len(entries) > 0 {
		t.Errorf("left: %v, %v", entries, err)
	}
}

func TestVendorLeavesAloneWhatItDidNotBring(t *testing.T) {
	s, fetcher := newShelf(t, map[string]string{"a": "1"})
	dir := t.TempDir()
	foreign := filepath.Join(dir, "vendor/golang.org/x.go")
	if err := errors.Join(os.MkdirAll(filepath.Dir(foreign), 0o755), os.WriteFile(foreign, []byte("x"), 0o644)); err != nil {
		t.Fatal(err)
	}
	vendored(t, fetcher, dir, s.request("a", "a"))
	vendored(t, fetcher, dir)
	if got := files(t, dir); len(got) != 1 || got["vendor/golang.org/x.go"] != "x" {
		t.Errorf("got %v", got)
	}
}

func TestVendorChangesNothingUnlessAllIsWell(t *testing.T) {
	s, fetcher := newShelf(t, map[string]string{"a": "1", "b": "2", "new": "3"})
	broken := s.request("d", "b")
	broken.Location.Checksum = sum(nil)
	unpinned := s.request("e", "b")
	unpinned.Location.Checksum = ""
	tests := map[string]struct {
		requests []fetch.Request
		rules    []string
	}{
		"one download fails": {[]fetch.Request{s.request("a", "new"), broken}, []string{"fetch-checksum"}},
		"several fail":       {[]fetch.Request{s.request("c", "gone"), broken, s.request("a", "new")}, []string{"fetch-failed", "fetch-checksum"}},
		"one is refused":     {[]fetch.Request{unpinned, s.request("a", "new")}, []string{"location-unpinned"}},
		"a name twice":       {[]fetch.Request{s.request("a", "new"), s.request("a", "b")}, []string{"location-refused"}},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			vendored(t, fetcher, dir, s.request("a", "a"), s.request("b", "b"))
			before := files(t, dir)
			_, err := fetch.Vendor(t.Context(), fetcher, dir, test.requests)
			var rules []string
			for _, found := range finding.From(err) {
				rules = append(rules, found.Rule)
			}
			if !slices.Equal(rules, test.rules) {
				t.Errorf("got %v, want %v", err, test.rules)
			}
			if after := files(t, dir); !maps.Equal(after, before) {
				t.Errorf("got %v, want %v", after, before)
			}
		})
	}
}

func TestVendorTakesBackWhatItChangedWhenTheDiskRefuses(t *testing.T) {
	s, fetcher := newShelf(t, map[string]string{"a": "1", "b": "2", "new": "3"})
	dir := t.TempDir()
	vendored(t, fetcher, dir, s.request("a", "a"), s.request("b", "b"))
	before := files(t, dir)
	// A folder under the lock's name cannot be replaced by a file.
	text := before["vendor/cutover.lock"]
	lock := filepath.Join(dir, fetch.LockFile)
	block := func() {
		if err := errors.Join(os.Remove(lock), os.MkdirAll(filepath.Join(lock, "x"), 0o755)); err != nil {
			t.Fatal(err)
		}
	}
	blocked := newBlocked(t, s, block)
	if _, err := fetch.Vendor(t.Context(), blocked, dir, []fetch.Request{s.request("a", "new")}); err == nil {
		t.Fatal("the lock cannot have been written")
	}
	if err := errors.Join(os.RemoveAll(lock), os.WriteFile(lock, []byte(text), 0o644)); err != nil {
		t.Fatal(err)
	}
	if after := files(t, dir); !maps.Equal(after, before) {
		t.Errorf("got %v, want %v", after, before)
	}
}

// newBlocked serves a shelf's files from a server that does something in between.
func newBlocked(t *testing.T, s *shelf, between func()) *fetch.Fetcher {
	t.Helper()
	server, fetcher := serve(t, fetch.Limits{}, func(w http.ResponseWriter, r *http.Request) {
		between()
		_, _ = w.Write(s.files[r.URL.Path[1:]])
	})
	s.url = server.URL
	return fetcher
}

func TestVendorRefusesAFolderThatIsASymlink(t *testing.T) {
	s, fetcher := newShelf(t, map[string]string{"a": "1"})
	for name, target := range map[string]string{"outside": t.TempDir(), "inside": "elsewhere"} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			if err := errors.Join(os.Mkdir(filepath.Join(dir, "elsewhere"), 0o755), os.Symlink(target, filepath.Join(dir, "vendor"))); err != nil {
				t.Fatal(err)
			}
			if _, err := fetch.Vendor(t.Context(), fetcher, dir, []fetch.Request{s.request("a", "a")}); finding.From(err) == nil || !strings.Contains(err.Error(), "neither a plain file nor a folder") {
				t.Errorf("got %v", err)
			}
			if info, err := os.Lstat(filepath.Join(dir, "vendor")); err != nil || info.Mode()&fs.ModeSymlink == 0 {
				t.Errorf("the symlink is gone: %v", err)
			}
		})
	}
}

func TestAFolderThatMayNotBeWrittenIsToldAsSuch(t *testing.T) {
	_, fetcher := newShelf(t, nil)
	if _, err := fetch.Vendor(t.Context(), fetcher, filepath.Join(t.TempDir(), "gone"), nil); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("got %v", err)
	}
}

func TestVendorStopsAtABrokenLock(t *testing.T) {
	s, fetcher := newShelf(t, map[string]string{"a": "1"})
	dir := t.TempDir()
	if err := errors.Join(os.Mkdir(filepath.Join(dir, "vendor"), 0o755), os.WriteFile(filepath.Join(dir, fetch.LockFile), []byte("a: 1\n"), 0o644)); err != nil {
		t.Fatal(err)
	}
	if _, err := fetch.Vendor(t.Context(), fetcher, dir, []fetch.Request{s.request("a", "a")}); finding.From(err) == nil || len(s.asked) > 0 {
		t.Errorf("got %v after asking for %v", err, s.asked)
	}
}
