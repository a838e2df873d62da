package finding_test

import (
	"errors"
	"fmt"
	"testing"

	"cutover/generator/finding"
)

func TestErrorNamesWhatIsKnownAndNothingElse(t *testing.T) {
	tests := map[string]struct {
		finding finding.Finding
		want    string
	}{
		"message alone":        {finding.Finding{Message: "m"}, "m"},
		"file without line":    {finding.Finding{File: "a.yaml", Message: "m"}, "a.yaml: m"},
		"file, line, object":   {finding.Finding{File: "a.yaml", Line: 3, Object: "Kafka x", Message: "m"}, "a.yaml:3: Kafka x: m"},
		"phase before object":  {finding.Finding{Phase: "090", Object: "Kafka x", Message: "m"}, "phase 090: Kafka x: m"},
		"the hint is separate": {finding.Finding{Message: "m", Hint: "h"}, "m"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			if got := test.finding.Error(); got != test.want {
				t.Errorf("got %q, want %q", got, test.want)
			}
		})
	}
}

func TestFromFindsWhatIsWrappedAndJoined(t *testing.T) {
	a := finding.Finding{Rule: "a", Severity: finding.Error}
	b := finding.Finding{Rule: "b", Severity: finding.Error}
	err := fmt.Errorf("generate: %w", errors.Join(finding.List{a, b}.Err(), errors.New("other")))
	if got := finding.From(err); len(got) != 2 || got[0] != a || got[1] != b {
		t.Errorf("got %v", got)
	}
	if got := finding.From(errors.New("plain")); got != nil {
		t.Errorf("a plain error carries no finding, got %v", got)
	}
}

func TestOnlyErrorsMakeAListAnError(t *testing.T) {
	list := finding.List{{Severity: finding.Warning}, {Severity: finding.Note}}
	if list.Err() != nil {
		t.Error("warnings and notes are no error")
	}
	if got := len(list.Open()); got != 1 {
		t.Errorf("one finding is open, got %d", got)
	}
	list[0].Accepted = "known"
	if got := len(list.Open()); got != 0 {
		t.Errorf("an accepted finding is not open, got %d", got)
	}
}
