package capture

import "testing"

func TestOnlyAGuessThatNamesOneVersionCounts(t *testing.T) {
	for guess, want := range map[string]string{
		"v2.4": "2.4", "v2.8": "2.8", "v3.10": "3.10",
		"between v2.4 and v2.5": "", "at least v4.1": "", "unknown custom version at least v2.0": "", "not even v0.8.0": "", "": "",
	} {
		if got := version(guess); got != want {
			t.Errorf("%q: got %q, want %q", guess, got, want)
		}
	}
}
