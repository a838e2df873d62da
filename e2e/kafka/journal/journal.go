// Package journal is where workloads write down what they did, record by record: the
// evidence that a run is judged by. It stands for the database that a real application has,
// so it is the same file on both clusters.
package journal

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"sync"
)

// Event is what happened to a record.
type Event string

const (
	// Intended means that the record is about to be written; whether it was, only a later entry tells.
	Intended Event = "intended"
	// Produced means that the cluster acknowledged the record, and its transaction if it had one.
	Produced Event = "produced"
	// Aborted means that the record's transaction was aborted: nobody may ever process it.
	Aborted Event = "aborted"
	// Processed means that a group's member did its work with the record, and will then commit.
	Processed Event = "processed"
)

// Entry is one thing that happened.
type Entry struct {
	Event Event `json:"event"`
	// Time is in nanoseconds since 1970.
	Time int64 `json:"time"`
	// Cluster is source or target.
	Cluster  string `json:"cluster"`
	Workload string `json:"workload"`
	// Group is that of a processed record.
	Group     string `json:"group,omitempty"`
	Topic     string `json:"topic"`
	Partition int32  `json:"partition"`
	// Offset is -1 where it is not known.
	Offset   int64  `json:"offset"`
	Key      string `json:"key"`
	Sequence int64  `json:"sequence"`
}

// Writer appends to one journal.
type Writer struct {
	mutex sync.Mutex
	file  *os.File
}

// Open opens a journal to append to it.
func Open(path string) (*Writer, error) {
	file, err := os.OpenFile(filepath.Clean(path), os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
	if err != nil {
		return nil, fmt.Errorf("open journal: %w", err)
	}
	return &Writer{file: file}, nil
}

// Append writes the entries with one call to the kernel, which a killed process has either
// made or not.
func (w *Writer) Append(entries ...Entry) error {
	var text bytes.Buffer
	encoder := json.NewEncoder(&text)
	for _, entry := range entries {
		if err := encoder.Encode(entry); err != nil {
			return fmt.Errorf("write journal: %w", err)
		}
	}
	w.mutex.Lock()
	defer w.mutex.Unlock()
	if _, err := w.file.Write(text.Bytes()); err != nil {
		return fmt.Errorf("write journal: %w", err)
	}
	return nil
}

// Close closes the journal.
func (w *Writer) Close() error { return w.file.Close() }

// Read reads a journal, which may be written meanwhile: an unfinished last line is left out.
// A journal that is not there is empty.
func Read(path string) ([]Entry, error) {
	text, err := os.ReadFile(filepath.Clean(path))
	if os.IsNotExist(err) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("read journal: %w", err)
	}
	var entries []Entry
	for number := 1; ; number++ {
		line, rest, whole := bytes.Cut(text, []byte("\n"))
		if !whole {
			return entries, nil
		}
		var entry Entry
		if err := json.Unmarshal(line, &entry); err != nil {
			return nil, fmt.Errorf("read journal %s:%d: %w", path, number, err)
		}
		entries = append(entries, entry)
		text = rest
	}
}

// ReadFolder reads all journals of a folder.
func ReadFolder(folder string) ([]Entry, error) {
	files, err := filepath.Glob(filepath.Join(folder, "*.jsonl"))
	if err != nil {
		return nil, fmt.Errorf("read journals: %w", err)
	}
	var all []Entry
	for _, file := range files {
		entries, err := Read(file)
		if err != nil {
			return nil, err
		}
		all = append(all, entries...)
	}
	return all, nil
}

// Path is where the journal of one replica of a workload is.
func Path(folder, workload string, replica int) string {
	return filepath.Join(folder, fmt.Sprintf("%s-%d.jsonl", workload, replica))
}
