package parity

import "testing"

func TestTextsThatKafkaReadsAlikeAreTheSame(t *testing.T) {
	for _, c := range []struct {
		a, b string
		same bool
	}{
		{"1", "1", true}, {"01", "1", true}, {"+1", "1", true}, {"-0", "0", true}, {"0.50", ".5", false}, {"0.50", "0.5", true}, {"1.0", "1", true},
		{" delete", "delete ", true}, {"delete, compact", "delete,compact", true}, {"delete,compact", "compact,delete", false},
		{"9223372036854775807", "9223372036854775806", false}, {"9007199254740993", "9007199254740992", false},
		{"-1", "1", false}, {"", "0", false}, {"true", "false", false}, {"1e3", "1000", false},
	} {
		if got := same(c.a, c.b); got != c.same {
			t.Errorf("%q and %q: got %v, want %v", c.a, c.b, got, c.same)
		}
	}
}

func TestValuesAreWrittenAsKafkaReadsThem(t *testing.T) {
	for _, c := range []struct {
		value any
		want  string
	}{
		{nil, "–"}, {"", ""}, {"a", "a"}, {true, "true"}, {int64(9007199254740991), "9007199254740991"}, {7, "7"},
		{uint64(18446744073709551615), "18446744073709551615"}, {0.5, "0.5"}, {1e21, "1000000000000000000000"}, {[]any{"a", int64(1)}, `["a",1]`},
	} {
		if got := valueOf(c.value).String(); got != c.want {
			t.Errorf("%v: got %q, want %q", c.value, got, c.want)
		}
	}
}

func TestTheTableOfDefaultsIsWellFormed(t *testing.T) {
	for _, s := range append(settings(), offsetsRetention()) {
		if s.defaults[0].since != oldestKnown || s.evidence == "" || len(s.brokers) == 0 {
			t.Errorf("%s%s: its defaults do not begin at %s, or it names no evidence or broker setting", s.field, s.brokers[0].key, oldestKnown)
		}
		for i, entry := range s.defaults {
			version, ok := release(entry.since + ".0")
			if !ok || i > 0 && !older(mustRelease(s.defaults[i-1].since), version) || older(mustRelease(newestKnown), version) {
				t.Errorf("%s: the default since %s is out of order", s.field, entry.since)
			}
		}
	}
}

func FuzzSame(f *testing.F) {
	for _, seed := range [][2]string{{"1", "01"}, {"-0.0", "0"}, {"a, b", "a,b"}, {"", " "}} {
		f.Add(seed[0], seed[1])
	}
	f.Fuzz(func(t *testing.T, a, b string) {
		if !same(a, a) || same(a, b) != same(b, a) {
			t.Errorf("%q and %q: not reflexive and symmetric", a, b)
		}
		if once := canonical(a); canonical(once) != once {
			t.Errorf("%q: canonical twice is not canonical once", a)
		}
	})
}
