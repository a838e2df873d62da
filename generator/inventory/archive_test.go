package inventory_test

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"io"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"cutover/generator/finding"
	"cutover/generator/inventory"
)

// pack makes an archive; headers without a type are regular files.
func pack(t *testing.T, compressed bool, headers ...tar.Header) []byte {
	t.Helper()
	var packed bytes.Buffer
	var target io.Writer = &packed
	if compressed {
		zipped := gzip.NewWriter(&packed)
		defer zipped.Close()
		target = zipped
	}
	archive := tar.NewWriter(target)
	for _, header := range headers {
		if header.Typeflag == 0 {
			header.Typeflag = tar.TypeReg
		}
		header.Mode = 0o600
		if err := archive.WriteHeader(&header); err != nil {
			t.Fatal(err)
		}
		if _, err := io.CopyN(archive, zeros{}, header.Size); err != nil {
			t.Fatal(err)
		}
	}
	if err := archive.Close(); err != nil {
		t.Fatal(err)
	}
	if zipped, ok := target.(*gzip.Writer); ok {
		if err := zipped.Close(); err != nil {
			t.Fatal(err)
		}
	}
	return packed.Bytes()
}

type zeros struct{}

func (zeros) Read(p []byte) (int, error) { return len(p), nil }

func TestArchivesAreReadInTheirOrder(t *testing.T) {
	budget := inventory.Budget{Files: 10, Bytes: 1 << 20}
	tests := map[string]struct {
		members []tar.Header
		want    []string
		refused string // part of the message
	}{
		"what looks like an export": {
			members: []tar.Header{{Name: "./", Typeflag: tar.TypeDir}, {Name: "./b.yaml", Size: 3}, {Name: "a/c.txt"}, {Name: "a/x.md"}, {Name: ".git/x.yaml"}, {Name: "d.json"}},
			want:    []string{"x.tgz/b.yaml", "x.tgz/a/c.txt", "x.tgz/d.json"},
		},
		"links within the archive are passed over": {
			members: []tar.Header{{Name: "a.yaml"}, {Name: "b/c.yaml", Typeflag: tar.TypeSymlink, Linkname: "d.yaml"}, {Name: "e.yaml", Typeflag: tar.TypeLink, Linkname: "a.yaml"}},
			want:    []string{"x.tgz/a.yaml"},
		},
		"a name with ..":             {members: []tar.Header{{Name: "a/../../b.yaml"}}, refused: `member "a/../../b.yaml" has an absolute name, or .. in it`},
		"a name with .. and \\":      {members: []tar.Header{{Name: `a\..\b.yaml`}}, refused: "has an absolute name, or .. in it"},
		"an absolute name":           {members: []tar.Header{{Name: "/etc/passwd.yaml"}}, refused: `member "/etc/passwd.yaml" has an absolute name, or .. in it`},
		"a link out of the archive":  {members: []tar.Header{{Name: "a.yaml", Typeflag: tar.TypeSymlink, Linkname: "../x"}}, refused: `member "a.yaml" is a symbolic link that leaves the archive`},
		"a link to an absolute name": {members: []tar.Header{{Name: "a.yaml", Typeflag: tar.TypeSymlink, Linkname: "/etc/passwd"}}, refused: "leaves the archive"},
		"a hard link out of it":      {members: []tar.Header{{Name: "a.yaml", Typeflag: tar.TypeLink, Linkname: "../x"}}, refused: "leaves the archive"},
		"a bomb":                     {members: []tar.Header{{Name: "a.yaml", Size: 2 << 20}}, refused: "the archive unpacks to more than 1048576 bytes"},
		"a bomb in what is not read": {members: []tar.Header{{Name: "a.bin", Size: 1 << 19}, {Name: "b.bin", Size: 1 << 19}, {Name: "c.bin", Size: 1}}, refused: "the archive unpacks to more than 1048576 bytes"},
		"too many members":           {members: slices.Repeat([]tar.Header{{Name: "a.yaml"}}, 11), refused: "there are more than 10 files"},
		"nothing":                    {refused: "the archive is empty"},
	}
	for name, test := range tests {
		for form, compressed := range map[string]bool{"compressed": true, "plain": false} {
			t.Run(name+" "+form, func(t *testing.T) {
				if !compressed && test.members == nil {
					t.Skip("an empty plain archive is nothing but zeros")
				}
				folder := tree(t, map[string]string{"x.tgz": string(pack(t, compressed, test.members...))})
				got, err := names(t, inventory.Paths{Names: []string{filepath.Join(folder, "x.tgz")}, Budget: budget}, folder)
				if test.refused != "" {
					found := finding.From(err)
					if len(found) != 1 || !strings.Contains(found[0].Message, test.refused) || !strings.Contains(found[0].File, "x.tgz") {
						t.Errorf("got %v (%+v), want %q", err, found, test.refused)
					}
					return
				}
				if err != nil || !slices.Equal(got, test.want) {
					t.Errorf("got %v, %v, want %v", got, err, test.want)
				}
			})
		}
	}
}

func TestACutArchiveIsAnError(t *testing.T) {
	whole := pack(t, true, tar.Header{Name: "a.yaml", Size: 100_000})
	for name, content := range map[string][]byte{"cut": whole[:len(whole)/2], "no archive within": zip(t, "apiVersion: v1\n"), "not even compressed": {0x1f, 0x8b, 0, 0}} {
		t.Run(name, func(t *testing.T) {
			folder := tree(t, map[string]string{"x.tar.gz": string(content)})
			_, _, err := inventory.Read(t.Context(), inventory.Paths{Names: []string{folder}}, inventory.Options{})
			if found := finding.From(err); len(found) == 0 || !strings.Contains(found[0].File, "x.tar.gz") || found[0].Hint == "" {
				t.Errorf("got %v", err)
			}
		})
	}
}

func zip(t *testing.T, text string) []byte {
	t.Helper()
	var out bytes.Buffer
	zipped := gzip.NewWriter(&out)
	if _, err := zipped.Write([]byte(text)); err != nil {
		t.Fatal(err)
	}
	if err := zipped.Close(); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}
