package argocd_test

import (
	"strings"
	"testing"

	"sigs.k8s.io/yaml"
)

func TestMissing(t *testing.T) {
	for _, c := range []struct{ sentence, want, live, differs string }{
		{"more fields are no difference", "{a: 1, b: {c: x}}", "{a: 1, b: {c: x, d: y}, e: z}", ""},
		{"another value is one", "{b: {c: x}}", "{b: {c: other}}", ".b.c is other, want x"},
		{"so is a field that is not there", "{b: {c: x}}", "{}", ".b is <nil>, want fields"},
		{"a list is held as a whole", "{l: [1, 2]}", "{l: [1, 2, 3]}", ".l is [1 2 3], want [1 2]"},
		{"items of a list may have more fields", "{l: [{a: 1}]}", "{l: [{a: 1, b: 2}]}", ""},
		{"a number may be written in another type", "{a: 1}", "{a: 1.0}", ""},
	} {
		t.Run(c.sentence, func(t *testing.T) {
			var want, live map[string]any
			for text, into := range map[string]*map[string]any{c.want: &want, c.live: &live} {
				if err := yaml.Unmarshal([]byte(text), into); err != nil {
					t.Fatal(err)
				}
			}
			if got := strings.Join(missing(want, live, ""), "\n"); got != c.differs {
				t.Errorf("got %q, want %q", got, c.differs)
			}
		})
	}
}
