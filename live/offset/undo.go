package offset

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"

	"github.com/twmb/franz-go/pkg/kadm"
	"github.com/twmb/franz-go/pkg/kgo"

	"cutover/generator/finding"
)

// Step is what undoing does to one group in one partition.
type Step struct {
	Group     string `json:"group"`
	Topic     string `json:"topic"`
	Partition int32  `json:"partition"`
	// Now is what is committed, Back what it is set to; -1 takes the commit away.
	Now  int64 `json:"now"`
	Back int64 `json:"back"`

	metadata string
}

// Undoing gives the steps that take an alignment back. A group that has members, or has
// committed anything since, is a finding of severity error; with force only members are.
func Undoing(ctx context.Context, to *kgo.Client, a Alignment, force bool) ([]Step, finding.List, error) {
	c := cluster{to}
	groups := make(map[string]bool)
	for _, change := range a.Changes {
		groups[change.Group] = true
	}
	named := slices.Sorted(maps.Keys(groups))
	busy, err := c.busy(ctx, named)
	if err != nil {
		return nil, nil, err
	}
	committed, err := c.committed(ctx, named)
	if err != nil {
		return nil, nil, err
	}
	var steps []Step
	var findings finding.List
	for _, change := range a.Changes {
		step := Step{Group: change.Group, Topic: change.Topic, Partition: change.Partition, Now: -1, Back: change.Before, metadata: change.MetadataBefore}
		there := committed[change.Group]
		one, ok := there.Fetched.Lookup(change.Topic, change.Partition)
		if ok && one.Err == nil {
			step.Now = one.At
		}
		err := errors.Join(there.Err, one.Err)
		if step.Now == step.Back && err == nil {
			continue
		}
		if f, found := step.obstacle(a, change, busy[change.Group], err, force); found {
			findings.Add(f)
		}
		steps = append(steps, step)
	}
	return steps, findings, nil
}

func (s Step) obstacle(a Alignment, change Change, busy string, err error, force bool) (finding.Finding, bool) {
	f := finding.Finding{Severity: finding.Error, Phase: a.Phase, Object: fmt.Sprintf("group %s on %s", change.Group, change.partition())}
	switch {
	case err != nil:
		f.Rule, f.Message, f.Hint = "offset-hidden", "its commit is not told: "+err.Error(), "give the user Describe on the group"
	case busy != "":
		f.Rule, f.Message, f.Hint = "offset-busy", busy, "stop the group's workloads, and wait until its members have left"
	case s.Now != change.Offset && !force:
		f.Rule = "offset-moved"
		f.Message = fmt.Sprintf("it was set to %d, and has committed %d since", change.Offset, s.Now)
		f.Hint = "what it has processed since would be processed again: give --force only where that does no harm"
	default:
		return f, false
	}
	return f, true
}

// Undo takes the steps.
func Undo(ctx context.Context, to *kgo.Client, steps []Step) error {
	c := cluster{to}
	wanted, gone := make(map[string]kadm.Offsets), make(map[string]kadm.TopicsSet)
	for _, step := range steps {
		if step.Back >= 0 {
			add(wanted, step.Group, kadm.Offset{Topic: step.Topic, Partition: step.Partition, At: step.Back, LeaderEpoch: -1, Metadata: step.metadata})
			continue
		}
		if gone[step.Group] == nil {
			gone[step.Group] = make(kadm.TopicsSet)
		}
		set := gone[step.Group]
		set.Add(step.Topic, step.Partition)
	}
	if err := c.commit(ctx, wanted); err != nil {
		return err
	}
	for _, group := range sortedKeys(gone) {
		deleted, err := c.admin().DeleteOffsets(ctx, group, gone[group])
		if err == nil {
			err = deleted.Error()
		}
		if err != nil {
			return fmt.Errorf("take the commits of group %s away: %w", group, err)
		}
	}
	return nil
}

func sortedKeys[V any](m map[string]V) []string { return slices.Sorted(maps.Keys(m)) }
