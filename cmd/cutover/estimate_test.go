package main

import (
	"encoding/json"
	"strings"
	"testing"

	estimation "cutover/live/estimate"
)

func TestAnEstimateOfRunningClusters(t *testing.T) {
	source, target := startBrokers(t, "source"), startBrokers(t, "target")
	source.write("moves", 0, 50)
	target.write("moves", 0, 20)
	code, stdout, stderr := command("estimate", "testdata/small", source.flag, target.flag, "--sample", "1s", "-o", "json")
	var report estimation.Report
	if err := json.Unmarshal([]byte(stdout), &report); err != nil || code != exitDone {
		t.Fatalf("%d %v\n%s%s", code, err, stdout, stderr)
	}
	if report.Messages != 30 || report.Bytes == 0 || !report.Measured || report.Seconds != nil || len(report.Limits) == 0 || report.Topics[0].Topic != "moves" {
		t.Errorf("got %+v", report)
	}
	code, stdout, stderr = command("estimate", "testdata/small", source.flag, "--sample", "0", "--rate", "1")
	for _, want := range []string{"50 messages", "caught up  1s", "log ends on the target", "one look alone"} {
		if !strings.Contains(stdout+stderr, want) {
			t.Errorf("%q is missing in\n%s%s", want, stdout, stderr)
		}
	}
	if code != exitDone {
		t.Errorf("ended with %d", code)
	}
}

func TestAnEstimateOfTheInventoryAlone(t *testing.T) {
	code, stdout, stderr := command("estimate", "testdata/small")
	if code != exitDone || !strings.Contains(stdout, "caught up  ?") || !strings.Contains(stderr, "no brokers were asked") {
		t.Errorf("%d %s%s", code, stdout, stderr)
	}
	for _, args := range [][]string{{"--sample", "-1s"}, {"--rate", "-1"}, {"-o", "yaml"}, {"nowhere"}} {
		if code, stdout, stderr := command(append([]string{"estimate"}, args...)...); code != exitFailure || stdout != "" || !strings.Contains(stderr, "hint: ") {
			t.Errorf("%v: %d %s%s", args, code, stdout, stderr)
		}
	}
	if code, _, stderr := command("estimate", "testdata/small", "--target-bootstrap", "127.0.0.1:1"); code != exitFailure || !strings.Contains(stderr, "source's brokers") {
		t.Errorf("%d %s", code, stderr)
	}
}
