package fetch_test

import (
	"archive/tar"
	"bytes"
	"encoding/binary"
	"maps"
	"strings"
	"testing"

	"cutover/generator/fetch"
)

func TestArchivesAreUnpackedAndChartsFoundInTheirFolder(t *testing.T) {
	folder := entry{name: "kafka/", kind: tar.TypeDir}
	chart := []entry{folder, file("kafka/Chart.yaml", "name: kafka\n"), file("kafka/templates/a.yaml", "a: 1\n")}
	exports := []entry{file("./topics.yaml", "t"), file("./users/u.yaml", "u")}
	tests := map[string]struct {
		name    string
		content []byte
		path    string
		want    map[string]string
	}{
		"a chart is its folder":           {"kafka-1.tgz", tgz(t, chart...), "source.inventory/kafka", map[string]string{"kafka/Chart.yaml": "name: kafka\n", "kafka/templates/a.yaml": "a: 1\n"}},
		"an export is the whole folder":   {"e.tar.gz", tgz(t, exports...), "source.inventory", map[string]string{"topics.yaml": "t", "users/u.yaml": "u"}},
		"a zip is unpacked too":           {"e.zip", zipped(t, exports...), "source.inventory", map[string]string{"topics.yaml": "t", "users/u.yaml": "u"}},
		"capitals in the ending":          {"E.TGZ", tgz(t, exports...), "source.inventory", map[string]string{"topics.yaml": "t", "users/u.yaml": "u"}},
		"a lone file of an archive":       {"e.tgz", tgz(t, exports[0]), "source.inventory/topics.yaml", map[string]string{"topics.yaml": "t"}},
		"one folder that is no chart":     {"e.tgz", tgz(t, exports[1]), "source.inventory", map[string]string{"users/u.yaml": "u"}},
		"a gzip file of no archive stays": {"e.gz", []byte("\x1f\x8b"), "source.inventory/e.gz", map[string]string{"e.gz": "\x1f\x8b"}},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			server, fetcher := serveBytes(t, fetch.Limits{}, test.content)
			dir := t.TempDir()
			locked, err := fetcher.Fetch(t.Context(), request(server.URL+"/"+test.name, sum(test.content)), dir)
			if err != nil {
				t.Fatal(err)
			}
			if locked.Path != test.path || locked.Files != len(test.want) {
				t.Errorf("got path %s with %d files, want %s with %d", locked.Path, locked.Files, test.path, len(test.want))
			}
			if got := files(t, dir+"/vendor/source.inventory"); !maps.Equal(got, test.want) {
				t.Errorf("got %v", got)
			}
		})
	}
}

func TestTheDigestDependsOnPathsAndContentsAlone(t *testing.T) {
	digest := func(content []byte, name string) string {
		server, fetcher := serveBytes(t, fetch.Limits{}, content)
		locked, err := fetcher.Fetch(t.Context(), request(server.URL+"/"+name, sum(content)), t.TempDir())
		if err != nil {
			t.Fatal(err)
		}
		return locked.Digest
	}
	a, b := file("a", "1"), file("d/b", "2")
	want := digest(tgz(t, a, b), "e.tgz")
	if got := digest(zipped(t, b, a), "e.zip"); got != want {
		t.Error("the same files from a zip, in another order, have another digest")
	}
	for name, other := range map[string][]byte{
		"content": tgz(t, a, file("d/b", "3")), "name": tgz(t, a, file("d/c", "2")), "count": tgz(t, a, b, file("c", "")),
	} {
		if digest(other, "e.tgz") == want {
			t.Errorf("another %s has the same digest", name)
		}
	}
}

func TestArchivesThatAreNotPlainAndSmallAreRefused(t *testing.T) {
	ok := file("ok.yaml", "ok")
	cut := tgz(t, ok, file("b", strings.Repeat("b", 900)))
	tests := map[string]struct {
		name    string
		content []byte
		rule    string
		text    string
	}{
		"a symlink in a tar":          {"e.tgz", tgz(t, ok, entry{name: "l", link: "/etc/passwd", kind: tar.TypeSymlink}), "fetch-archive", "link"},
		"a symlink in a zip":          {"e.zip", zipped(t, ok, entry{name: "l", link: "/etc/passwd", kind: tar.TypeSymlink}), "fetch-archive", "link"},
		"a hard link":                 {"e.tgz", tgz(t, ok, entry{name: "l", link: "ok.yaml", kind: tar.TypeLink}), "fetch-archive", "link"},
		"a device":                    {"e.tgz", tgz(t, ok, entry{name: "d", kind: tar.TypeChar}), "fetch-archive", "special file"},
		"a pipe":                      {"e.tgz", tgz(t, ok, entry{name: "d", kind: tar.TypeFifo}), "fetch-archive", "special file"},
		".. in a tar":                 {"e.tgz", tgz(t, ok, file("../evil", "x")), "fetch-archive", "leads out"},
		".. within a path":            {"e.tgz", tgz(t, ok, file("a/../../evil", "x")), "fetch-archive", "leads out"},
		".. in a zip":                 {"e.zip", zipped(t, ok, file("../evil", "x")), "fetch-archive", "leads out"},
		"an absolute path":            {"e.tgz", tgz(t, ok, file("/etc/evil", "x")), "fetch-archive", "leads out"},
		"a backslash":                 {"e.zip", zipped(t, ok, file(`..\evil`, "x")), "fetch-archive", "leads out"},
		"a drive letter":              {"e.zip", zipped(t, ok, file("c:evil", "x")), "fetch-archive", "leads out"},
		"a line break in a name":      {"e.tgz", tgz(t, ok, file("a\nb", "x")), "fetch-archive", "leads out"},
		"a name twice":                {"e.tgz", tgz(t, ok, ok), "fetch-archive", "twice"},
		"a file that is a folder":     {"e.tgz", tgz(t, ok, file("ok.yaml/x", "x")), "fetch-archive", "a file and a folder"},
		"very deep folders":           {"e.tgz", tgz(t, file(strings.Repeat("d/", 40)+"x", "x")), "fetch-archive", "leads out"},
		"no files":                    {"e.tgz", tgz(t, entry{name: "d/", kind: tar.TypeDir}), "fetch-archive", "no files"},
		"no gzip":                     {"e.tgz", []byte("<html>sign in</html>"), "fetch-archive", "no gzip"},
		"no zip":                      {"e.zip", []byte("<html>sign in</html>"), "fetch-archive", "no zip"},
		"a tar that is cut short":     {"e.tgz", cut[:len(cut)-30], "fetch-archive", "cut short"},
		"too many files in a tar":     {"e.tgz", tgz(t, many(11)...), "fetch-too-large", "more than 10 files"},
		"too many files in a zip":     {"e.zip", zipped(t, many(11)...), "fetch-too-large", "more than 10 files"},
		"too many folders":            {"e.tgz", tgz(t, folders(11)...), "fetch-too-large", "more than 10 files"},
		"a tar that swells":           {"e.tgz", tgz(t, file("bomb", strings.Repeat("\x00", 200_000))), "fetch-too-large", "100000 bytes unpacked"},
		"files that swell together":   {"e.tgz", tgz(t, file("a", strings.Repeat("a", 60_000)), file("b", strings.Repeat("b", 60_000))), "fetch-too-large", "100000 bytes unpacked"},
		"a zip that swells":           {"e.zip", zipped(t, file("bomb", strings.Repeat("\x00", 200_000))), "fetch-too-large", "100000 bytes unpacked"},
		"a zip that understates":      {"e.zip", understated(t), "fetch-archive", "cut short"},
		"an encrypted zip":            {"e.zip", locked(t), "fetch-archive", "encrypted"},
		"a plain file that is larger": {"e.yaml", bytes.Repeat([]byte("x"), 100_001), "fetch-too-large", "100000 bytes unpacked"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			server, fetcher := serveBytes(t, fetch.Limits{Files: 10, Unpacked: 100_000}, test.content)
			found := refused(t, fetcher, request(server.URL+"/"+test.name, sum(test.content)))
			says(t, found, test.rule, test.text)
		})
	}
}

func many(n int) []entry {
	var entries []entry
	for i := range n {
		entries = append(entries, file(strings.Repeat("f", i+1), ""))
	}
	return entries
}

func folders(n int) []entry {
	entries := many(n)
	for i := range entries {
		entries[i].name += "/"
		entries[i].kind = tar.TypeDir
	}
	return append(entries[:n-1], file("ok", "ok"))
}

// understated is a zip of 90,000 bytes whose directory says 10.
func understated(t *testing.T) []byte {
	t.Helper()
	content := zipped(t, file("bomb", strings.Repeat("\x00", 90_000)))
	directory := bytes.LastIndex(content, []byte("PK\x01\x02"))
	binary.LittleEndian.PutUint32(content[directory+24:], 10)
	return content
}

// locked is a zip whose directory says that its file is encrypted.
func locked(t *testing.T) []byte {
	t.Helper()
	content := zipped(t, file("a.yaml", "a"))
	directory := bytes.LastIndex(content, []byte("PK\x01\x02"))
	content[directory+8] |= 1
	return content
}
