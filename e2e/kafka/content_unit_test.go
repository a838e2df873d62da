package kafka_test

import (
	"reflect"
	"testing"
)

func TestACopyStartsWithWhatWasThereBefore(t *testing.T) {
	before := content{0: {"k={1}", "k={2}"}, 1: nil}
	for name, test := range map[string]struct {
		copy content
		same bool
	}{
		"the same":             {content{0: {"k={1}", "k={2}"}}, true},
		"more behind it":       {content{0: {"k={1}", "k={2}", "k={3}"}, 1: {"j={1}"}}, true},
		"one short":            {content{0: {"k={1}"}}, false},
		"another order":        {content{0: {"k={2}", "k={1}"}}, false},
		"a record twice":       {content{0: {"k={1}", "k={1}", "k={2}"}}, false},
		"in another partition": {content{1: {"k={1}", "k={2}"}}, false},
	} {
		if err := test.copy.startsWith(before); (err == nil) != test.same {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestCopiesAreCounted(t *testing.T) {
	all := content{0: {"k={1}", "j={1}", "k={1}", "k={2}"}}
	once, copies := all.once()
	if want := (content{0: {"k={1}", "j={1}", "k={2}"}}); copies != 1 || !reflect.DeepEqual(once, want) {
		t.Errorf("once is %v with %d copies, want %v with 1", once, copies, want)
	}
}
