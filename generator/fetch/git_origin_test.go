package fetch_test

import (
	"encoding/pem"
	"io"
	"log"
	"net/http"
	"net/http/cgi"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"cutover/generator/fetch"
	"cutover/generator/migration"
)

// origin is a Git repository that a test serves over https.
type origin struct {
	t   *testing.T
	dir string
}

func newOrigin(t *testing.T) origin {
	t.Helper()
	if _, err := exec.LookPath("git"); err != nil {
		t.Skip("git is not installed")
	}
	o := origin{t, filepath.Join(t.TempDir(), "r.git")}
	if err := os.Mkdir(o.dir, 0o755); err != nil {
		t.Fatal(err)
	}
	o.git("init", "--quiet", "--initial-branch=main")
	return o
}

func (o origin) git(arguments ...string) string {
	o.t.Helper()
	command := exec.Command("git", arguments...)
	command.Dir = o.dir
	command.Env = []string{
		"PATH=" + os.Getenv("PATH"), "HOME=" + o.dir, "GIT_CONFIG_NOSYSTEM=1",
		"GIT_AUTHOR_NAME=a", "GIT_AUTHOR_EMAIL=a@example.com", "GIT_COMMITTER_NAME=a", "GIT_COMMITTER_EMAIL=a@example.com",
	}
	out, err := command.CombinedOutput()
	if err != nil {
		o.t.Fatalf("git %v: %v\n%s", arguments, err, out)
	}
	return strings.TrimSpace(string(out))
}

func (o origin) write(content map[string]string) {
	o.t.Helper()
	for name, text := range content {
		name = filepath.Join(o.dir, name)
		if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
			o.t.Fatal(err)
		}
		if err := os.WriteFile(name, []byte(text), 0o644); err != nil {
			o.t.Fatal(err)
		}
	}
}

func (o origin) commit(content map[string]string) string {
	o.t.Helper()
	o.write(content)
	o.git("add", "--all")
	o.git("commit", "--quiet", "--allow-empty", "--message=c")
	return o.git("rev-parse", "HEAD")
}

// smart serves the repository as git http-backend does, dumb as plain files.
func (o origin) smart() http.Handler {
	return &cgi.Handler{
		Path: filepath.Join(o.git("--exec-path"), "git-http-backend"),
		Env:  []string{"GIT_PROJECT_ROOT=" + filepath.Dir(o.dir), "GIT_HTTP_EXPORT_ALL=1", "HOME=" + o.dir},
		// The server is asked for /r.git/…, and finds its repository in r.git/.git.
		Root: "/", Stderr: io.Discard,
		InheritEnv: []string{"PATH"},
	}
}

func (o origin) dumb() http.Handler {
	o.git("update-server-info")
	return http.StripPrefix("/r.git", http.FileServer(http.Dir(filepath.Join(o.dir, ".git"))))
}

// serveGit gives the URL of the repository and a fetcher that trusts its server.
func serveGit(t *testing.T, limits fetch.Limits, handler http.Handler, more ...string) (string, *fetch.Fetcher) {
	t.Helper()
	server := httptest.NewUnstartedServer(handler)
	server.Config.ErrorLog = log.New(io.Discard, "", 0)
	server.StartTLS()
	t.Cleanup(server.Close)
	authority := filepath.Join(t.TempDir(), "ca.pem")
	block := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: server.Certificate().Raw})
	if err := os.WriteFile(authority, block, 0o600); err != nil {
		t.Fatal(err)
	}
	environment := append([]string{"PATH=" + os.Getenv("PATH"), "GIT_SSL_CAINFO=" + authority}, more...)
	return "git::" + server.URL + "/r.git", fetch.New(fetch.Options{Limits: limits, Environment: environment})
}

func gitRequest(url, commit string) fetch.Request {
	return fetch.Request{
		Name: "source.inventory", File: "migration.yaml",
		Location: migration.Location{URL: url, Commit: commit, Line: 7},
	}
}
