package main

import (
	"bytes"
	"testing"
	"time"

	"cutover/live/proof"
)

func TestAWaitTellsOnceWhatKeepsAGateFromBeingAnswered(t *testing.T) {
	blind := proof.Result{Gate: "drained", Seen: "cannot be told", Unknown: true, Left: -1, Evidence: []string{"group billing: GROUP_AUTHORIZATION_FAILED", "hint: give the user Describe on the groups"}}
	behind := proof.Result{Gate: "drained", Seen: "2 records left", Left: 2, Evidence: []string{"group billing is 2 behind on orders-0"}}
	told := "drained waits: group billing: GROUP_AUTHORIZATION_FAILED\ndrained waits: hint: give the user Describe on the groups\n"
	for name, test := range map[string]struct {
		terminal bool
		rounds   []proof.Result
		want     string
	}{
		"in a log": {false, []proof.Result{blind, blind, behind}, told},
		"nothing is told of a gate that is refused": {false, []proof.Result{behind}, ""},
		"on a terminal it stands above the bars": {true, []proof.Result{behind, blind},
			"\x1b[K  drained            [....................] 2 records left\n" +
				"\x1b[1A\x1b[Kdrained waits: group billing: GROUP_AUTHORIZATION_FAILED\n\x1b[Kdrained waits: hint: give the user Describe on the groups\n" +
				"\x1b[K  drained            [....................] cannot be told\n"},
	} {
		t.Run(name, func(t *testing.T) {
			var out bytes.Buffer
			waited := newWaiting(printer{out: &out, terminal: test.terminal})
			for _, round := range test.rounds {
				waited.show([]proof.Result{round}, []time.Duration{proof.Unknown})
			}
			if out.String() != test.want {
				t.Errorf("got\n%q\nwant\n%q", out.String(), test.want)
			}
		})
	}
}
