package estimate

import (
	"time"

	"cutover/live/record"
)

// noteAge is how old a mirror's note of its position may be: the rendered mirror notes every
// 10 s (offset.flush.interval.ms), and what is noted was read some seconds before.
const noteAge = 30 * time.Second

// loads gives the load of each partition, and whether two looks are there to tell rates.
func (in Input) loads() (map[record.Partition]Load, bool) {
	all := make(map[record.Partition]Load, len(in.Second.Logs))
	elapsed := 0.0
	if in.First != nil {
		elapsed = in.Second.At.Sub(in.First.At).Seconds()
	}
	for at, now := range in.Second.Logs {
		load := Load{Messages: now.left()}
		size := now.messageSize()
		if elapsed > 0 {
			before := in.First.Logs[at]
			load.Ingest = rate(before.End, now.End, elapsed, size)
			load.Mirror = rate(before.TargetEnd, now.TargetEnd, elapsed, size)
			if load.keepsUp(now) {
				load.Messages = 0
			}
			if load.Messages == 0 || load.Mirror.Messages > 0 { // else it waits for its turn, or has only markers left
				load.Seconds = seconds(float64(load.Messages), load.Mirror.Messages, load.Ingest.Messages)
			}
		}
		load.Bytes = int64(float64(load.Messages) * size)
		all[at] = load
	}
	return all, elapsed > 0
}

// left counts the offsets that are to be copied. Without the mirror's note it is what the
// source has more than the target.
func (l Log) left() int64 {
	switch {
	case l.Start < 0 || l.End < 0:
		return 0
	case l.Next >= 0:
		return max(0, l.End-max(l.Next, l.Start))
	case l.TargetEnd > 0:
		return max(0, l.End-l.Start-(l.TargetEnd-l.TargetStart))
	}
	return l.End - l.Start
}

func (l Log) messageSize() float64 {
	if l.Bytes <= 0 || l.End <= l.Start {
		return 0
	}
	return float64(l.Bytes) / float64(l.End-l.Start)
}

func rate(before, after int64, elapsed, size float64) Rate {
	if before < 0 || after < before {
		return Rate{}
	}
	messages := float64(after-before) / elapsed
	return Rate{messages, messages * size}
}

// keepsUp tells that the mirror copies, and that all that seems to be left was written since
// its last note. Rates cannot tell: what is on its way counts against the mirror, and so do
// markers of transactions, which take offsets on the source alone.
func (l Load) keepsUp(log Log) bool {
	const bursts = 3 // a clock that is ahead makes old records look young, but not few
	return l.Mirror.Messages > 0 && log.Recent >= 0 && log.Next >= log.Recent &&
		float64(l.Messages) <= bursts*l.Ingest.Messages*noteAge.Seconds()
}
