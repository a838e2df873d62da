package conversion_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"cutover/generator/conversion"
)

func diff(t testing.TB, input string) string {
	t.Helper()
	var out strings.Builder
	editor := conversion.NewDiff(&out, "export.yaml")
	source := conversion.Source{Name: "export.yaml", Content: strings.NewReader(input), Size: int64(len(input))}
	if _, err := conversion.Convert(t.Context(), source, target(t), editor, func(conversion.Change) error { return nil }); err != nil {
		t.Fatal(err)
	}
	if err := editor.Close(); err != nil {
		t.Fatal(err)
	}
	return out.String()
}

// patched applies a unified diff, and requires that every line of it is true.
func patched(t testing.TB, input, patch string) string {
	t.Helper()
	const open = "\\ No newline at end of file\n"
	var out strings.Builder
	lines := slices.Collect(strings.Lines(input))
	at := 0
	all := slices.Collect(strings.Lines(patch))
	for i := 2; i < len(all); i++ {
		text := all[i][1:]
		if i+1 < len(all) && all[i+1] == open {
			text = strings.TrimSuffix(text, "\n")
		}
		switch all[i][0] {
		case '@':
			var from, count, to, fresh int
			if _, err := fmt.Sscanf(all[i], "@@ -%d,%d +%d,%d @@", &from, &count, &to, &fresh); err != nil {
				t.Fatal(err)
			}
			if count == 0 {
				from++
			}
			out.WriteString(strings.Join(lines[at:from-1], ""))
			at = from - 1
			if got := strings.Count(out.String(), "\n") + 1; fresh > 0 && got != to {
				t.Errorf("%s begins on line %d of the result", all[i], got)
			}
		case ' ', '-':
			if lines[at] != text {
				t.Fatalf("line %d is %q, and the diff says %q", at+1, lines[at], text)
			}
			if at++; all[i][0] == ' ' {
				out.WriteString(text)
			}
		case '+':
			out.WriteString(text)
		}
	}
	return out.String() + strings.Join(lines[at:], "")
}

func TestTheDiffLeadsFromTheStreamToItsConversion(t *testing.T) {
	for name, input := range corpus(t) {
		for ending, text := range map[string]string{"": input, " without a last line break": strings.TrimSuffix(input, "\n"), " with a byte order mark": "\ufeff" + input} {
			t.Run(name+ending, func(t *testing.T) {
				patch := diff(t, text)
				if got, want := patched(t, text, patch), convert(t, text).text; got != want {
					t.Errorf("got:\n%s\nwant:\n%s\nby:\n%s", got, want, patch)
				}
			})
		}
	}
}

func TestADiffHoldsThreeLinesAroundWhatChanges(t *testing.T) {
	topic := "apiVersion: kafka.strimzi.io/v1beta1\nkind: KafkaTopic\nmetadata:\n  name: a\n  labels:\n    a: b\nspec:\n  partitions: 1\n"
	want := "--- export.yaml\n+++ export.yaml\n@@ -1,4 +1,4 @@\n-apiVersion: kafka.strimzi.io/v1beta1\n+apiVersion: kafka.strimzi.io/v1beta2\n kind: KafkaTopic\n metadata:\n   name: a\n" +
		"@@ -7,7 +7,7 @@\n spec:\n   partitions: 1\n ---\n-apiVersion: kafka.strimzi.io/v1beta1\n+apiVersion: kafka.strimzi.io/v1beta2\n kind: KafkaTopic\n metadata:\n   name: a\n"
	if got := diff(t, topic+"---\n"+topic); got != want {
		t.Errorf("got:\n%s\nwant:\n%s", got, want)
	}
	if got := diff(t, strings.ReplaceAll(topic, "v1beta1", "v1beta2")); got != "" {
		t.Errorf("got %q for what does not change", got)
	}
}
