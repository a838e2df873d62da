package offset

import (
	"context"
	"hash/fnv"

	"github.com/twmb/franz-go/pkg/kgo"

	"cutover/live/record"
)

// entry is one data record of a log, as far as two logs are compared by it.
type entry struct {
	offset int64
	digest record.Digest
	// key is a hash of the record's key, 0 for a record without one.
	key uint64
	// tombstone tells that it has a key and no value.
	tombstone bool
	// millis is its timestamp, in milliseconds since 1970.
	millis int64
}

// read gives the records of ranges as entries.
func (c cluster) read(ctx context.Context, ranges map[record.Partition]record.Range) (map[record.Partition][]entry, map[record.Partition]error, error) {
	got := make(map[record.Partition][]entry)
	failed, err := record.Reader{Client: c.client}.Read(ctx, ranges, func(r *kgo.Record) bool {
		at := record.Partition{Topic: r.Topic, Number: r.Partition}
		got[at] = append(got[at], entryOf(r))
		return true
	})
	return got, failed, err
}

func entryOf(r *kgo.Record) entry {
	e := entry{offset: r.Offset, digest: record.DigestOf(r), millis: r.Timestamp.UnixMilli()}
	if r.Key != nil {
		hash := fnv.New64a()
		hash.Write(r.Key) //nolint:gosec // a hash takes everything
		e.key, e.tombstone = hash.Sum64()|1, r.Value == nil
	}
	return e
}

func byOffset(e entry, offset int64) int {
	switch {
	case e.offset < offset:
		return -1
	case e.offset > offset:
		return 1
	}
	return 0
}
