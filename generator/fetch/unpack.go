package fetch

import (
	"archive/tar"
	"archive/zip"
	"compress/gzip"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
)

// streamOverhead is what one entry's headers and padding may add to a tar stream.
const streamOverhead = 4 << 10

// steady ends a stream with its context.
type steady struct {
	ctx  context.Context
	from io.Reader
}

func (s steady) Read(p []byte) (int, error) {
	if err := s.ctx.Err(); err != nil {
		return 0, err
	}
	return s.from.Read(p)
}

// capped ends a stream with an error, where io.LimitReader would feign its end.
type capped struct {
	from io.Reader
	left int64
	err  error
}

func (c *capped) Read(p []byte) (int, error) {
	if c.left <= 0 {
		return 0, c.err
	}
	n, err := c.from.Read(p[:min(int64(len(p)), c.left)])
	c.left -= int64(n)
	return n, err
}

func (t *tree) unpackTgz(ctx context.Context, file io.Reader) error {
	unzipped, err := gzip.NewReader(file)
	if err != nil {
		return damaged{"it is no gzip file"}
	}
	return t.unpackTar(ctx, unzipped)
}

// unpackTar takes plain files out of a tar stream and refuses every other kind of
// entry, be it a link or a device. Folders without files are left out, as in Git.
func (t *tree) unpackTar(ctx context.Context, stream io.Reader) error {
	bounded := &capped{
		from: steady{ctx, stream},
		left: t.limits.Unpacked + int64(t.limits.Files+1)*streamOverhead,
		err:  tooLarge{fmt.Sprintf("more than %s unpacked", inMiB(t.limits.Unpacked))},
	}
	archive := tar.NewReader(bounded)
	for {
		header, err := archive.Next()
		if err == io.EOF { //nolint:errorlint // Next returns io.EOF itself
			return nil
		}
		if err != nil {
			return asDamaged(err)
		}
		name, err := t.admit(header.Name)
		if err != nil {
			return err
		}
		switch header.Typeflag {
		case tar.TypeReg:
			err = t.addEntry(name, archive)
		case tar.TypeDir, tar.TypeXGlobalHeader:
		default:
			err = damaged{fmt.Sprintf("%.200q is a link or a special file", header.Name)}
		}
		if err != nil {
			return err
		}
	}
}

func (t *tree) unpackZip(ctx context.Context, file *os.File) error {
	info, err := file.Stat()
	if err != nil {
		return fmt.Errorf("read the download: %w", err)
	}
	archive, err := zip.NewReader(file, info.Size())
	if err != nil {
		return damaged{"it is no zip file"}
	}
	if len(archive.File) > t.limits.Files {
		return tooLarge{fmt.Sprintf("more than %d files", t.limits.Files)}
	}
	for _, entry := range archive.File {
		if err := t.unzip(ctx, entry); err != nil {
			return err
		}
	}
	return nil
}

// encrypted is the bit of a zip entry's flags that says so (APPNOTE 4.4.4).
const encrypted = 0x1

func (t *tree) unzip(ctx context.Context, entry *zip.File) error {
	name, err := t.admit(entry.Name)
	if err != nil {
		return err
	}
	switch {
	case entry.Mode().IsDir():
		return nil
	case entry.Mode().Type() != fs.FileMode(0):
		return damaged{fmt.Sprintf("%.200q is a link or a special file", entry.Name)}
	case entry.Flags&encrypted != 0:
		return damaged{fmt.Sprintf("%.200q is encrypted", entry.Name)}
	}
	content, err := entry.Open()
	if err != nil {
		return asDamaged(err)
	}
	defer content.Close() //nolint:errcheck // opened for reading
	return t.addEntry(name, steady{ctx, content})
}

func (t *tree) addEntry(name string, content io.Reader) error {
	if name == "" {
		return damaged{"a file has no name"}
	}
	if err := t.add(name, content); err != nil {
		return asDamaged(err)
	}
	return nil
}

// asDamaged tells the archive's own faults from those that have other causes.
func asDamaged(err error) error {
	var path *fs.PathError
	var known explained
	switch {
	case errors.As(err, &known), errors.As(err, &path),
		errors.Is(err, context.Canceled), errors.Is(err, context.DeadlineExceeded):
		return err
	}
	return damaged{"it is cut short or broken"}
}
