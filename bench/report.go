package main

import (
	"bufio"
	"bytes"
	"debug/buildinfo"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"runtime"
	"slices"
	"strings"
)

// report is the result of one run of the benchmark.
type report struct {
	Machine description `json:"machine"`
	Rows    []row       `json:"rows"`
}

// description says where the numbers come from.
type description struct {
	OS           string `json:"os"`
	Architecture string `json:"architecture"`
	Processor    string `json:"processor,omitempty"`
	Cores        int    `json:"cores"`
	Go           string `json:"go"`
	Helm         string `json:"helm"`
	Kustomize    string `json:"kustomize"`
}

func machine(o options) description {
	return description{
		OS: runtime.GOOS, Architecture: runtime.GOARCH, Processor: processor(), Cores: runtime.NumCPU(), Go: runtime.Version(),
		Helm: version(o.helm), Kustomize: version(o.kustomize),
	}
}

// version reads from a Go program which version of its module it was built from; "unknown"
// where that was not told to the compiler.
func version(name string) string {
	path, err := exec.LookPath(name)
	if err != nil {
		return "unknown"
	}
	info, err := buildinfo.ReadFile(path)
	if err != nil || info.Main.Version == "" {
		return "unknown"
	}
	return info.Main.Version
}

// processor gives the processor's name where Linux tells it.
func processor() string {
	content, err := os.ReadFile("/proc/cpuinfo")
	if err != nil {
		return ""
	}
	scanner := bufio.NewScanner(bytes.NewReader(content))
	for scanner.Scan() {
		if key, value, ok := strings.Cut(scanner.Text(), ":"); ok && strings.TrimSpace(key) == "model name" {
			return strings.TrimSpace(value)
		}
	}
	return ""
}

// publish prints the page and writes the files that were asked for.
func (r report) publish(o options) error {
	page := r.markdown()
	_, err := os.Stdout.WriteString(page)
	if o.json != "" {
		content, failed := json.MarshalIndent(r, "", "  ")
		err = errors.Join(err, failed, os.WriteFile(o.json, append(content, '\n'), 0o600))
	}
	if o.write != "" {
		err = errors.Join(err, os.WriteFile(o.write, []byte(page), 0o644)) //nolint:gosec // a page for everybody
	}
	return err
}

func (r report) markdown() string {
	var out strings.Builder
	m := r.Machine
	fmt.Fprintf(&out, `# Benchmark

What a migration of many topics costs, as `+"`bench/run`"+` measures it: the wall time of the
fastest run and the highest peak of resident memory of any run. Users are a tenth of the
topics. `+"`render`"+` gives the whole target in its last phase, `+"`kustomize build`"+` the same
objects; `+"`helm template`"+` gives the topics release alone.

%s/%s, %d cores%s; %s, helm %s, kustomize %s.

| topics | users | generate | render | helm template | kustomize build | render is faster by |
|---:|---:|---:|---:|---:|---:|---:|
`, m.OS, m.Architecture, m.Cores, prefixed(", ", m.Processor), m.Go, m.Helm, m.Kustomize)
	for _, row := range r.Rows {
		fmt.Fprintf(&out, "| %s | %s | %s | %s | %s | %s | %s |\n", thousands(row.Topics), thousands(row.Users),
			row.Generate, row.Render, row.Helm, row.Kustomize, row.faster())
	}
	if line := r.growth(); line != "" {
		fmt.Fprintf(&out, "\n%s\n", line)
	}
	return out.String()
}

// String gives "1.23 s, 456 MiB", and "–" for what was not measured.
func (c *cost) String() string {
	if c == nil {
		return "–"
	}
	return fmt.Sprintf("%.2f s, %.0f MiB", c.Seconds, c.Mebibytes)
}

// faster says how many times faster render is than kustomize build.
func (r row) faster() string {
	if r.Kustomize == nil {
		return "–"
	}
	return fmt.Sprintf("%.0f×", r.Kustomize.Seconds/r.Render.Seconds)
}

// growth compares the largest size with the smallest: linear growth gives a factor of time
// not above that of the topics.
func (r report) growth() string {
	if len(r.Rows) < 2 {
		return ""
	}
	least, most := r.Rows[0], r.Rows[len(r.Rows)-1]
	return fmt.Sprintf("From %s to %s topics, %.0f times as many, generate takes %.1f times as long and render %.1f times.",
		thousands(least.Topics), thousands(most.Topics), float64(most.Topics)/float64(least.Topics),
		most.Generate.Seconds/least.Generate.Seconds, most.Render.Seconds/least.Render.Seconds)
}

func prefixed(prefix, text string) string {
	if text == "" {
		return ""
	}
	return prefix + text
}

// thousands gives 20,000 for 20000.
func thousands(n int) string {
	if n < 1000 {
		return fmt.Sprint(n)
	}
	return fmt.Sprintf("%s,%03d", thousands(n/1000), n%1000)
}

// sorted gives the numbers of all lists, each once, smallest first.
func sorted(lists ...[]int) []int {
	all := slices.Concat(lists...)
	slices.Sort(all)
	return slices.Compact(all)
}
