package proof

import (
	"context"
	"errors"
	"fmt"

	"github.com/twmb/franz-go/pkg/kerr"

	"cutover/generator/overlay"
	"cutover/generator/plan"
	"cutover/live/offset"
	"cutover/live/record"
)

// offsetsAligned asks whether every group has committed, on every partition, the offset that
// is proven for it by comparing both logs, and whether that lies within the log.
func offsetsAligned(ctx context.Context, q *question) error {
	there, here, err := q.both(q.gate.Side.Other())
	if err != nil {
		return err
	}
	asked := q.asked()
	if len(asked) == 0 {
		return errors.New("the migration names no topics of these groups")
	}
	committed := make(map[string]offsets)
	var names []string
	for _, group := range asked {
		names = append(names, group.Group)
	}
	for name, fetched := range here.admin.FetchManyOffsets(ctx, names...) {
		if errors.Is(fetched.Err, kerr.GroupIDNotFound) {
			continue // since Kafka 4.0 a group without offsets is none
		}
		if fetched.Err != nil {
			q.doubt("group %s: its offsets are not told: %v", name, fetched.Err)
			continue
		}
		committed[name] = make(offsets)
		for topic, partitions := range fetched.Fetched {
			for number, one := range partitions {
				if one.Err != nil {
					q.doubt("group %s on %s-%d: %v", name, topic, number, one.Err)
				} else if one.At >= 0 {
					committed[name][record.Partition{Topic: topic, Number: number}] = one.At
				}
			}
		}
	}
	proofs, err := offset.Prover{From: there.Client, To: here.Client, Unwritten: Unwritten(q.Scope)}.Prove(ctx, asked...)
	if err != nil {
		return here.explain(err)
	}
	wrong := 0
	for _, proof := range proofs {
		if !q.aligned(proof, committed[proof.Group]) {
			wrong++
		}
	}
	q.measure("groups", int64(len(asked)))
	q.measure("partitions", int64(len(proofs)))
	q.measure("wrong", int64(wrong))
	q.Left = int64(wrong)
	q.Seen = fmt.Sprintf("%d of %s of groups at the proven offset", len(proofs)-wrong, count(len(proofs), "partition"))
	return nil
}

// Unwritten gives the topics of a scope to which the mirror alone has written.
func Unwritten(scope overlay.Scope) map[string]bool {
	topics := make(map[string]bool)
	for _, topic := range scope.MirrorOnly {
		topics[topic] = true
	}
	return topics
}

// asked gives the groups of the gate with their topics, all that move where it names none.
// A group whose topics nobody knows is a doubt.
func (q *question) asked() []plan.GroupOffsets {
	if len(q.gate.Groups) == 0 {
		return q.Scope.Groups
	}
	known := make(map[string]plan.GroupOffsets)
	for _, group := range q.Scope.Groups {
		known[group.Group] = group
	}
	var asked []plan.GroupOffsets
	for _, name := range q.gate.Groups {
		if group, ok := known[name]; ok && len(group.Topics) > 0 {
			asked = append(asked, group)
			continue
		}
		q.doubt("group %s: the migration does not say which topics it reads", name)
	}
	return asked
}

func (q *question) aligned(proof offset.Proof, committed offsets) bool {
	partition := record.Partition{Topic: proof.Topic, Number: proof.Partition}
	at, known := committed[partition]
	switch {
	case !proof.Proven():
		q.against("group %s on %s: no offset is proven: %s", proof.Group, partition, proof.Reason)
	case !known && proof.Kind == offset.Empty && proof.Offset == proof.End:
		return true // it has nothing to go on from, and begins at an empty log's one end
	case !known:
		q.against("group %s has no committed offset on %s; proven is %d", proof.Group, partition, proof.Offset)
	case at < 0 || at > proof.End:
		q.against("group %s has committed %d on %s, outside the log, which ends at %d", proof.Group, at, partition, proof.End)
	case at != proof.Offset:
		q.against("group %s has committed %d on %s; proven is %d: %s", proof.Group, at, partition, proof.Offset, proof.Reason)
	default:
		return true
	}
	return false
}
