package conformance_test

import (
	"encoding/base64"
	"path/filepath"
	"strings"
	"testing"

	"cutover/e2e/conformance/manifest"
)

// shortest is the length from which a text is a secret and not a word such as "truststore".
const shortest = 12

// secretTexts gives everything in the Secrets of an export by which a value would be
// recognised: base64, the value itself, each of its lines, and each value in double base64,
// as a Secret within a Secret would have it. The namespace key of a token is no secret.
func secretTexts(t *testing.T, export string) map[string]string {
	t.Helper()
	texts := make(map[string]string)
	for name, content := range snapshot(t, export) {
		if !strings.HasSuffix(name, ".yaml") {
			continue
		}
		for id, object := range parse(t, content) {
			if id.Kind != "Secret" {
				continue
			}
			for key, value := range valuesOf(t, object) {
				where := id.Namespace + "/" + id.Name + " key " + key
				for _, text := range forms(value) {
					if len(text) >= shortest && key != "namespace" {
						texts[text] = where
					}
				}
			}
		}
	}
	return texts
}

// valuesOf gives the decoded values of a Secret.
func valuesOf(t *testing.T, secret manifest.Object) map[string]string {
	t.Helper()
	values := make(map[string]string)
	data, _ := secret["data"].(map[string]any)
	for key, value := range data {
		decoded, err := base64.StdEncoding.DecodeString(value.(string))
		if err != nil {
			t.Fatalf("%s key %s: %v", secret.ID(), key, err)
		}
		values[key] = string(decoded)
	}
	clear, _ := secret["stringData"].(map[string]any)
	for key, value := range clear {
		values[key] = value.(string)
	}
	return values
}

func forms(value string) []string {
	once := base64.StdEncoding.EncodeToString([]byte(value))
	all := []string{value, strings.TrimSpace(value), once, base64.StdEncoding.EncodeToString([]byte(once))}
	for line := range strings.Lines(value) {
		line = strings.TrimSpace(line)
		// The frame of a certificate says nothing.
		if !strings.HasPrefix(line, "-----") {
			all = append(all, line)
		}
	}
	return all
}

// leaks lists the files that hold one of the texts, with the Secret it is from.
func leaks(files map[string]string, texts map[string]string) []string {
	var found []string
	for file, content := range files {
		for text, where := range texts {
			if strings.Contains(content, text) {
				found = append(found, file+" holds the value of Secret "+where)
			}
		}
	}
	return found
}

func TestNoSecretValueIsWritten(t *testing.T) {
	each(t, func(t *testing.T, p product, v variant) {
		example := p.example(t, v)
		texts := secretTexts(t, filepath.Join(example, "export"))
		if len(texts) < 20 {
			t.Fatalf("the export holds %d texts to look for, want those of many Secrets", len(texts))
		}
		if len(leaks(snapshot(t, filepath.Join(example, "export")), texts)) == 0 {
			t.Fatal("the search does not even find the values in the export")
		}
		out := filepath.Join(t.TempDir(), "tree")
		r := try(t, filepath.Dir(example), p.cutover, "generate", example, "--out", out)
		if r.code != 0 {
			t.Fatalf("generate: exit code %d\n%s", r.code, r.stderr)
		}
		files := snapshot(t, out)
		files["the output of generate"] = r.stdout + r.stderr
		for _, cluster := range sides() {
			all := phases(t, out)
			files["the stream of the "+cluster], _ = p.render(t, out, cluster, "--phase", all[len(all)-1].number())
		}
		for _, leak := range leaks(files, texts) {
			t.Error(leak)
		}
	})
}
