package inventory

import (
	"archive/tar"
	"compress/gzip"
	"context"
	"errors"
	"fmt"
	"io"
	"path"
	"slices"
	"strings"

	"cutover/generator/finding"
)

const (
	tarBlock = 512
	tarMagic = 257
)

// gzip reads a compressed archive. What it unpacks to is bounded, whatever the archive's
// own headers claim.
func (w *walker) gzip(ctx context.Context, name string, content io.Reader) error {
	unpacked, err := gzip.NewReader(content)
	if err != nil {
		return brokenArchive(name, err)
	}
	defer unpacked.Close() //nolint:errcheck // opened for reading
	return w.tar(ctx, name, &bounded{reader: unpacked, limit: w.budget.Bytes, name: name})
}

// tar reads an archive's members in their order.
func (w *walker) tar(ctx context.Context, name string, content io.Reader) error {
	archive := tar.NewReader(content)
	claimed, members := int64(0), 0
	for {
		header, err := archive.Next()
		if errors.Is(err, io.EOF) {
			if members == 0 {
				return refused(name, "the archive is empty", "make it with: tar czf export.tar.gz FOLDER")
			}
			return nil
		}
		if err != nil {
			return brokenArchive(name, err)
		}
		members++
		member := name + "/" + strings.TrimPrefix(header.Name, "./")
		if err := w.count(ctx, member); err != nil {
			return err
		}
		// A sparse member claims more than the archive holds.
		if claimed += header.Size; header.Size < 0 || claimed > w.budget.Bytes {
			return tooLarge(member, w.budget.Bytes)
		}
		wanted, err := memberWanted(name, header)
		if err != nil {
			return err
		}
		if !wanted {
			continue
		}
		if err := w.read(member, archive); err != nil {
			return err
		}
	}
}

// memberWanted tells whether a member is to be read. Members that would leave the archive
// if they were unpacked are refused even though nothing is unpacked: such an archive is
// not what oc and tar make.
func memberWanted(archive string, header *tar.Header) (bool, error) {
	name := strings.TrimSuffix(header.Name, "/")
	if leaves(name) {
		return false, refused(archive, fmt.Sprintf("member %q has an absolute name, or .. in it", header.Name), memberHint)
	}
	switch header.Typeflag {
	case tar.TypeReg:
		hidden := slices.ContainsFunc(strings.Split(name, "/"), func(part string) bool {
			return strings.HasPrefix(part, ".") && part != "."
		})
		return !hidden && readable(name), nil
	case tar.TypeSymlink:
		if path.IsAbs(header.Linkname) || leaves(path.Join(path.Dir(name), header.Linkname)) { //nolint:gosec // nothing is written there
			return false, refused(archive, fmt.Sprintf("member %q is a symbolic link that leaves the archive", header.Name), memberHint)
		}
	case tar.TypeLink:
		if leaves(header.Linkname) {
			return false, refused(archive, fmt.Sprintf("member %q is a link that leaves the archive", header.Name), memberHint)
		}
	}
	return false, nil
}

const memberHint = "pack the export anew from within its folder: tar czf export.tar.gz ."

func leaves(name string) bool {
	return path.IsAbs(name) || slices.Contains(strings.Split(strings.ReplaceAll(name, `\`, "/"), "/"), "..")
}

func brokenArchive(name string, err error) error {
	if found := finding.From(err); len(found) > 0 {
		return found.Err()
	}
	return finding.Finding{
		Rule: "archive-broken", Severity: finding.Error, File: name, Message: "this is no whole tar archive: " + err.Error(),
		Hint: "make it with: tar czf export.tar.gz FOLDER",
	}
}

func tooLarge(name string, limit int64) error {
	return refused(name, fmt.Sprintf("the archive unpacks to more than %d bytes", limit), "pack only the export, or give its files unpacked")
}

// bounded fails once more than limit bytes were read.
type bounded struct {
	reader io.Reader
	read   int64
	limit  int64
	name   string
}

// Read implements io.Reader.
func (b *bounded) Read(p []byte) (int, error) {
	n, err := b.reader.Read(p)
	if b.read += int64(n); b.read > b.limit {
		return 0, tooLarge(b.name, b.limit)
	}
	return n, err
}
