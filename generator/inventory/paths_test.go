package inventory_test

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"cutover/generator/finding"
	"cutover/generator/inventory"
)

// tree writes files under a folder; a value that begins with "->" is a symbolic link.
func tree(t *testing.T, files map[string]string) string {
	t.Helper()
	folder := t.TempDir()
	for name, content := range files {
		path := filepath.Join(folder, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
			t.Fatal(err)
		}
		if target, link := strings.CutPrefix(content, "->"); link {
			if err := os.Symlink(target, path); err != nil {
				t.Fatal(err)
			}
			continue
		}
		if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return folder
}

// names gives what a source reads, without the folder it lies in.
func names(t *testing.T, paths inventory.Paths, folder string) ([]string, error) {
	t.Helper()
	var all []string
	err := paths.Each(t.Context(), func(name string, content io.Reader) error {
		if _, err := io.Copy(io.Discard, content); err != nil {
			return err
		}
		all = append(all, strings.TrimPrefix(name, filepath.ToSlash(folder)+"/"))
		return nil
	})
	return all, err
}

func TestFoldersAreReadInOrder(t *testing.T) {
	outside := tree(t, map[string]string{"secret.yaml": "x: y"})
	tests := map[string]struct {
		files   map[string]string
		want    []string
		refused string
	}{
		"what looks like an export": {
			files: map[string]string{"b.yaml": "", "a/z.YML": "", "a/b/c.json": "", "t.txt": "", "README.md": "", ".hidden.yaml": "", ".git/x.yaml": "", "noext": ""},
			want:  []string{"a/b/c.json", "a/z.YML", "b.yaml", "t.txt"},
		},
		"a link within the folder is read once": {
			files: map[string]string{"a.yaml": "", "b.yaml": "->a.yaml", "c.yaml": "->sub/data", "sub/data": "", "d": "->sub"},
			want:  []string{"a.yaml", "sub/data"},
		},
		"a mounted ConfigMap": {
			files: map[string]string{"..2020/a.yaml": "", "..data": "->..2020", "a.yaml": "->..data/a.yaml"},
			want:  []string{"..2020/a.yaml"},
		},
		"a link out of the folder":    {files: map[string]string{"a.yaml": "->" + outside + "/secret.yaml"}, refused: "a.yaml"},
		"a folder out of the folder":  {files: map[string]string{"a.yaml": "", "more": "->" + outside}, refused: "more"},
		"a link up":                   {files: map[string]string{"sub/a.yaml": "->../../x.yaml"}, refused: "sub/a.yaml"},
		"a link to nowhere":           {files: map[string]string{"a.yaml": "->b.yaml"}, refused: "a.yaml"},
		"a link to itself":            {files: map[string]string{"a.yaml": "->a.yaml"}, refused: "a.yaml"},
		"a folder without any export": {files: map[string]string{"a.md": ""}, refused: "."},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			folder := tree(t, test.files)
			got, err := names(t, inventory.Paths{Names: []string{folder}}, folder)
			if test.refused != "" {
				checkRefused(t, err, filepath.ToSlash(filepath.Join(folder, test.refused)))
				return
			}
			if err != nil || !slices.Equal(got, test.want) {
				t.Errorf("got %v, %v, want %v", got, err, test.want)
			}
		})
	}
}

func checkRefused(t *testing.T, err error, file string) {
	t.Helper()
	found := finding.From(err)
	if len(found) != 1 || found[0].File != file || found[0].Hint == "" || found[0].Severity != finding.Error {
		t.Errorf("got %+v (%v), want a finding at %s", found, err, file)
	}
}

func TestAPathThatCannotBeReadIsAnErrorWithAHint(t *testing.T) {
	folder := tree(t, map[string]string{"closed.yaml": "a: b"})
	missing := filepath.Join(folder, "missing")
	_, err := names(t, inventory.Paths{Names: []string{missing}}, folder)
	checkRefused(t, err, filepath.ToSlash(missing))
	if strings.Count(err.Error(), "missing") != 1 {
		t.Errorf("the path is told twice: %v", err)
	}
	_, err = names(t, inventory.Paths{Names: []string{"-"}}, folder)
	checkRefused(t, err, "-")
	closed := filepath.Join(folder, "closed.yaml")
	if err := os.Chmod(closed, 0); err != nil {
		t.Fatal(err)
	}
	if file, err := os.Open(closed); err == nil {
		file.Close()
		t.Skip("this user may read every file")
	}
	_, err = names(t, inventory.Paths{Names: []string{folder}}, folder)
	checkRefused(t, err, filepath.ToSlash(closed))
}

func TestTooManyFilesAreRefused(t *testing.T) {
	folder := tree(t, map[string]string{"a.yaml": "", "b.yaml": "", "c.yaml": ""})
	_, err := names(t, inventory.Paths{Names: []string{folder}, Budget: inventory.Budget{Files: 3, Bytes: 1000}}, folder)
	if found := finding.From(err); len(found) != 1 || !strings.Contains(found[0].Message, "more than 3 files") {
		t.Errorf("got %v", err)
	}
}

func TestFoldersArchivesAndStandardInputGiveTheSame(t *testing.T) {
	var members []tar.Header
	var contents [][]byte
	entries, err := os.ReadDir("testdata/freight")
	if err != nil {
		t.Fatal(err)
	}
	for _, entry := range entries {
		content, err := os.ReadFile(filepath.Join("testdata/freight", entry.Name()))
		if err != nil {
			t.Fatal(err)
		}
		members = append(members, tar.Header{Name: "freight/" + entry.Name(), Size: int64(len(content)), Typeflag: tar.TypeReg, Mode: 0o600})
		contents = append(contents, content)
	}
	var archive bytes.Buffer
	zipped := gzip.NewWriter(&archive)
	packed := tar.NewWriter(zipped)
	for i, header := range members {
		if err := packed.WriteHeader(&header); err != nil {
			t.Fatal(err)
		}
		if _, err := packed.Write(contents[i]); err != nil {
			t.Fatal(err)
		}
	}
	if err := packed.Close(); err != nil {
		t.Fatal(err)
	}
	if err := zipped.Close(); err != nil {
		t.Fatal(err)
	}
	folder := tree(t, map[string]string{"export.tar.gz": archive.String()})
	sources := map[string]inventory.Paths{
		"a folder with the archive":     {Names: []string{folder}},
		"the archive":                   {Names: []string{filepath.Join(folder, "export.tar.gz")}},
		"the archive on standard input": {Names: []string{"-"}, Stdin: bytes.NewReader(archive.Bytes())},
		"a file on standard input":      {Names: append(texts("testdata/freight", entries, "kafka.yaml"), "-"), Stdin: bytes.NewReader(contents[slices.IndexFunc(entries, func(e os.DirEntry) bool { return e.Name() == "kafka.yaml" })])},
	}
	inv, _ := readFreight(t)
	want, err := inventory.Marshal(inv)
	if err != nil {
		t.Fatal(err)
	}
	for name, source := range sources {
		t.Run(name, func(t *testing.T) {
			inv, _, err := inventory.Read(t.Context(), source, inventory.Options{})
			if err != nil {
				t.Fatal(err)
			}
			got, err := inventory.Marshal(inv)
			if err != nil || !bytes.Equal(got, want) {
				t.Errorf("another inventory (%v):\n%s", err, got)
			}
		})
	}
}

// texts gives the paths of a folder's files but one.
func texts(folder string, entries []os.DirEntry, but string) []string {
	var paths []string
	for _, entry := range entries {
		if entry.Name() != but {
			paths = append(paths, filepath.Join(folder, entry.Name()))
		}
	}
	return paths
}

func TestAReadersErrorEndsTheReading(t *testing.T) {
	folder := tree(t, map[string]string{"a.yaml": "", "b.yaml": ""})
	calls := 0
	err := inventory.Paths{Names: []string{folder}}.Each(t.Context(), func(string, io.Reader) error {
		calls++
		return fmt.Errorf("enough")
	})
	if err == nil || err.Error() != "enough" || calls != 1 {
		t.Errorf("got %v after %d calls", err, calls)
	}
}
