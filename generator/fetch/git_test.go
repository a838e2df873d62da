package fetch_test

import (
	"maps"
	"math/rand/v2"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"cutover/generator/fetch"
)

func TestOneCommitIsFetchedWholeOrInPart(t *testing.T) {
	o := newOrigin(t)
	pinned := o.commit(map[string]string{
		"README.md": "r", "export/topics.yaml": "t", "export/users/u.yaml": "u",
		"charts/kafka/Chart.yaml": "name: kafka", "charts/kafka.tgz": string(tgz(t, file("kafka/Chart.yaml", "packed"))),
	})
	o.commit(map[string]string{"export/topics.yaml": "changed later"})
	url, fetcher := serveGit(t, fetch.Limits{}, o.smart())
	tests := map[string]struct {
		within string
		path   string
		want   map[string]string
	}{
		"a folder":           {"//export", "source.inventory", map[string]string{"topics.yaml": "t", "users/u.yaml": "u"}},
		"a folder with /":    {"//export/", "source.inventory", map[string]string{"topics.yaml": "t", "users/u.yaml": "u"}},
		"a file":             {"//export/users/u.yaml", "source.inventory/u.yaml", map[string]string{"u.yaml": "u"}},
		"a packed chart":     {"//charts/kafka.tgz", "source.inventory/kafka", map[string]string{"kafka/Chart.yaml": "packed"}},
		"a folder of charts": {"//charts/kafka", "source.inventory/Chart.yaml", map[string]string{"Chart.yaml": "name: kafka"}},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			locked, err := fetcher.Fetch(t.Context(), gitRequest(url+test.within, pinned), dir)
			if err != nil {
				t.Fatal(err)
			}
			if locked.Commit != pinned || locked.Checksum != "" || locked.Path != test.path {
				t.Errorf("got %+v", locked)
			}
			if got := files(t, dir+"/vendor/source.inventory"); !maps.Equal(got, test.want) {
				t.Errorf("got %v", got)
			}
		})
	}
	dir := t.TempDir()
	locked, err := fetcher.Fetch(t.Context(), gitRequest(url, pinned), dir)
	if err != nil || locked.Files != 5 {
		t.Errorf("the whole commit has 5 files, got %d: %v", locked.Files, err)
	}
	for name := range files(t, dir) {
		if strings.Contains(name, ".git/") {
			t.Errorf("%s is Git's own", name)
		}
	}
}

func TestACommitThatNoBranchEndsAtIsFetchedFromAnyServer(t *testing.T) {
	o := newOrigin(t)
	pinned := o.commit(map[string]string{"a.yaml": "first"})
	o.commit(map[string]string{"a.yaml": "second"})
	for name, handler := range map[string]http.Handler{"smart": o.smart(), "dumb": o.dumb()} {
		t.Run(name, func(t *testing.T) {
			url, fetcher := serveGit(t, fetch.Limits{}, handler)
			dir := t.TempDir()
			if _, err := fetcher.Fetch(t.Context(), gitRequest(url, pinned), dir); err != nil {
				t.Fatal(err)
			}
			if got := files(t, dir)["vendor/source.inventory/a.yaml"]; got != "first" {
				t.Errorf("got %q", got)
			}
		})
	}
}

func TestAttributesOfTheRepositoryChangeNothing(t *testing.T) {
	o := newOrigin(t)
	want := map[string]string{
		".gitattributes": "hidden export-ignore\nsecret/ export-ignore\nsubst export-subst ident\n*.yaml text eol=crlf\n*.u working-tree-encoding=UTF-16\n",
		"hidden":         "h", "secret/s": "s", "subst": "$Format:%H$ $Id$\n", "lines.yaml": "a\nb\n", "t.u": "text\n",
	}
	o.write(want)
	if err := os.WriteFile(filepath.Join(o.dir, ".git/info/attributes"), []byte("* -working-tree-encoding -text\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	url, fetcher := serveGit(t, fetch.Limits{}, o.smart())
	dir := t.TempDir()
	if _, err := fetcher.Fetch(t.Context(), gitRequest(url, o.commit(nil)), dir); err != nil {
		t.Fatal(err)
	}
	if got := files(t, dir+"/vendor/source.inventory"); !maps.Equal(got, want) {
		t.Errorf("got %q", got)
	}
}

func TestWhatIsNoPlainFileOrNoCommitIsRefused(t *testing.T) {
	o := newOrigin(t)
	if err := os.Symlink("/etc/passwd", filepath.Join(o.dir, "link")); err != nil {
		t.Fatal(err)
	}
	pinned := o.commit(map[string]string{"a": "a", "d/b": "b"})
	o.git("tag", "--annotate", "--message=t", "v1")
	url, fetcher := serveGit(t, fetch.Limits{}, o.smart())
	tests := map[string]struct {
		within, commit, rule, text string
	}{
		"a symlink among the files": {"", pinned, "fetch-archive", "link"},
		"a symlink asked for":       {"//link", pinned, "fetch-archive", "symlink"},
		"a path that is not there":  {"//d/x", pinned, "fetch-failed", "holds nothing at d/x"},
		"a path magic":              {"//:(glob)**", pinned, "location-refused", "leads out"},
		"a commit that is unknown":  {"", strings.Repeat("0b", 20), "fetch-failed", "does not have the commit"},
		"a tag's own hash":          {"", o.git("rev-parse", "v1"), "fetch-failed", "is a tag, not a commit"},
		"a folder's hash":           {"", o.git("rev-parse", "HEAD:d"), "fetch-failed", "not a commit"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			says(t, refused(t, fetcher, gitRequest(url+test.within, test.commit)), test.rule, test.text)
		})
	}
}

func TestGitKeepsToTheLimits(t *testing.T) {
	o := newOrigin(t)
	noise := make([]byte, 300_000)
	source := rand.NewChaCha8([32]byte{1})
	_, _ = source.Read(noise)
	pinned := o.commit(map[string]string{"noise": string(noise), "zeros": strings.Repeat("\x00", 500_000), "d/a": "a", "d/b": "b"})
	tests := map[string]struct {
		limits fetch.Limits
		within string
		text   string
	}{
		"bytes loaded":         {fetch.Limits{Download: 200_000}, "", "200000 bytes"},
		"bytes unpacked":       {fetch.Limits{Unpacked: 400_000}, "", "400000 bytes unpacked"},
		"bytes of a lone file": {fetch.Limits{Unpacked: 400_000}, "//zeros", "400000 bytes"},
		"files":                {fetch.Limits{Files: 2}, "", "2 files"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			url, fetcher := serveGit(t, test.limits, o.smart())
			says(t, refused(t, fetcher, gitRequest(url+test.within, pinned)), "fetch-too-large", test.text)
		})
	}
}

func TestASlowGitServerEndsAtTheTimeLimitWithAllItsProcesses(t *testing.T) {
	newOrigin(t)
	held, gone, release := make(chan struct{}), make(chan struct{}), make(chan struct{})
	url, fetcher := serveGit(t, fetch.Limits{Timeout: 3 * time.Second}, http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		close(held)
		select {
		case <-r.Context().Done():
			close(gone)
		case <-release:
		}
	}))
	t.Cleanup(func() { close(release) })
	says(t, refused(t, fetcher, gitRequest(url, strings.Repeat("0b", 20))), "fetch-failed", "within 3s")
	select {
	case <-held:
	default:
		t.Skip("git did not get as far as the server in three seconds")
	}
	select {
	case <-gone:
	case <-time.After(10 * time.Second):
		t.Error("a process of git still holds the connection")
	}
}

func TestGitCredentialsReachTheServerAndNothingElse(t *testing.T) {
	o := newOrigin(t)
	pinned := o.commit(map[string]string{"a": "a"})
	allow := true
	backend := o.smart()
	var users []string
	url, fetcher := serveGit(t, fetch.Limits{}, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		user, password, _ := r.BasicAuth()
		users = append(users, user+":"+password)
		if !allow {
			w.Header().Set("WWW-Authenticate", "Basic")
			http.Error(w, "no", http.StatusUnauthorized)
			return
		}
		backend.ServeHTTP(w, r)
	}))
	signed := strings.Replace(url, "https://", "https://alice:s%2Fcret@", 1)
	dir := t.TempDir()
	vendored(t, fetcher, dir, gitRequest(signed, pinned))
	if users[0] != "alice:s/cret" {
		t.Errorf("the server saw %q", users)
	}
	if lock := files(t, dir)["vendor/cutover.lock"]; !strings.Contains(lock, "url: "+url+"\n") || strings.Contains(lock, "cret") {
		t.Errorf("the lock is\n%s", lock)
	}
	allow = false
	for _, asked := range []string{signed, url} {
		found := refused(t, fetcher, gitRequest(asked, pinned))
		says(t, found, "fetch-failed", "sign-in")
		if text := found.Error() + found.Hint; strings.Contains(text, "cret") || strings.Contains(text, "alice") {
			t.Errorf("credentials are shown: %s", text)
		}
	}
}

func TestGitHearsNothingOfTheEnvironmentButItsNetwork(t *testing.T) {
	o := newOrigin(t)
	pinned := o.commit(map[string]string{"a": "a"})
	home := t.TempDir()
	// Each of these would break the fetch, or send a password, if Git saw it.
	for name, content := range map[string]string{
		".gitconfig": "[url \"https://nowhere.invalid/\"]\n\tinsteadOf = https://127.0.0.1\n",
		".netrc":     "machine 127.0.0.1 login user password hush\n",
	} {
		if err := os.WriteFile(filepath.Join(home, name), []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	backend := o.smart()
	url, fetcher := serveGit(t, fetch.Limits{}, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Header.Get("Authorization") != "" {
			t.Error("a password was sent that the location does not have")
		}
		backend.ServeHTTP(w, r)
	}), "HOME="+home, "GIT_DIR=/nowhere", "GIT_PROXY_COMMAND=false", "GIT_SSL_NO_VERIFY=1", "GIT_CONFIG_GLOBAL="+home+"/.gitconfig")
	t.Setenv("GIT_DIR", "/nowhere")
	t.Setenv("GIT_SSL_CAINFO", "/nowhere")
	if _, err := fetcher.Fetch(t.Context(), gitRequest(url, pinned), t.TempDir()); err != nil {
		t.Error(err)
	}
}

func TestGitFailuresSayWhatToDo(t *testing.T) {
	o := newOrigin(t)
	commit := strings.Repeat("0b", 20)
	redirect := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		http.Redirect(w, r, "/other"+r.URL.Path+"?"+r.URL.RawQuery, http.StatusMovedPermanently)
	})
	tests := map[string]struct {
		handler http.Handler
		text    string
	}{
		"no repository":  {http.NotFoundHandler(), "no such repository"},
		"a redirect":     {redirect, "has moved"},
		"a broken reply": {http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(502) }), "502"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			url, fetcher := serveGit(t, fetch.Limits{}, test.handler)
			says(t, refused(t, fetcher, gitRequest(url, commit)), "fetch-failed", test.text)
		})
	}
	url, _ := serveGit(t, fetch.Limits{}, o.smart())
	wary := fetch.New(fetch.Options{Environment: []string{"PATH=" + os.Getenv("PATH")}})
	says(t, refused(t, wary, gitRequest(url, commit)), "fetch-failed", "GIT_SSL_CAINFO")
	without := fetch.New(fetch.Options{Environment: []string{"PATH=relative:" + t.TempDir()}})
	says(t, refused(t, without, gitRequest(url, commit)), "fetch-failed", "git is not on the PATH")
}
