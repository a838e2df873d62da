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
	got := command("estimate", "testdata/small", source.flag, target.flag, "--sample", "1s", "-o", "json")
	var report estimation.Report
	if err := json.Unmarshal([]byte(got.out), &report); err != nil || got.code != exitDone {
		t.Fatalf("%d %v\n%s%s", got.code, err, got.out, got.errors)
	}
	if report.Messages != 30 || report.Bytes == 0 || !report.Measured || report.Seconds != nil || len(report.Limits) == 0 || report.Topics[0].Topic != "moves" {
		t.Errorf("got %+v", report)
	}
	got = command("estimate", "testdata/small", source.flag, "--sample", "0", "--rate", "1")
	for _, want := range []string{"50 messages", "caught up  1s", "log ends on the target", "one look alone"} {
		if !strings.Contains(got.out+got.errors, want) {
			t.Errorf("%q is missing in\n%s%s", want, got.out, got.errors)
		}
	}
	if got.code != exitDone {
		t.Errorf("ended with %d", got.code)
	}
}

func TestAnEstimateOfTheInventoryAlone(t *testing.T) {
	command("estimate", "testdata/small").says(t, exitDone, "caught up  ?", "no brokers were asked")
	for _, args := range [][]string{{"--sample", "-1s"}, {"--rate", "-1"}, {"-o", "yaml"}, {"nowhere"}} {
		if got := command(append([]string{"estimate"}, args...)...); got.code != exitFailure || got.out != "" || !strings.Contains(got.errors, "hint: ") {
			t.Errorf("%v: %d %s%s", args, got.code, got.out, got.errors)
		}
	}
	command("estimate", "testdata/small", "--target-bootstrap", "127.0.0.1:1").says(t, exitFailure, "", "source's brokers")
}
