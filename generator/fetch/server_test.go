package fetch_test

import (
	"archive/tar"
	"archive/zip"
	"bytes"
	"compress/gzip"
	"context"
	"crypto/sha256"
	"crypto/x509"
	"encoding/hex"
	"errors"
	"io"
	"io/fs"
	"log"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"cutover/generator/fetch"
	"cutover/generator/finding"
	"cutover/generator/migration"
)

const export = "kind: List\napiVersion: v1\nitems: []\n"

// serve starts an https server and gives a fetcher that trusts it.
func serve(t *testing.T, limits fetch.Limits, handler http.HandlerFunc) (*httptest.Server, *fetch.Fetcher) {
	t.Helper()
	server := httptest.NewUnstartedServer(handler)
	server.Config.ErrorLog = log.New(io.Discard, "", 0)
	server.StartTLS()
	t.Cleanup(server.Close)
	return server, fetch.New(fetch.Options{Limits: limits, RootCAs: trust(server)})
}

func trust(server *httptest.Server) *x509.CertPool {
	pool := x509.NewCertPool()
	pool.AddCert(server.Certificate())
	return pool
}

func serveBytes(t *testing.T, limits fetch.Limits, content []byte) (*httptest.Server, *fetch.Fetcher) {
	t.Helper()
	return serve(t, limits, func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write(content) })
}

func sum(content []byte) string {
	digest := sha256.Sum256(content)
	return "sha256:" + hex.EncodeToString(digest[:])
}

func request(url, checksum string) fetch.Request {
	return fetch.Request{
		Name: "source.inventory", File: "migration.yaml",
		Location: migration.Location{URL: url, Checksum: checksum, Line: 7},
	}
}

// refused fetches and gives the one finding that must come of it; nothing may be left.
func refused(t *testing.T, fetcher *fetch.Fetcher, request fetch.Request) finding.Finding {
	t.Helper()
	dir := t.TempDir()
	_, err := fetcher.Fetch(t.Context(), request, dir)
	findings := finding.From(err)
	if len(findings) != 1 {
		t.Fatalf("want one finding, got %v", err)
	}
	found := findings[0]
	if found.File != "migration.yaml" || found.Line != 7 || found.Message == "" || found.Hint == "" {
		t.Errorf("the finding lacks position, message or hint: %+v", found)
	}
	if left := files(t, dir); len(left) > 0 {
		t.Errorf("left behind: %v", left)
	}
	if _, err := os.Stat(filepath.Join(dir, "vendor")); !errors.Is(err, fs.ErrNotExist) {
		t.Error("vendor/ was made though nothing was fetched")
	}
	return found
}

// files gives the content of every file below dir.
func files(t *testing.T, dir string) map[string]string {
	t.Helper()
	found := map[string]string{}
	err := filepath.WalkDir(dir, func(name string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		below, err := filepath.Rel(dir, name)
		if err != nil {
			return err
		}
		content, err := os.ReadFile(name)
		found[filepath.ToSlash(below)] = string(content)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return found
}

func vendored(t *testing.T, fetcher *fetch.Fetcher, dir string, requests ...fetch.Request) fetch.Lock {
	t.Helper()
	lock, err := fetch.Vendor(t.Context(), fetcher, dir, requests)
	if err != nil {
		t.Fatal(err)
	}
	return lock
}

// entry is one entry of an archive under test.
type entry struct {
	name, content, link string
	kind                byte
}

func file(name, content string) entry { return entry{name: name, content: content, kind: tar.TypeReg} }

func tgz(t *testing.T, entries ...entry) []byte {
	t.Helper()
	var out bytes.Buffer
	zipped := gzip.NewWriter(&out)
	archive := tar.NewWriter(zipped)
	for _, e := range entries {
		header := &tar.Header{Name: e.name, Typeflag: e.kind, Linkname: e.link, Mode: 0o4777, Size: int64(len(e.content))}
		if err := archive.WriteHeader(header); err != nil {
			t.Fatal(err)
		}
		if _, err := io.WriteString(archive, e.content); err != nil {
			t.Fatal(err)
		}
	}
	if err := errors.Join(archive.Close(), zipped.Close()); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

func zipped(t *testing.T, entries ...entry) []byte {
	t.Helper()
	var out bytes.Buffer
	archive := zip.NewWriter(&out)
	for _, e := range entries {
		header := &zip.FileHeader{Name: e.name, Method: zip.Deflate}
		if e.kind == tar.TypeSymlink {
			header.SetMode(fs.ModeSymlink | 0o777)
		}
		writer, err := archive.CreateHeader(header)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := io.WriteString(writer, e.content+e.link); err != nil {
			t.Fatal(err)
		}
	}
	if err := archive.Close(); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

func says(t *testing.T, found finding.Finding, rule, text string) {
	t.Helper()
	if found.Rule != rule || !strings.Contains(found.Message+" "+found.Hint, text) {
		t.Errorf("want rule %s and %q, got %s: %s (%s)", rule, text, found.Rule, found.Message, found.Hint)
	}
}

func cancelled(t *testing.T) (context.Context, context.CancelFunc) {
	t.Helper()
	return context.WithCancel(t.Context())
}
