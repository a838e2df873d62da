package fetch_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"cutover/generator/fetch"
)

func TestAPlainFileStaysAFile(t *testing.T) {
	server, fetcher := serveBytes(t, fetch.Limits{}, []byte(export))
	dir := t.TempDir()
	locked, err := fetcher.Fetch(t.Context(), request(server.URL+"/a/export.yaml", sum([]byte(export))), dir)
	if err != nil {
		t.Fatal(err)
	}
	want := fetch.Locked{
		Name: "source.inventory", URL: server.URL + "/a/export.yaml", Checksum: sum([]byte(export)),
		Path:   "source.inventory/export.yaml",
		Digest: sum([]byte(strings.TrimPrefix(sum([]byte(export)), "sha256:") + "  export.yaml\n")), Files: 1,
	}
	if locked != want {
		t.Errorf("got %+v, want %+v", locked, want)
	}
	got := files(t, dir)
	if len(got) != 1 || got["vendor/source.inventory/export.yaml"] != export {
		t.Errorf("got %v", got)
	}
}

func TestTheChecksumMayBeWrittenInCapitals(t *testing.T) {
	server, fetcher := serveBytes(t, fetch.Limits{}, []byte(export))
	checksum := "sha256:" + strings.ToUpper(strings.TrimPrefix(sum([]byte(export)), "sha256:"))
	if _, err := fetcher.Fetch(t.Context(), request(server.URL+"/e.yaml", checksum), t.TempDir()); err != nil {
		t.Error(err)
	}
}

func TestWhatTheServerSendsInsteadIsAFinding(t *testing.T) {
	status := func(code int) http.HandlerFunc {
		return func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(code) }
	}
	tests := map[string]struct {
		handler http.HandlerFunc
		rule    string
		text    string
	}{
		"a wrong checksum": {func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, "other") }, "fetch-checksum", sum([]byte("other"))},
		"an answer 401":    {status(401), "fetch-failed", "sign-in"},
		"an answer 404":    {status(404), "fetch-failed", "answers 404"},
		"an answer 500":    {status(500), "fetch-failed", "answers 500"},
		"a redirect to http": {func(w http.ResponseWriter, r *http.Request) {
			http.Redirect(w, r, "http://example.invalid/export.yaml?token=hush", http.StatusFound)
		}, "fetch-failed", "http://example.invalid/export.yaml, which is not https"},
		"a redirect to a file": {func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Location", "file:///etc/passwd")
			w.WriteHeader(http.StatusFound)
		}, "fetch-failed", "not https"},
		"an endless redirect": {func(w http.ResponseWriter, r *http.Request) {
			http.Redirect(w, r, r.URL.Path, http.StatusFound)
		}, "fetch-failed", "more than 5 times"},
		"a declared size beyond the limit": {func(w http.ResponseWriter, _ *http.Request) {
			_, _ = w.Write(make([]byte, 2000))
		}, "fetch-too-large", "1000 bytes"},
		"a stream beyond the limit": {func(w http.ResponseWriter, _ *http.Request) {
			for range 50 {
				_, _ = w.Write(make([]byte, 100))
				w.(http.Flusher).Flush()
			}
		}, "fetch-too-large", "1000 bytes"},
		"a file that is cut short": {func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Length", "500")
			fmt.Fprint(w, "half")
		}, "fetch-failed", "unexpected EOF"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			server, fetcher := serve(t, fetch.Limits{Download: 1000}, test.handler)
			found := refused(t, fetcher, request(server.URL+"/export.yaml", sum([]byte(export))))
			says(t, found, test.rule, test.text)
			if strings.Contains(found.Message+found.Hint, "hush") {
				t.Errorf("the redirect's token is shown: %s", found.Message)
			}
		})
	}
}

func TestAFileOfExactlyTheLimitIsTaken(t *testing.T) {
	content := make([]byte, 1000)
	server, fetcher := serveBytes(t, fetch.Limits{Download: 1000}, content)
	if _, err := fetcher.Fetch(t.Context(), request(server.URL+"/e.bin", sum(content)), t.TempDir()); err != nil {
		t.Error(err)
	}
}

func TestBytesAreTakenAsTheyAreSent(t *testing.T) {
	content := tgz(t, file("a.yaml", "a"))
	server, fetcher := serve(t, fetch.Limits{}, func(w http.ResponseWriter, _ *http.Request) {
		// Servers that guess say this of a .tar.gz, though it is how the file is.
		w.Header().Set("Content-Encoding", "gzip")
		_, _ = w.Write(content)
	})
	if _, err := fetcher.Fetch(t.Context(), request(server.URL+"/e.tar.gz", sum(content)), t.TempDir()); err != nil {
		t.Error(err)
	}
}

func TestARedirectWithinHTTPSIsFollowedWithoutNamingWhereItCameFrom(t *testing.T) {
	var referers, agents []string
	server, fetcher := serve(t, fetch.Limits{}, func(w http.ResponseWriter, r *http.Request) {
		referers = append(referers, r.Header.Get("Referer"))
		if r.URL.Path == "/old.yaml" {
			http.Redirect(w, r, "/new.yaml", http.StatusFound)
			return
		}
		agents = append(agents, r.URL.RawQuery)
		fmt.Fprint(w, export)
	})
	if _, err := fetcher.Fetch(t.Context(), request(server.URL+"/old.yaml?token=hush", sum([]byte(export))), t.TempDir()); err != nil {
		t.Fatal(err)
	}
	if got := strings.Join(referers, ""); got != "" || len(referers) != 2 {
		t.Errorf("the page before was named in %d requests: %q", len(referers), got)
	}
	if len(agents) != 1 || agents[0] != "" {
		t.Errorf("the redirect's target was asked with %q", agents)
	}
}

func TestXTerraformGetIsIgnored(t *testing.T) {
	asked := 0
	server, fetcher := serve(t, fetch.Limits{}, func(w http.ResponseWriter, r *http.Request) {
		asked++
		w.Header().Set("X-Terraform-Get", "file:///etc")
		if r.URL.Query().Has("terraform-get") {
			t.Error("the server was asked for a Terraform source")
		}
		fmt.Fprint(w, export)
	})
	dir := t.TempDir()
	if _, err := fetcher.Fetch(t.Context(), request(server.URL+"/e.yaml", sum([]byte(export))), dir); err != nil {
		t.Fatal(err)
	}
	if got := files(t, dir); asked != 1 || got["vendor/source.inventory/e.yaml"] != export {
		t.Errorf("asked %d times, got %v", asked, got)
	}
}

func TestNetrcIsNotRead(t *testing.T) {
	home := t.TempDir()
	server, fetcher := serve(t, fetch.Limits{}, func(w http.ResponseWriter, r *http.Request) {
		if r.Header.Get("Authorization") != "" {
			t.Error("a password was sent that the location does not have")
		}
		fmt.Fprint(w, export)
	})
	netrc := filepath.Join(home, ".netrc")
	if err := os.WriteFile(netrc, []byte("machine "+server.Listener.Addr().String()+" login user password hush\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	t.Setenv("HOME", home)
	t.Setenv("NETRC", netrc)
	if _, err := fetcher.Fetch(t.Context(), request(server.URL+"/e.yaml", sum([]byte(export))), t.TempDir()); err != nil {
		t.Fatal(err)
	}
}

func TestAServerThatIsNotTrustedIsRefused(t *testing.T) {
	server, _ := serveBytes(t, fetch.Limits{}, []byte(export))
	found := refused(t, fetch.New(fetch.Options{}), request(server.URL+"/e.yaml", sum([]byte(export))))
	says(t, found, "fetch-failed", "certificate is not trusted")
}

func TestASlowServerEndsAtTheTimeLimit(t *testing.T) {
	release := make(chan struct{})
	server, fetcher := serve(t, fetch.Limits{Timeout: 200 * time.Millisecond}, func(w http.ResponseWriter, _ *http.Request) {
		fmt.Fprint(w, "half")
		w.(http.Flusher).Flush()
		<-release
	})
	defer close(release)
	says(t, refused(t, fetcher, request(server.URL+"/e.yaml", sum([]byte(export)))), "fetch-failed", "within 200ms")
}

func TestAnInterruptedDownloadLeavesNothing(t *testing.T) {
	ctx, cancel := cancelled(t)
	release := make(chan struct{})
	server, fetcher := serve(t, fetch.Limits{}, func(w http.ResponseWriter, _ *http.Request) {
		fmt.Fprint(w, "half")
		w.(http.Flusher).Flush()
		cancel()
		<-release
	})
	defer close(release)
	dir := t.TempDir()
	_, err := fetcher.Fetch(ctx, request(server.URL+"/e.yaml?token=hush", sum([]byte(export))), dir)
	if !errors.Is(err, context.Canceled) || strings.Contains(err.Error(), "hush") {
		t.Errorf("got %v", err)
	}
	if entries, err := os.ReadDir(dir); err != nil || len(entries) != 0 {
		t.Errorf("left behind: %v, %v", entries, err)
	}
}

func TestCredentialsReachTheServerAndNothingElse(t *testing.T) {
	var handler http.HandlerFunc
	var asked []*http.Request
	server, fetcher := serve(t, fetch.Limits{}, func(w http.ResponseWriter, r *http.Request) {
		asked = append(asked, r)
		handler(w, r)
	})
	url := strings.Replace(server.URL, "https://", "https://alice:s%2Fcret@", 1) + "/e.yaml?token=hush&X-Amz-Signature=ab%2Fcd"
	answers := map[string]http.HandlerFunc{
		"no such file": http.NotFound,
		"a wrong file": func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, "other") },
		"a bad redirect": func(w http.ResponseWriter, r *http.Request) {
			http.Redirect(w, r, "http://bob:s%2Fcret@x/?"+r.URL.RawQuery, http.StatusFound)
		},
		"a broken protocol": func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) },
		"a broken redirect": func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Location", "https://h:hush/s%2Fcret")
			w.WriteHeader(302)
		},
		"a redirect nowhere": func(w http.ResponseWriter, r *http.Request) {
			http.Redirect(w, r, "https://127.0.0.1:1/?"+r.URL.RawQuery, http.StatusFound)
		},
	}
	for name, answer := range answers {
		t.Run(name, func(t *testing.T) {
			asked, handler = nil, answer
			found := refused(t, fetcher, request(url, sum([]byte(export))))
			user, password, _ := asked[0].BasicAuth()
			if user != "alice" || password != "s/cret" || asked[0].URL.Query().Get("token") != "hush" {
				t.Errorf("the server got user %q, password %q, query %q", user, password, asked[0].URL.RawQuery)
			}
			for _, secret := range []string{"alice", "s/cret", "s%2Fcret", "hush", "ab/cd", "ab%2Fcd"} {
				if text := found.Error() + found.Hint; strings.Contains(text, secret) {
					t.Errorf("%q is shown: %s", secret, text)
				}
			}
		})
	}

	handler = func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, export) }
	dir := t.TempDir()
	vendored(t, fetcher, dir, request(url, sum([]byte(export))))
	lock := files(t, dir)["vendor/cutover.lock"]
	if !strings.Contains(lock, server.URL+"/e.yaml\n") || strings.Contains(lock, "hush") || strings.Contains(lock, "alice") {
		t.Errorf("the lock is\n%s", lock)
	}
}

func TestAHostWithoutServerIsAFinding(t *testing.T) {
	server := httptest.NewTLSServer(http.NotFoundHandler())
	server.Close()
	says(t, refused(t, fetch.New(fetch.Options{}), request(server.URL+"/e.yaml?token=hush", sum(nil))), "fetch-failed", "can be reached")
}
