package fuzz_test

import (
	"bufio"
	"encoding/json"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// rule is a row of the product's conversion table.
type rule struct{ Name, Kind, Path, Action, To string }

// The actions that a rule can have.
const (
	setVersion         = "set-version"
	moveField          = "move"
	deleteField        = "delete"
	listenersToArray   = "listeners-to-array"
	policyToListeners  = "policy-to-listeners"
	loggingToReference = "logging-to-reference"
	metricsToConfigMap = "metrics-to-configmap"
)

// paths gives the fields that a rule is about, {a,b} written out.
func (r rule) paths() []string {
	from, rest, found := strings.Cut(r.Path, "{")
	if !found {
		return []string{r.Path}
	}
	names, rest, _ := strings.Cut(rest, "}")
	var paths []string
	for _, name := range strings.Split(names, ",") {
		paths = append(paths, from+name+rest)
	}
	return paths
}

// converted is what the product makes of one object for one Strimzi release.
type converted struct {
	Objects  []string
	Lint     [][]reported
	Changes  []change
	Refused  []reported
	Again    string
	Modified bool
	// known are the objects once they were read.
	known []map[string]any
}

// reported is a finding.
type reported struct{ Rule, Severity, Message, Hint string }

// change is one thing that a rule did.
type change struct{ Rule, Path, To string }

// converter is a running testdata/converter: the product's conversion behind a pipe, so that
// this module and the product need not agree on the versions of what they are built with.
type converter struct {
	rules  []rule
	in     *json.Encoder
	out    *json.Decoder
	stderr *strings.Builder
}

// buildConverter compiles testdata/converter within the product's module.
func buildConverter(t *testing.T) string {
	t.Helper()
	repository, err := filepath.Abs(filepath.Join("..", "..", ".."))
	if err != nil {
		t.Fatal(err)
	}
	binary := filepath.Join(t.TempDir(), "converter")
	build := exec.CommandContext(t.Context(), "go", "build", "-o", binary, "e2e/conformance/fuzz/testdata/converter/main.go")
	build.Dir = repository
	if output, err := build.CombinedOutput(); err != nil {
		t.Fatalf("build the converter: %v\n%s", err, output)
	}
	return binary
}

// startConverter runs it until the test ends.
func startConverter(t *testing.T, binary string) *converter {
	t.Helper()
	command := exec.CommandContext(t.Context(), binary)
	// It makes much garbage and keeps nothing.
	command.Env = append(os.Environ(), "GOGC=800", "GOMAXPROCS=1")
	stdin, err := command.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	stdout, err := command.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	stderr := &strings.Builder{}
	command.Stderr = stderr
	if err := command.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = stdin.Close()
		_, _ = io.Copy(io.Discard, stdout)
		_ = command.Wait()
	})
	c := &converter{in: json.NewEncoder(stdin), out: json.NewDecoder(bufio.NewReaderSize(stdout, 1<<16)), stderr: stderr}
	if err := c.out.Decode(&c.rules); err != nil {
		t.Fatalf("the converter gives no rules: %v\n%s", err, stderr)
	}
	return c
}

// convert gives what the product makes of an object, release by release.
func (c *converter) convert(t *testing.T, text string, releases []string) []converted {
	t.Helper()
	var results []converted
	err := c.in.Encode(map[string]any{"Text": text, "Releases": releases})
	if err == nil {
		err = c.out.Decode(&results)
	}
	if err != nil || len(results) != len(releases) {
		t.Fatalf("the converter broke down over this object: %v\n%s\n%s", err, text, c.stderr)
	}
	return results
}
