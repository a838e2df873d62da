package offset

import (
	"context"

	"github.com/twmb/franz-go/pkg/kgo"

	"cutover/live/record"
)

// entry is one data record of a log, as far as two logs are compared by it.
type entry struct {
	offset int64
	digest record.Digest
	key    uint64 // see record.KeyOf
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
	return entry{offset: r.Offset, digest: record.DigestOf(r), key: record.KeyOf(r), tombstone: r.Key != nil && r.Value == nil, millis: r.Timestamp.UnixMilli()}
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
