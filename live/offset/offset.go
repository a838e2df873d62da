// Package offset finds where a consumer group goes on after it has moved to another cluster,
// and sets it there. MirrorMaker 2 gives a copy another offset than the original: markers of
// transactions are not copied, compaction leaves gaps, and a mirror that was killed copies
// twice. Its own translation of offsets is exact only without all that (KAFKA-12468,
// KAFKA-12635), and so both logs are compared record by record around the place.
package offset

import (
	"context"
	"errors"
	"fmt"

	"github.com/twmb/franz-go/pkg/kgo"

	"cutover/generator/plan"
)

// Kind says how a group stands on the cluster that it leaves.
type Kind string

// The kinds of standing. Only Unproven has no offset.
const (
	// Drained: it has read all data; what is left are markers of transactions at most.
	Drained Kind = "drained"
	// Lagging: it has records to read, each of which was found on the other cluster.
	Lagging Kind = "lagging"
	// Empty: the partition has no data there, and had none that is on the other cluster.
	Empty Kind = "empty"
	// Unproven: no offset is right, or none is surely so.
	Unproven Kind = "unproven"
)

// Proof says where one group goes on in one partition, and why.
type Proof struct {
	Group     string `json:"group"`
	Topic     string `json:"topic"`
	Partition int32  `json:"partition"`
	Kind      Kind   `json:"kind"`
	// From is what the group has committed on the cluster that it leaves, -1 for nothing.
	From int64 `json:"from"`
	// Offset is the proven one on the cluster that it goes to, -1 where it is Unproven.
	Offset int64 `json:"offset"`
	// End is the log end there.
	End int64 `json:"end"`
	// Unread counts the records that it has yet to read of those that were copied, and Own
	// those behind Offset that only the cluster has to which it goes.
	Unread int `json:"unread"`
	Own    int `json:"own"`
	// Reason says in words why the offset is right, or why none is.
	Reason string `json:"reason"`

	metadata string // of the commit; Kafka Streams keeps its time there
}

// Proven tells whether there is an offset.
func (p Proof) Proven() bool { return p.Kind != Unproven }

// Prover compares the cluster that groups leave with the one that they go to. In the
// rollback of a batch the target is the one that they leave.
type Prover struct {
	From, To *kgo.Client
	// Unwritten are topics of which the mirror alone has written on To.
	Unwritten map[string]bool
}

// Prove finds where groups go on in every partition of their topics: group by group, ordered
// by topic and partition. What has no proof says so: an error is one of the connection alone.
// Nothing is changed on either cluster. Partitions are read together, and each once.
func (p Prover) Prove(ctx context.Context, groups ...plan.GroupOffsets) ([]Proof, error) {
	s := survey{prover: p, from: cluster{p.From}, to: cluster{p.To}}
	if err := s.take(ctx, groups); err != nil {
		return nil, err
	}
	for i := range s.proofs {
		s.judgeCommit(&s.proofs[i])
	}
	for _, some := range s.portions() {
		if err := s.compare(ctx, some); err != nil {
			return nil, err
		}
	}
	return s.proofs, nil
}

// judgeCommit decides what needs no record, and refuses what no record can help.
func (s *survey) judgeCommit(p *Proof) {
	at := p.at()
	from, _ := boundsOf(s.fromBounds, at)
	to, there := boundsOf(s.toBounds, at)
	p.End = to.end
	switch {
	case p.Reason != "":
	case from.err != nil:
		p.refuse(fmt.Errorf("the cluster that it leaves does not tell its log: %w", from.err))
	case to.err != nil:
		p.refuse(fmt.Errorf("the cluster that it goes to does not tell its log: %w", to.err))
	case !there:
		p.refuse(errors.New("the cluster that it goes to has no such partition"))
	case p.From < 0 && from.end == 0:
		p.prove(Empty, to.start, "nothing was ever written there before")
	case p.From < 0 && from.start == from.end && to.start == to.end:
		p.prove(Empty, to.end, "neither cluster has a record")
	case p.From < 0:
		p.refuse(errors.New("it has never committed: what it has read is unknown"))
	case p.From > from.end:
		p.refuse(fmt.Errorf("it has committed %d, and the log ends at %d: the topic was made anew, or was cut", p.From, from.end))
	case p.From > from.stable:
		p.refuse(fmt.Errorf("a transaction is open from offset %d on", from.stable))
	}
}

func (p *Proof) prove(kind Kind, offset int64, reason string) {
	p.Kind, p.Offset, p.Reason = kind, offset, reason
}

func (p *Proof) refuse(err error) { p.Kind, p.Offset, p.Reason = Unproven, -1, err.Error() }

// same takes over what is proven of another group that stands at the same place.
func (p *Proof) same(other Proof) {
	p.Kind, p.Offset, p.Unread, p.Own, p.Reason = other.Kind, other.Offset, other.Unread, other.Own, other.Reason
}
