package offset

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"cutover/generator/finding"
)

// Write keeps an alignment in a file, whole or not at all. What an earlier run noted there
// as committed before stays, where that run's offset is what is committed now: so a second
// run, which finds its own work, does not forget what to go back to.
func Write(path string, a Alignment) error {
	earlier, err := Read(path)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	if err == nil && (earlier.Migration != a.Migration || earlier.Phase != a.Phase || earlier.Cluster != a.Cluster) {
		return fileFinding(path, fmt.Sprintf("it is of phase %s of migration %s", earlier.Phase, earlier.Migration), "name another file")
	}
	content, err := json.MarshalIndent(a.remembering(earlier), "", "  ")
	if err != nil {
		return fmt.Errorf("write the alignment: %w", err)
	}
	return replace(path, append(content, '\n'))
}

// remembering takes over from an earlier alignment what was committed before it.
func (a Alignment) remembering(earlier Alignment) Alignment {
	type place struct {
		group, topic string
		partition    int32
	}
	before := make(map[place]Change)
	for _, c := range earlier.Changes {
		before[place{c.Group, c.Topic, c.Partition}] = c
	}
	changes := make([]Change, len(a.Changes))
	for i, c := range a.Changes {
		if first, ok := before[place{c.Group, c.Topic, c.Partition}]; ok && first.Offset == c.Before {
			c.Before, c.MetadataBefore = first.Before, first.MetadataBefore
		}
		changes[i] = c
	}
	a.Changes = changes
	return a
}

// Read reads the file of an alignment strictly. Errors are findings, but for a file that is
// not there.
func Read(path string) (Alignment, error) {
	var a Alignment
	content, err := os.ReadFile(path)
	if err != nil {
		return a, fmt.Errorf("read the alignment: %w", err)
	}
	decoder := json.NewDecoder(bytes.NewReader(content))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(&a); err != nil {
		return a, fileFinding(path, "it is no alignment: "+err.Error(), "name a file that `cutover offsets apply` has written")
	}
	if a.APIVersion != APIVersion || a.Kind != FileKind {
		return a, fileFinding(path, "it is no "+APIVersion+" "+FileKind, "name a file that `cutover offsets apply` has written")
	}
	return a, nil
}

func fileFinding(path, message, hint string) error {
	return finding.Finding{Rule: "offset-file", Severity: finding.Error, File: path, Message: message, Hint: hint}
}

// replace writes beside the file, has it on disk, and renames it.
func replace(path string, content []byte) (err error) {
	beside, err := os.CreateTemp(filepath.Dir(path), "."+filepath.Base(path)+".*")
	if err != nil {
		return fmt.Errorf("write the alignment: %w", err)
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, os.Remove(beside.Name()))
		}
	}()
	_, err = beside.Write(content)
	err = errors.Join(err, beside.Sync(), beside.Close())
	if err == nil {
		err = os.Rename(beside.Name(), path)
	}
	if err != nil {
		return fmt.Errorf("write the alignment: %w", err)
	}
	return nil
}
