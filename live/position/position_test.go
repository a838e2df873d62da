package position_test

import (
	"testing"

	"github.com/twmb/franz-go/pkg/kgo"

	"cutover/live/position"
	"cutover/live/record"
)

func TestANoteIsReadOrLeftToItsOwner(t *testing.T) {
	const key = `["legacy->target.MirrorSourceConnector",{"cluster":"legacy","partition":3,"topic":"orders"}]`
	orders := record.Partition{Topic: "orders", Number: 3}
	for _, test := range []struct {
		name, key, value string
		want             position.Note
		ok               bool
	}{
		{"a position", key, `{"offset":41}`, position.Note{Partition: orders, Offset: 41}, true},
		{"a position at the first record", key, `{"offset":0}`, position.Note{Partition: orders}, true},
		{"a note taken away", key, ``, position.Note{Partition: orders, Taken: true}, true},
		{"a value without an offset", key, `{}`, position.Note{Partition: orders, Taken: true}, true},
		{"the checkpoint connector's", `["legacy->target.MirrorCheckpointConnector",{"cluster":"legacy","partition":3,"topic":"orders"}]`, `{"offset":1}`, position.Note{}, false},
		{"another cluster's", `["legacy->target.MirrorSourceConnector",{"cluster":"other","partition":3,"topic":"orders"}]`, `{"offset":1}`, position.Note{}, false},
		{"one without a partition", `["legacy->target.MirrorSourceConnector",{"cluster":"legacy","topic":"orders"}]`, `{"offset":1}`, position.Note{}, false},
		{"another connector's of another shape", `["sink",{"filename":"/a"}]`, `{"position":1}`, position.Note{}, false},
		{"what is not JSON", `commit`, `1`, position.Note{}, false},
	} {
		t.Run(test.name, func(t *testing.T) {
			got, ok := position.Read(&kgo.Record{Key: []byte(test.key), Value: []byte(test.value)}, "legacy", "target")
			if ok != test.ok || (ok && got != test.want) {
				t.Errorf("got %+v, %t; want %+v, %t", got, ok, test.want, test.ok)
			}
		})
	}
}
