package journal

import (
	"os"
	"path/filepath"
	"reflect"
	"testing"
)

func TestWhatWasAppendedIsReadBack(t *testing.T) {
	folder := t.TempDir()
	path := Path(folder, "office", 1)
	written := []Entry{
		{Event: Intended, Time: 1, Cluster: "source", Workload: "office", Topic: "t", Offset: -1, Key: "k", Sequence: 1},
		{Event: Processed, Time: 2, Cluster: "target", Workload: "office", Group: "g", Topic: "t", Partition: 2, Offset: 3, Key: "k", Sequence: 1},
	}
	for _, entry := range written { // a journal is opened again by each next process
		w, err := Open(path)
		if err != nil {
			t.Fatal(err)
		}
		if err := w.Append(entry); err != nil {
			t.Fatal(err)
		}
		if err := w.Close(); err != nil {
			t.Fatal(err)
		}
	}
	read, err := ReadFolder(folder)
	if err != nil || !reflect.DeepEqual(read, written) {
		t.Errorf("read %+v, %v; want %+v", read, err, written)
	}
}

func TestAnUnfinishedLastLineIsLeftOutAndABadLineIsAnError(t *testing.T) {
	path := filepath.Join(t.TempDir(), "a.jsonl")
	whole := `{"event":"produced","key":"k","sequence":1}` + "\n"
	for text, want := range map[string]int{whole: 1, whole + `{"event":"prod`: 1, "": 0, "{\n" + whole: -1} {
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		entries, err := Read(path)
		if (err != nil) != (want < 0) || (err == nil && len(entries) != want) {
			t.Errorf("Read of %q gave %d entries, %v; want %d", text, len(entries), err, want)
		}
	}
}
