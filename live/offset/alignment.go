package offset

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"

	"github.com/twmb/franz-go/pkg/kadm"
	"github.com/twmb/franz-go/pkg/kerr"

	"cutover/generator/finding"
	"cutover/generator/plan"
	"cutover/live/record"
)

// State says how a group's offset on the cluster that it goes to stands to the proven one.
type State string

// The states of a change. Only Due is written, and with force Ahead.
const (
	// Aligned: it has committed the proven offset.
	Aligned State = "aligned"
	// Due: it has committed an earlier one, or none.
	Due State = "due"
	// Ahead: it has committed a later one, and would go backwards.
	Ahead State = "ahead"
	// Busy: it has members, on one of the clusters, or nobody tells that it has none.
	Busy State = "busy"
	// Refused: there is no proven offset.
	Refused State = "unproven"
)

// Change is what one group is to get in one partition.
type Change struct {
	Proof
	// Before is what the group had committed there, -1 for nothing.
	Before int64 `json:"before"`
	State  State `json:"state"`

	// MetadataBefore is what was committed with Before; Kafka Streams keeps its time there.
	MetadataBefore string `json:"metadataBefore,omitempty"`
}

// partition names the one it is about.
func (c Change) partition() record.Partition { return c.at() }

// Alignment is what all groups of a phase are to get.
type Alignment struct {
	APIVersion string `json:"apiVersion"`
	Kind       string `json:"kind"`
	Migration  string `json:"migration,omitempty"`
	Phase      string `json:"phase,omitempty"`
	// Cluster is the one on which offsets are set: source or target.
	Cluster plan.Side `json:"cluster,omitempty"`
	Changes []Change  `json:"changes"`
}

// APIVersion and FileKind head the JSON of an alignment.
const (
	APIVersion = "cutover/v1alpha1"
	FileKind   = "OffsetAlignment"
)

// Align proves where groups go on, and holds it against what they have committed there. It
// changes nothing.
func (p Prover) Align(ctx context.Context, groups ...plan.GroupOffsets) (Alignment, error) {
	a := Alignment{APIVersion: APIVersion, Kind: FileKind}
	busy, err := p.busy(ctx, groups)
	if err != nil {
		return a, err
	}
	proofs, err := p.Prove(ctx, groups...)
	if err != nil {
		return a, err
	}
	committed, err := cluster{p.To}.committed(ctx, names(groups))
	if err != nil {
		return a, err
	}
	for _, proof := range proofs {
		change := Change{Proof: proof, Before: -1}
		there := committed[proof.Group]
		one, ok := there.Fetched.Lookup(proof.Topic, proof.Partition)
		if ok && one.Err == nil && one.At >= 0 {
			change.Before, change.MetadataBefore = one.At, one.Metadata
		}
		err := there.Err
		if ok {
			err = errors.Join(err, one.Err)
		}
		change.judge(busy[proof.Group], err)
		a.Changes = append(a.Changes, change)
	}
	return a, nil
}

func (c *Change) judge(busy string, err error) {
	switch {
	case !c.Proven():
		c.State = Refused
	case err != nil:
		c.State, c.Reason = Refused, "its commit where it goes to is not told: "+err.Error()
	case c.Before == c.Offset:
		c.State = Aligned
	case busy != "":
		c.State, c.Reason = Busy, busy
	case c.Before > c.Offset:
		c.State = Ahead
	default:
		c.State = Due
	}
}

// busy gives the groups that are in use on either cluster, and how.
func (p Prover) busy(ctx context.Context, groups []plan.GroupOffsets) (map[string]string, error) {
	all := make(map[string]string)
	for _, side := range []struct {
		cluster
		name string
	}{{cluster{p.From}, "the cluster that it leaves"}, {cluster{p.To}, "the cluster that it goes to"}} {
		found, err := side.busy(ctx, names(groups))
		if err != nil {
			return nil, fmt.Errorf("groups on %s: %w", side.name, err)
		}
		for group, how := range found {
			all[group] = "on " + side.name + " " + how
		}
	}
	return all, nil
}

// busy gives the groups that are not Empty or Dead, or of which nobody tells.
func (c cluster) busy(ctx context.Context, groups []string) (map[string]string, error) {
	all := make(map[string]string)
	if len(groups) == 0 {
		return all, nil
	}
	described, err := c.admin().DescribeGroups(ctx, groups...)
	if shards := (*kadm.ShardErrors)(nil); err != nil && !errors.As(err, &shards) {
		return nil, err
	}
	for _, name := range groups {
		group, ok := described[name]
		switch {
		case !ok:
			all[name] = "its state is not told"
		case errors.Is(group.Err, kerr.GroupIDNotFound):
		case group.Err != nil:
			all[name] = "its state is not told: " + group.Err.Error()
		case group.State != "Empty" && group.State != "Dead":
			all[name] = fmt.Sprintf("its state is %s, with %d members", group.State, len(group.Members))
		}
	}
	return all, nil
}

func names(groups []plan.GroupOffsets) []string {
	set := make(map[string]bool)
	for _, group := range groups {
		set[group.Group] = true
	}
	return slices.Sorted(maps.Keys(set))
}

// of gives the changes in a state.
func (a Alignment) of(state State) []Change {
	return slices.DeleteFunc(slices.Clone(a.Changes), func(c Change) bool { return c.State != state })
}

// Settled tells that every group has committed its proven offset.
func (a Alignment) Settled() bool { return len(a.of(Aligned)) == len(a.Changes) }

// Obstacles are why an alignment cannot be written, as findings of severity error; with
// force, a group may go backwards.
func (a Alignment) Obstacles(force bool) finding.List {
	var findings finding.List
	for _, kind := range []struct {
		state State
		hint  string
	}{
		{Refused, "settle what the reason says, then run this again; set nothing by hand that is not understood"},
		{Busy, "stop the group's workloads on both clusters, and wait until its members have left"},
		{Ahead, "the group was used there, or something has set it: find out what, then give --force to go back"},
	} {
		if kind.state == Ahead && force {
			continue
		}
		for _, c := range a.of(kind.state) {
			message := c.Reason
			if c.State == Ahead {
				message = fmt.Sprintf("it has committed %d, later than the proven %d", c.Before, c.Offset)
			}
			findings.Add(finding.Finding{Rule: "offset-" + string(c.State), Severity: finding.Error, Phase: a.Phase,
				Object: fmt.Sprintf("group %s on %s", c.Group, c.partition()), Message: message, Hint: kind.hint})
		}
	}
	return findings
}
