package main

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"encoding/pem"
	"errors"
	"fmt"
	"io/fs"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"
)

func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){"cutover": main})
}

// TestScripts runs the commands as a person or a pipeline does. Beside testscript's own
// commands a script has:
//
//	small DIR             copies the small example into DIR
//	edit FILE OLD NEW     replaces OLD, which stands in FILE once; \n is a line break
//	code N COMMAND…       runs a command that must end with exit code N
//	grow FILE MIB         appends comment lines until FILE is larger than MIB
//
// With -short they are those of commands that do something beside something else, which is
// where the race detector has anything to find.
func TestScripts(t *testing.T) {
	dir, files := "testdata/script", []string(nil)
	if testing.Short() {
		dir, files = "", []string{"testdata/script/generate.txtar", "testdata/script/gate.txtar", "testdata/script/vendor.txtar", "testdata/script/cmp.txtar"}
	}
	root, err := filepath.Abs("../..")
	if err != nil {
		t.Fatal(err)
	}
	testscript.Run(t, testscript.Params{
		Dir:   dir,
		Files: files,
		Setup: func(env *testscript.Env) error {
			env.Setenv("SMALL", filepath.Join(root, "cmd/cutover/testdata/small"))
			env.Setenv("FREIGHT", filepath.Join(root, "examples/freight"))
			return serve(env)
		},
		Condition: func(name string) (bool, error) {
			if name == "root" {
				return os.Getuid() == 0, nil
			}
			return false, fmt.Errorf("unknown condition %q", name)
		},
		Cmds: map[string]func(*testscript.TestScript, bool, []string){"small": small, "edit": edit, "code": code, "grow": grow},
	})
}

// serve offers the small export as an archive over https: $URL, whose sha256 is $CHECKSUM.
// Its certificate is trusted by way of SSL_CERT_FILE.
func serve(env *testscript.Env) error {
	archive, err := packed(os.DirFS(filepath.Join(env.Getenv("SMALL"), "export")))
	if err != nil {
		return err
	}
	server := httptest.NewTLSServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path != "/export.tar.gz" {
			http.NotFound(w, r)
			return
		}
		_, _ = w.Write(archive)
	}))
	env.Defer(server.Close)
	certificate := filepath.Join(env.WorkDir, "authority.pem")
	env.Setenv("URL", server.URL+"/export.tar.gz")
	env.Setenv("CHECKSUM", fmt.Sprintf("sha256:%x", sha256.Sum256(archive)))
	env.Setenv("SSL_CERT_FILE", certificate)
	block := &pem.Block{Type: "CERTIFICATE", Bytes: server.Certificate().Raw}
	return os.WriteFile(certificate, pem.EncodeToMemory(block), 0o600)
}

func packed(folder fs.FS) ([]byte, error) {
	var out bytes.Buffer
	compressed := gzip.NewWriter(&out)
	archive := tar.NewWriter(compressed)
	if err := archive.AddFS(folder); err != nil {
		return nil, err
	}
	err := errors.Join(archive.Close(), compressed.Close())
	return out.Bytes(), err
}

func small(ts *testscript.TestScript, _ bool, args []string) {
	ts.Check(os.CopyFS(ts.MkAbs(args[0]), os.DirFS(ts.Getenv("SMALL"))))
}

func edit(ts *testscript.TestScript, _ bool, args []string) {
	content := ts.ReadFile(args[0])
	unescape := strings.NewReplacer(`\n`, "\n").Replace
	if strings.Count(content, unescape(args[1])) != 1 {
		ts.Fatalf("%q does not stand in %s once", args[1], args[0])
	}
	content = strings.Replace(content, unescape(args[1]), unescape(args[2]), 1)
	ts.Check(os.WriteFile(ts.MkAbs(args[0]), []byte(content), 0o600))
}

func code(ts *testscript.TestScript, _ bool, args []string) {
	want, err := strconv.Atoi(args[0])
	ts.Check(err)
	got := 0
	if err := ts.Exec(args[1], args[2:]...); err != nil {
		exit, ok := err.(*exec.ExitError) //nolint:errorlint // Exec gives it bare
		if !ok {
			ts.Fatalf("%v", err)
		}
		got = exit.ExitCode()
	}
	if got != want {
		ts.Fatalf("exit code %d, want %d", got, want)
	}
}

func grow(ts *testscript.TestScript, _ bool, args []string) {
	size, err := strconv.Atoi(args[1])
	ts.Check(err)
	file, err := os.OpenFile(ts.MkAbs(args[0]), os.O_APPEND|os.O_WRONLY|os.O_CREATE, 0o600)
	ts.Check(err)
	line := "# " + strings.Repeat("x", 1022-len("# \n")) + "\n"
	_, err = file.WriteString(strings.Repeat(line, 1+size<<10))
	ts.Check(err)
	ts.Check(file.Close())
}
