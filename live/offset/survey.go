package offset

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/twmb/franz-go/pkg/kadm"

	"cutover/generator/plan"
	"cutover/live/record"
)

// survey is one proving of many groups.
type survey struct {
	prover               Prover
	from, to             cluster
	proofs               []Proof
	fromBounds, toBounds map[record.Partition]bounds
	compacted            map[string]bool
	partitions           map[string][]record.Partition // by topic
}

// mostCompared is how many offsets of one cluster are read at once, and of one partition at
// all: what is kept of a record takes some 70 bytes.
const mostCompared = 4 << 20

// take asks both clusters where logs and groups stand, and begins a proof for each group and
// partition.
func (s *survey) take(ctx context.Context, groups []plan.GroupOffsets) error {
	var topics, names []string
	for _, group := range groups {
		names = append(names, group.Group)
		topics = append(topics, group.Topics...)
	}
	slices.Sort(topics)
	topics = slices.Compact(topics)
	committed, err := s.from.committed(ctx, names)
	if err != nil {
		return fmt.Errorf("commits on the cluster that groups leave: %w", err)
	}
	// Logs after commits: a commit is then never ahead of the log end that it is held against.
	if s.fromBounds, err = s.from.bounds(ctx, topics); err != nil {
		return fmt.Errorf("logs on the cluster that groups leave: %w", err)
	}
	if s.toBounds, err = s.to.bounds(ctx, topics); err != nil {
		return fmt.Errorf("logs on the cluster that groups go to: %w", err)
	}
	if s.compacted, err = s.from.compacted(ctx, topics); err != nil {
		return err
	}
	there, err := s.to.compacted(ctx, topics)
	if err != nil {
		return err
	}
	for topic, compacted := range there {
		s.compacted[topic] = s.compacted[topic] || compacted
	}
	s.index()
	for _, group := range groups {
		s.begin(group, committed[group.Group])
	}
	return nil
}

// begin makes the proofs of one group, yet without offsets.
func (s *survey) begin(group plan.GroupOffsets, committed kadm.FetchOffsetsResponse) {
	topics := slices.Clone(group.Topics)
	slices.Sort(topics)
	for _, topic := range slices.Compact(topics) {
		partitions := s.partitions[topic]
		if len(partitions) == 0 {
			proof := Proof{Group: group.Group, Topic: topic, From: -1}
			proof.refuse(errors.New("neither cluster tells of the topic"))
			s.proofs = append(s.proofs, proof)
		}
		for _, at := range partitions {
			proof := Proof{Group: group.Group, Topic: topic, Partition: at.Number, From: -1, Offset: -1, Kind: Unproven}
			one, ok := committed.Fetched.Lookup(topic, at.Number)
			switch {
			case committed.Err != nil:
				proof.refuse(fmt.Errorf("its commits are not told: %w", committed.Err))
			case ok && one.Err != nil:
				proof.refuse(fmt.Errorf("its commit is not told: %w", one.Err))
			case ok && one.At >= 0:
				proof.From, proof.metadata = one.At, one.Metadata
			}
			s.proofs = append(s.proofs, proof)
		}
	}
}

// index gathers the partitions of each topic that either cluster has: one that the other
// lacks is refused, and not left out.
func (s *survey) index() {
	s.partitions = make(map[string][]record.Partition)
	for at := range s.fromBounds {
		s.partitions[at.Topic] = append(s.partitions[at.Topic], at)
	}
	for at := range s.toBounds {
		if _, both := s.fromBounds[at]; !both {
			s.partitions[at.Topic] = append(s.partitions[at.Topic], at)
		}
	}
	for _, partitions := range s.partitions {
		slices.SortFunc(partitions, record.Partition.Compare)
	}
}

// boundsOf gives the log of a partition on one side. A topic with fewer partitions on the
// cluster that is left has never had data in the others.
func boundsOf(all map[record.Partition]bounds, at record.Partition) (b bounds, ok bool) {
	if b, ok = all[at]; ok {
		return b, true
	}
	b = all[record.Partition{Topic: at.Topic}]
	return bounds{err: b.err}, false
}

func (p Proof) at() record.Partition {
	return record.Partition{Topic: p.Topic, Number: p.Partition}
}

// portions gives the undecided proofs, those of one partition together, in portions of which
// the unread records of each fit into memory.
func (s *survey) portions() [][]*Proof {
	var open []*Proof
	for i := range s.proofs {
		if s.proofs[i].Reason == "" {
			open = append(open, &s.proofs[i])
		}
	}
	slices.SortStableFunc(open, func(x, y *Proof) int { return cmp.Or(x.at().Compare(y.at()), cmp.Compare(x.From, y.From)) })
	var portions [][]*Proof
	size := int64(mostCompared)
	for i, proof := range open {
		same := i > 0 && open[i-1].at() == proof.at()
		lag := s.fromBounds[proof.at()].stable - proof.From // the first of a partition has the most
		if lag > mostCompared {
			proof.refuse(fmt.Errorf("it is %d offsets behind, too many to compare: let it catch up first", lag))
			continue
		}
		if !same {
			size += lag + int64(contexts()[0])
		}
		if !same && size > mostCompared {
			portions, size = append(portions, nil), lag+int64(contexts()[0])
		}
		portions[len(portions)-1] = append(portions[len(portions)-1], proof)
	}
	return portions
}

func policyHas(policy, word string) bool {
	return slices.ContainsFunc(strings.Split(policy, ","), func(one string) bool { return strings.TrimSpace(one) == word })
}
