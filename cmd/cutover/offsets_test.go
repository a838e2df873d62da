package main

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/twmb/franz-go/pkg/kgo"
)

// running is a cluster of fake brokers with the topics of the small example.
type running struct {
	t      *testing.T
	client *kgo.Client
	flag   string
}

func startBrokers(t *testing.T, side string) running {
	t.Helper()
	client, address := fakeBrokers(t, "arrivals", "moves")
	return running{t, client, "--" + side + "-bootstrap=" + address}
}

// write gives a topic records from..to, which are the same on every cluster.
func (r running) write(topic string, from, to int) {
	r.t.Helper()
	for i := from; i < to; i++ {
		record := &kgo.Record{Topic: topic, Value: fmt.Append(nil, i), Timestamp: time.UnixMilli(int64(1_600_000_000_000 + i))}
		if err := r.client.ProduceSync(r.t.Context(), record).FirstErr(); err != nil {
			r.t.Fatal(err)
		}
	}
}

func TestOffsetsArePlannedAppliedCheckedAndUndone(t *testing.T) {
	source, target := startBrokers(t, "source"), startBrokers(t, "target")
	for topic, group := range map[string]string{"arrivals": "planner", "moves": "board"} {
		source.write(topic, -2, 5) // retention had deleted two when the mirror began
		target.write(topic, 0, 5)
		commit(t, source.client, group, topic, 6)
	}
	file := filepath.Join(t.TempDir(), "130.json")
	phase := []string{"testdata/small", "--phase", "130", source.flag, target.flag}
	offsets := func(verb string, more ...string) ran {
		return command(append(append([]string{"offsets", verb}, phase...), more...)...)
	}
	expect := func(name string, got ran, code int, wants ...string) {
		t.Helper()
		for _, want := range wants {
			if !strings.Contains(got.out+got.errors, want) {
				t.Errorf("%s: %q is missing in\n%s%s", name, want, got.out, got.errors)
			}
		}
		if got.code != code {
			t.Fatalf("%s ended with %d:\n%s%s", name, got.code, got.out, got.errors)
		}
	}

	expect("plan", offsets("plan"), exitDone, "board", "due", "2 due, 0 ahead")
	expect("check before", offsets("check"), exitFindings, "2 due")
	expect("dry run", offsets("apply", "--file", file, "--dry-run"), exitDone, "2 due")
	if _, err := os.Stat(file); err == nil || committed(t, target.client, "board", "moves") != -1 {
		t.Error("a dry run has changed something")
	}
	expect("apply", offsets("apply", "--file", file), exitDone, "2 aligned", "offsets undo --file")
	if got := committed(t, target.client, "board", "moves"); got != 4 {
		t.Errorf("group board was set to %d", got)
	}
	got := offsets("check", "-o", "json")
	var checked struct{ Settled bool }
	if err := json.Unmarshal([]byte(got.out), &checked); err != nil || got.code != exitDone || !checked.Settled {
		t.Errorf("check: %d %v\n%s%s", got.code, err, got.out, got.errors)
	}
	expect("undo", command("offsets", "undo", target.flag, "--file", file), exitDone, "2 offsets set back")
	if got := committed(t, target.client, "board", "moves"); got != -1 {
		t.Errorf("group board is back at %d", got)
	}

	commit(t, target.client, "board", "moves", 5)
	expect("a group that is ahead", offsets("apply", "--file", file), exitFindings, "group board on moves-0", "later than the proven 4", "--force")
	if committed(t, target.client, "planner", "arrivals") != -1 {
		t.Error("one group was set where another could not be")
	}
}

func TestOffsetsRefuseWhatIsWrongOnTheCommandLine(t *testing.T) {
	for name, test := range map[string]struct {
		args []string
		want string
	}{
		"no phase":                    {[]string{"plan", "testdata/small"}, "--phase is missing"},
		"a phase that sets nothing":   {[]string{"plan", "testdata/small", "--phase", "090"}, "those that do are 130"},
		"a phase that is none":        {[]string{"plan", "testdata/small", "--phase", "131"}, `no phase "131"`},
		"no brokers":                  {[]string{"check", "testdata/small", "--phase", "130"}, "nothing says how the source's brokers are reached"},
		"no file":                     {[]string{"apply", "testdata/small", "--phase", "130"}, "--file is missing"},
		"no file to undo":             {[]string{"undo"}, "--file is missing"},
		"a file that is not there":    {[]string{"undo", "--file", "nowhere.json"}, "there is no such file"},
		"an unknown verb":             {[]string{"aply"}, "did you mean apply"},
		"an unknown format":           {[]string{"plan", "--phase", "130", "-o", "yaml"}, `"yaml" is unknown`},
		"brokers that nobody answers": {[]string{"plan", "testdata/small", "--phase", "130", "--source-bootstrap", "127.0.0.1:1", "--target-bootstrap", "127.0.0.1:1"}, "no broker can be reached"},
	} {
		t.Run(name, func(t *testing.T) {
			got := command(append([]string{"offsets"}, test.args...)...)
			if got.code != exitFailure || got.out != "" || !strings.Contains(got.errors, test.want) || !strings.Contains(got.errors, "hint: ") {
				t.Errorf("%d %s%s", got.code, got.out, got.errors)
			}
		})
	}
}
