package estimate

import (
	"time"

	"cutover/live/record"
)

// flush is how old a mirror's note of its position may be: offset.flush.interval.ms is 60 s
// by default, and is not set otherwise.
const flush = time.Minute

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
			if load.keepsUp() {
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

// keepsUp tells that what seems to be left is what the mirror has copied since its last
// note: it copies as fast as is written, and no more is left than is written meanwhile.
func (l Load) keepsUp() bool {
	const nearly = 0.9
	return l.Mirror.Messages > 0 && l.Mirror.Messages >= nearly*l.Ingest.Messages &&
		l.Mirror.Messages <= l.Ingest.Messages/nearly && float64(l.Messages) <= l.Mirror.Messages*flush.Seconds()
}
