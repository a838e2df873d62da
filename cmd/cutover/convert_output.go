package main

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"

	"cutover/generator/conversion"
	"cutover/generator/finding"
)

// inMemory is up to how many bytes a spool is held in memory.
const inMemory = 4 << 20

// spool holds what is not whole yet: in memory, and beyond some MiB in a temporary file that
// nobody else may read.
type spool struct {
	memory bytes.Buffer
	file   *os.File
	writer *bufio.Writer
	size   int64
}

func (s *spool) Write(content []byte) (int, error) {
	s.size += int64(len(content))
	if s.file == nil && s.size <= inMemory {
		return s.memory.Write(content)
	}
	if s.file == nil {
		file, err := os.CreateTemp("", "cutover-convert-*")
		if err != nil {
			return 0, fmt.Errorf("make room for the result: %w", err)
		}
		s.file, s.writer = file, bufio.NewWriterSize(file, 1<<16)
		if _, err := s.memory.WriteTo(s.writer); err != nil {
			return 0, err
		}
		s.memory = bytes.Buffer{}
	}
	return s.writer.Write(content)
}

// reader gives what was written so far.
func (s *spool) reader() (io.ReaderAt, error) {
	if s.file == nil {
		return bytes.NewReader(s.memory.Bytes()), nil
	}
	return s.file, s.writer.Flush()
}

func (s *spool) copyTo(w io.Writer) error {
	content, err := s.reader()
	if err != nil {
		return err
	}
	_, err = io.Copy(w, io.NewSectionReader(content, 0, s.size))
	return err
}

// discard gives the memory and the temporary file back.
func (s *spool) discard() {
	s.memory = bytes.Buffer{}
	if s.file != nil {
		_ = s.file.Close()
		_ = os.Remove(s.file.Name())
		s.file = nil
	}
}

// joint writes one file of the result behind another, as documents of one stream.
type joint struct {
	*converting
	first bool
}

func (j *joint) Write(content []byte) (int, error) {
	if len(content) == 0 {
		return 0, nil
	}
	if j.first && j.out.size > 0 {
		separator := ""
		if j.last != '\n' {
			separator = "\n"
		}
		if !bytes.HasPrefix(content, []byte("---")) {
			separator += "---\n"
		}
		if _, err := io.WriteString(j.out, separator); err != nil {
			return 0, err
		}
	}
	j.first, j.last = false, content[len(content)-1]
	return j.out.Write(content)
}

// stagedFile is a converted file that waits beside its place until all others are whole.
type stagedFile struct {
	// name is the file as it was given, and place where it truly is, behind symbolic links.
	name, place string
	text        spool
	beside      string
}

// stage writes a file that changed beside its place, with its mode.
func (f *stagedFile) stage(changed bool) error {
	defer f.text.discard()
	place, err := filepath.EvalSymlinks(filepath.FromSlash(f.name))
	if err != nil {
		return finding.Finding{
			Rule: "input-refused", Severity: finding.Error, File: f.name,
			Message: "a member of an archive cannot be converted in place", Hint: "unpack the archive, and name the folder",
		}
	}
	if !changed {
		return nil
	}
	info, err := os.Stat(place)
	if err != nil {
		return f.failed(err)
	}
	file, err := os.CreateTemp(filepath.Dir(place), "."+filepath.Base(place)+".cutover-*")
	if err != nil {
		return f.failed(err)
	}
	f.place, f.beside = place, file.Name()
	err = errors.Join(f.text.copyTo(file), file.Chmod(info.Mode().Perm()), file.Sync())
	if err = errors.Join(err, file.Close()); err != nil {
		return f.failed(err)
	}
	return nil
}

// commit puts the file into its place.
func (f *stagedFile) commit() error {
	if f.beside == "" {
		return nil
	}
	if err := os.Rename(f.beside, f.place); err != nil {
		return f.failed(err)
	}
	f.beside = ""
	return nil
}

func (f *stagedFile) failed(err error) error {
	var where *fs.PathError
	if errors.As(err, &where) {
		err = where.Err
	}
	return finding.Finding{
		Rule: "write", Severity: finding.Error, File: f.name, Message: "the file was not written, and is as it was: " + err.Error(),
		Hint: "make room or correct the permissions, and run it again",
	}
}

func (f *stagedFile) discard() {
	f.text.discard()
	if f.beside != "" {
		_ = os.Remove(f.beside)
	}
}

// writeJSON adds a change to the list of changes.
func (c *converting) writeJSON(change conversion.Change) error {
	text, err := marshalPlain(change)
	if err != nil {
		return err
	}
	before := ",\n    "
	if c.changes == 1 {
		before = "{\n  \"changes\": [\n    "
	}
	_, err = fmt.Fprintf(c.out, "%s%s", before, text)
	return err
}

// closeJSON ends the list of changes, and adds the findings.
func (c *converting) closeJSON() error {
	before := "\n  ],\n"
	if c.changes == 0 {
		before = "{\n  \"changes\": [],\n"
	}
	findings := c.findings
	if findings == nil {
		findings = finding.List{}
	}
	text, err := marshalPlain(findings)
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(c.out, "%s  \"findings\": %s\n}\n", before, text)
	return err
}

func marshalPlain(value any) ([]byte, error) {
	var out bytes.Buffer
	encoder := json.NewEncoder(&out)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(value); err != nil {
		return nil, fmt.Errorf("write JSON: %w", err)
	}
	return bytes.TrimSuffix(out.Bytes(), []byte("\n")), nil
}
