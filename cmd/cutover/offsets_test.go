package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/twmb/franz-go/pkg/kadm"
	"github.com/twmb/franz-go/pkg/kfake"
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
	fake, err := kfake.NewCluster(kfake.NumBrokers(1), kfake.SeedTopics(1, "arrivals", "moves"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(fake.Close)
	client, err := kgo.NewClient(kgo.SeedBrokers(fake.ListenAddrs()...))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(client.Close)
	return running{t, client, "--" + side + "-bootstrap=" + strings.Join(fake.ListenAddrs(), ",")}
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

func (r running) commit(group, topic string, at int64) {
	r.t.Helper()
	var offsets kadm.Offsets
	offsets.AddOffset(topic, 0, at, -1)
	if err := kadm.NewClient(r.client).CommitAllOffsets(r.t.Context(), group, offsets); err != nil {
		r.t.Fatal(err)
	}
}

func (r running) committed(group, topic string) int64 {
	r.t.Helper()
	got, err := kadm.NewClient(r.client).FetchOffsets(r.t.Context(), group)
	if one, ok := got.Lookup(topic, 0); err == nil && ok {
		return one.At
	}
	return -1
}

// command runs one command line as main does.
func command(args ...string) (code int, stdout, stderr string) {
	var out, errs bytes.Buffer
	code = run(args, streams{strings.NewReader(""), &out, &errs}, func(string) string { return "" })
	return code, out.String(), errs.String()
}

func TestOffsetsArePlannedAppliedCheckedAndUndone(t *testing.T) {
	source, target := startBrokers(t, "source"), startBrokers(t, "target")
	for topic, group := range map[string]string{"arrivals": "planner", "moves": "board"} {
		source.write(topic, -2, 5) // retention had deleted two when the mirror began
		target.write(topic, 0, 5)
		source.commit(group, topic, 6)
	}
	file := filepath.Join(t.TempDir(), "130.json")
	phase := []string{"testdata/small", "--phase", "130", source.flag, target.flag}
	offsets := func(verb string, more ...string) (int, string, string) {
		return command(append(append([]string{"offsets", verb}, phase...), more...)...)
	}
	expect := func(name string, code int, stdout, stderr string, wantCode int, wants ...string) {
		t.Helper()
		for _, want := range wants {
			if !strings.Contains(stdout+stderr, want) {
				t.Errorf("%s: %q is missing in\n%s%s", name, want, stdout, stderr)
			}
		}
		if code != wantCode {
			t.Fatalf("%s ended with %d:\n%s%s", name, code, stdout, stderr)
		}
	}

	code, stdout, stderr := offsets("plan")
	expect("plan", code, stdout, stderr, exitDone, "board", "due", "2 due, 0 ahead")
	code, stdout, stderr = offsets("check")
	expect("check before", code, stdout, stderr, exitFindings, "2 due")
	code, stdout, stderr = offsets("apply", "--file", file, "--dry-run")
	expect("dry run", code, stdout, stderr, exitDone, "2 due")
	if _, err := os.Stat(file); err == nil || target.committed("board", "moves") != -1 {
		t.Error("a dry run has changed something")
	}
	code, stdout, stderr = offsets("apply", "--file", file)
	expect("apply", code, stdout, stderr, exitDone, "2 aligned", "offsets undo --file")
	if got := target.committed("board", "moves"); got != 4 {
		t.Errorf("group board was set to %d", got)
	}
	code, stdout, stderr = offsets("check", "-o", "json")
	var checked struct{ Settled bool }
	if err := json.Unmarshal([]byte(stdout), &checked); err != nil || code != exitDone || !checked.Settled {
		t.Errorf("check: %d %v\n%s%s", code, err, stdout, stderr)
	}
	code, stdout, stderr = command("offsets", "undo", target.flag, "--file", file)
	expect("undo", code, stdout, stderr, exitDone, "2 offsets set back")
	if got := target.committed("board", "moves"); got != -1 {
		t.Errorf("group board is back at %d", got)
	}

	target.commit("board", "moves", 5)
	code, stdout, stderr = offsets("apply", "--file", file)
	expect("a group that is ahead", code, stdout, stderr, exitFindings, "group board on moves-0", "later than the proven 4", "--force")
	if target.committed("planner", "arrivals") != -1 {
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
			code, stdout, stderr := command(append([]string{"offsets"}, test.args...)...)
			if code != exitFailure || stdout != "" || !strings.Contains(stderr, test.want) || !strings.Contains(stderr, "hint: ") {
				t.Errorf("%d %s%s", code, stdout, stderr)
			}
		})
	}
}
