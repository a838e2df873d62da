package inventory

import (
	"bytes"
	"context"
	"io"
)

// Source gives the streams of an export one after the other, in a stable order, so that
// only one of them is in memory at a time.
type Source interface {
	// Each calls read once a stream, with the name that messages use for it. The first
	// error, read's own included, ends it and is returned.
	Each(ctx context.Context, read func(name string, content io.Reader) error) error
}

// File is a stream that is already in memory.
type File struct {
	Name    string
	Content []byte
}

// Files is a Source of streams in memory.
type Files []File

// Each implements [Source].
func (f Files) Each(ctx context.Context, read func(name string, content io.Reader) error) error {
	for _, file := range f {
		if err := ctx.Err(); err != nil {
			return err
		}
		if err := read(file.Name, bytes.NewReader(file.Content)); err != nil {
			return err
		}
	}
	return nil
}
