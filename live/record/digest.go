package record

import (
	"crypto/sha256"
	"encoding/binary"
	"hash/fnv"

	"github.com/twmb/franz-go/pkg/kgo"
)

// Digest is the sha256 of what a mirror copies of a record: key, value, headers in their
// order, and timestamp. Offsets, which a mirror does not keep, are no part of it.
type Digest [sha256.Size]byte

// DigestOf tells apart what is missing from what is empty, and where one part ends from
// where the next begins.
func DigestOf(record *kgo.Record) Digest {
	hash := sha256.New()
	var length [8]byte
	part := func(content []byte) {
		size := int64(len(content))
		if content == nil {
			size = -1
		}
		binary.BigEndian.PutUint64(length[:], uint64(size))
		hash.Write(length[:])
		hash.Write(content)
	}
	part(record.Key)
	part(record.Value)
	binary.BigEndian.PutUint64(length[:], uint64(record.Timestamp.UnixMilli()))
	hash.Write(length[:])
	for _, header := range record.Headers {
		part([]byte(header.Key))
		part(header.Value)
	}
	return Digest(hash.Sum(nil))
}

// KeyOf is a hash of a record's key, 0 for a record without one.
func KeyOf(record *kgo.Record) uint64 {
	if record.Key == nil {
		return 0
	}
	hash := fnv.New64a()
	hash.Write(record.Key) //nolint:gosec // a hash takes everything
	return hash.Sum64() | 1
}
