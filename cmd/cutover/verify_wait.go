package main

import (
	"fmt"
	"strings"
	"time"

	"cutover/generator/finding"
	"cutover/live/proof"
)

// waiting shows the rounds of a wait: on a terminal a bar for each gate, written over the
// one before, and everywhere, once, what keeps a gate from being answered: a right that is
// missing is to be given now, not looked up when the time is over.
type waiting struct {
	printer printer
	most    map[int]int64   // of what was left, by gate
	told    map[string]bool // hints, by gate
	drawn   bool
}

func newWaiting(p printer) *waiting {
	return &waiting{printer: p, most: make(map[int]int64), told: make(map[string]bool)}
}

func (w *waiting) show(results []proof.Result, left []time.Duration) {
	if w.drawn {
		w.printer.printf("\x1b[%dA", len(results))
	}
	for _, result := range results {
		w.tell(result)
	}
	if !w.printer.terminal {
		return
	}
	w.drawn = true
	for i, result := range results {
		w.most[i] = max(w.most[i], result.Left)
		w.printer.printf("\x1b[K  %-18s %s %s\n", result.Gate, bar(result, w.most[i]), w.printer.paint(severityOf(result), result.Seen+estimate(result, left[i])))
	}
}

// tell prints the evidence of a gate that cannot be answered when it has a hint that was not
// told before: without one there is nothing for a person to do.
func (w *waiting) tell(result proof.Result) {
	fresh := false
	for _, line := range result.Evidence {
		if key := result.Gate + " " + line; strings.HasPrefix(line, "hint: ") && !w.told[key] {
			w.told[key], fresh = true, true
		}
	}
	if !result.Unknown || !fresh {
		return
	}
	for _, line := range result.Evidence {
		if w.drawn {
			w.printer.printf("\x1b[K")
		}
		w.printer.printf("%s waits: %s\n", result.Gate, line)
	}
}

const barWidth = 20

// bar fills as what is left falls from the most that was seen.
func bar(result proof.Result, most int64) string {
	filled := 0
	switch {
	case result.Holds:
		filled = barWidth
	case result.Left >= 0 && most > 0:
		filled = int(float64(barWidth) * float64(most-result.Left) / float64(most))
	}
	return "[" + strings.Repeat("#", filled) + strings.Repeat(".", barWidth-filled) + "]"
}

func estimate(result proof.Result, left time.Duration) string {
	if result.Holds || left <= 0 {
		return ""
	}
	return fmt.Sprintf(", about %s left", left)
}

func severityOf(result proof.Result) finding.Severity {
	if result.Holds {
		return finding.Note
	}
	return finding.Warning
}
