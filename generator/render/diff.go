package render

import (
	"bytes"
	"fmt"
	"slices"
	"strings"

	"github.com/pmezard/go-difflib/difflib"

	"cutover/generator/overlay"
)

// Difference is what happens to one object between two streams.
type Difference struct {
	Object overlay.Object `json:"object"`
	// Change is added, changed or removed.
	Change string `json:"change"`
	// Text is a unified diff of the object's YAML.
	Text string `json:"diff"`
}

// Diff compares two streams object by object. The order is that of the second stream;
// removed objects stand last. Objects that are the same are left out.
func Diff(before, after []byte) ([]Difference, error) {
	old, oldOrder, err := byObject(before, after)
	if err != nil {
		return nil, err
	}
	now, order, err := byObject(after, before)
	if err != nil {
		return nil, err
	}
	var all []Difference
	for _, object := range order {
		change := "changed"
		if _, ok := old[object]; !ok {
			change = "added"
		}
		all = append(all, difference(object, change, old[object], now[object]))
	}
	for _, object := range oldOrder {
		if _, ok := now[object]; !ok {
			all = append(all, difference(object, "removed", old[object], ""))
		}
	}
	return all, nil
}

// byObject takes a stream apart, and leaves out the documents that the other stream holds
// to the letter: of 20,000 topics none needs parsing when none has changed.
func byObject(stream, other []byte) (map[overlay.Object]string, []overlay.Object, error) {
	same := make(map[string]bool)
	for _, text := range documents(other) {
		same[text] = true
	}
	texts := make(map[overlay.Object]string)
	var order []overlay.Object
	for _, text := range documents(stream) {
		if same[text] {
			continue
		}
		objects, err := Objects("stream", []byte(text))
		if err != nil {
			return nil, nil, err
		}
		if len(objects) == 0 {
			continue
		}
		texts[objects[0]] = text
		order = append(order, objects[0])
	}
	return texts, order, nil
}

// lines splits a text that ends with a line break into its lines, breaks included.
func lines(text string) []string { return slices.Collect(strings.Lines(text)) }

func documents(stream []byte) []string {
	var all []string
	for _, part := range bytes.Split(append([]byte("\n"), stream...), []byte("\n---\n")) {
		lines := strings.Split(strings.Trim(string(part), "\n"), "\n")
		lines = slices.DeleteFunc(lines, func(line string) bool { return strings.HasPrefix(line, "# Source: ") })
		if text := strings.Join(lines, "\n"); strings.TrimSpace(text) != "" {
			all = append(all, text+"\n")
		}
	}
	return all
}

func difference(object overlay.Object, change, before, after string) Difference {
	d := Difference{Object: object, Change: change}
	if change == "changed" {
		d.Text, _ = difflib.GetUnifiedDiffString(difflib.UnifiedDiff{ // writes to memory, which does not fail
			A: lines(before), B: lines(after), Context: 3,
			FromFile: object.String(), ToFile: object.String(),
		})
		return d
	}
	sign, from, to, text := "+", "/dev/null", object.String(), after
	if change == "removed" {
		sign, from, to, text = "-", object.String(), "/dev/null", before
	}
	var out strings.Builder
	lines := strings.Split(strings.TrimSuffix(text, "\n"), "\n")
	added, removed := fmt.Sprintf("1,%d", len(lines)), "0,0"
	if change == "removed" {
		added, removed = removed, added
	}
	fmt.Fprintf(&out, "--- %s\n+++ %s\n@@ -%s +%s @@\n", from, to, removed, added)
	for _, line := range lines {
		out.WriteString(sign + line + "\n")
	}
	d.Text = out.String()
	return d
}
