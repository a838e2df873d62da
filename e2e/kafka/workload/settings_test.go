package workload

import (
	"strings"
	"testing"
	"time"

	"cutover/e2e/kafka/journal"
)

func environment(extra string) func(string) string {
	text := "APP_NAME=a APP_CLUSTER=source APP_JOURNAL=j KAFKA_BOOTSTRAP_SERVERS=h:1 " + extra
	return func(name string) string {
		value := ""
		for _, field := range strings.Fields(text) {
			if k, v, _ := strings.Cut(field, "="); k == name {
				value = v
			}
		}
		return value
	}
}

func TestSettingsAreReadFromTheManifestsEnv(t *testing.T) {
	s, err := Parse(environment("APP_ROLE=pipe APP_REPLICA=1 INPUT_TOPICS=a,b OUTPUT_TOPICS=c GROUP_IDS=g RECORD_DELAY=30ms"))
	if err != nil {
		t.Fatal(err)
	}
	if s.Role != Pipe || s.Replica != 1 || len(s.Inputs) != 2 || s.Outputs[0] != "c" || s.Groups[0] != "g" || s.Delay != 30*time.Millisecond {
		t.Errorf("settings are %+v", s)
	}
}

func TestSettingsThatNothingCouldWorkWithAreRefused(t *testing.T) {
	for name, extra := range map[string]string{
		"no role":                  "",
		"an unknown role":          "APP_ROLE=router INPUT_TOPICS=a OUTPUT_TOPICS=b GROUP_IDS=g",
		"a producer without pace":  "APP_ROLE=producer OUTPUT_TOPICS=a KEYS=1",
		"a producer without keys":  "APP_ROLE=producer OUTPUT_TOPICS=a RECORDS_PER_SECOND=1",
		"a producer without topic": "APP_ROLE=producer KEYS=1 RECORDS_PER_SECOND=1",
		"a consumer without group": "APP_ROLE=consumer INPUT_TOPICS=a",
		"a pipe without output":    "APP_ROLE=pipe INPUT_TOPICS=a GROUP_IDS=g",
		"a pace that is no number": "APP_ROLE=producer OUTPUT_TOPICS=a KEYS=1 RECORDS_PER_SECOND=fast",
		"a delay without unit":     "APP_ROLE=consumer INPUT_TOPICS=a GROUP_IDS=g RECORD_DELAY=3",
		"no journal":               "APP_ROLE=consumer INPUT_TOPICS=a GROUP_IDS=g APP_JOURNAL=",
	} {
		if s, err := Parse(environment(extra)); err == nil {
			t.Errorf("%s gives %+v", name, s)
		}
	}
}

func TestSequencesGoOnAfterWhatWasIntended(t *testing.T) {
	last := lastSequences([]journal.Entry{
		{Event: journal.Intended, Topic: "t", Key: "k", Sequence: 4},
		{Event: journal.Intended, Topic: "t", Key: "k", Sequence: 3},
		{Event: journal.Processed, Topic: "t", Key: "k", Sequence: 9},
	})
	if got := last[message{Topic: "t", Key: "k"}]; got != 4 {
		t.Errorf("the last sequence is %d, want 4", got)
	}
}
