package ledger_test

import (
	"reflect"
	"strings"
	"testing"

	apierrors "k8s.io/apimachinery/pkg/api/errors"
	"k8s.io/apimachinery/pkg/runtime/schema"

	"cutover/generator/finding"
	"cutover/live/ledger"
)

func TestPositionsAreKeptByPhaseAndFoundByBatch(t *testing.T) {
	s, client := store()
	first := ledger.Positions{"orders": {1, 2}, "bills": {0}}
	for _, one := range []struct {
		phase     string
		positions ledger.Positions
	}{{"130", ledger.Positions{"orders": {0, 0}}}, {"130", first}, {"130", first}, {"230", ledger.Positions{"ledger": {9}}}} {
		if err := s.Record(t.Context(), one.phase, one.positions); err != nil {
			t.Fatal(err)
		}
	}
	if n := writes(client); n != 3 {
		t.Errorf("%d writes, want 3: what is there is not written again", n)
	}
	for hundred, want := range map[string]ledger.Positions{"1": first, "2": {"ledger": {9}}, "3": {}} {
		if got, err := s.Recorded(t.Context(), hundred); err != nil || !reflect.DeepEqual(got, want) {
			t.Errorf("batch %s: got %v, %v, want %v", hundred, got, err, want)
		}
	}
	if done, err := s.Read(t.Context()); err != nil || done.Done != "none" {
		t.Errorf("the ledger says %s, %v", done.Done, err)
	}
}

func TestPositionsBeyondAConfigMapAreRefusedAndNothingIsWritten(t *testing.T) {
	s, client := store()
	many := make([]int64, 100_000)
	for i := range many {
		many[i] = 12_345_678
	}
	if err := s.Record(t.Context(), "130", ledger.Positions{"orders": many}); err != nil {
		t.Fatalf("100,000 partitions of 8 digits: %v", err)
	}
	before := writes(client)
	err := s.Record(t.Context(), "230", ledger.Positions{"bills": many})
	found := finding.From(err)
	if len(found) != 1 || found[0].Rule != ledger.TooMany || !strings.Contains(found[0].Message, "it holds no more than 900 KiB") || found[0].Hint == "" {
		t.Errorf("got %v", err)
	}
	if writes(client) != before {
		t.Error("it was written all the same")
	}
}

func TestPositionsOfAnotherWriterAreKept(t *testing.T) {
	s, client := store()
	if err := s.Record(t.Context(), "130", ledger.Positions{"orders": {1}}); err != nil {
		t.Fatal(err)
	}
	tries := racing(client, "update", 2, apierrors.NewConflict(schema.GroupResource{Resource: "configmaps"}, "cutover-freight-positions", nil))
	if err := s.Record(t.Context(), "230", ledger.Positions{"bills": {2}}); err != nil || *tries != 3 {
		t.Errorf("after %d tries: %v", *tries, err)
	}
	if got, err := s.Recorded(t.Context(), "1"); err != nil || len(got) != 1 {
		t.Errorf("got %v, %v", got, err)
	}
}
