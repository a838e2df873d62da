// Package conformance_test holds what cutover writes against the tools and the schemas that
// will read it: helm, kustomize, and the CRDs of the Strimzi releases.
package conformance_test

import (
	"bytes"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"cutover/e2e/conformance/crd"
)

// product is the built cutover, the real tools, and the repository they are held against.
type product struct {
	cutover, helm, kustomize string
	repository               string
}

// tools gives the programs that e2e/conformance/run has built.
func tools(t *testing.T) product {
	t.Helper()
	if os.Getenv("CUTOVER_E2E") == "" {
		t.Skip("needs the real helm and kustomize: run e2e/conformance/run")
	}
	repository, err := filepath.Abs(filepath.Join("..", ".."))
	if err != nil {
		t.Fatal(err)
	}
	return product{program(t, "CUTOVER_BINARY"), program(t, "CUTOVER_HELM"), program(t, "CUTOVER_KUSTOMIZE"), repository}
}

func program(t *testing.T, variable string) string {
	t.Helper()
	path := os.Getenv(variable)
	if path == "" {
		t.Fatalf("%s is not set: run e2e/conformance/run", variable)
	}
	return path
}

// definitions gives the official CRDs of one Strimzi release.
func definitions(t *testing.T, release string) crd.Definitions {
	t.Helper()
	folder := os.Getenv("CUTOVER_CRDS")
	if folder == "" {
		folder = filepath.Join("..", "..", "..", "shared", "crds")
	}
	folder = filepath.Join(folder, "strimzi-"+release)
	if _, err := os.Stat(folder); errors.Is(err, os.ErrNotExist) {
		t.Skipf("the official CRDs of Strimzi %s are not in %s: set CUTOVER_CRDS", release, folder)
	}
	loaded, err := crd.Load(folder)
	if err != nil {
		t.Fatal(err)
	}
	return loaded
}

// result is how a program ended.
type result struct {
	code           int
	stdout, stderr string
}

// try runs a program in dir, whatever its exit code.
func try(t *testing.T, dir, name string, args ...string) result {
	t.Helper()
	var stdout, stderr bytes.Buffer
	command := exec.CommandContext(t.Context(), name, args...)
	command.Dir, command.Stdout, command.Stderr = dir, &stdout, &stderr
	// Neither plugins nor settings of whoever runs the tests.
	command.Env = append(os.Environ(), "HELM_PLUGINS=/nonexistent", "HELM_NAMESPACE=", "HELM_KUBECONTEXT=", "KUBECONFIG=/nonexistent", "NO_COLOR=1")
	err := command.Run()
	var exit *exec.ExitError
	if err != nil && !errors.As(err, &exit) {
		t.Fatalf("%s: %v", filepath.Base(name), err)
	}
	return result{command.ProcessState.ExitCode(), stdout.String(), stderr.String()}
}

// run runs a program that must succeed, and gives its standard output.
func run(t *testing.T, dir, name string, args ...string) string {
	t.Helper()
	r := try(t, dir, name, args...)
	if r.code != 0 {
		t.Fatalf("%s %s: exit code %d\n%s", filepath.Base(name), strings.Join(args, " "), r.code, r.stderr)
	}
	return r.stdout
}

// read gives a file's content.
func read(t *testing.T, path string) string {
	t.Helper()
	content, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(content)
}

// write replaces a file's content.
func write(t *testing.T, path, content string) {
	t.Helper()
	if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
}
