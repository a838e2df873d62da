package capture

import (
	"cmp"
	"context"
	"slices"

	"github.com/twmb/franz-go/pkg/kadm"

	"cutover/generator/inventory"
)

// groups asks for groups, their members and their committed offsets.
func (r *reader) groups(ctx context.Context) error {
	listed, err := r.admin.ListGroups(ctx)
	if forbidden(err) {
		r.groupsHidden(nil)
		return nil
	}
	if err != nil || len(listed) == 0 {
		return err
	}
	described, err := r.admin.DescribeGroups(ctx, listed.Groups()...)
	if err != nil && !forbidden(err) {
		return err
	}
	offsets := r.admin.FetchManyOffsets(ctx, listed.Groups()...)
	var refused []string
	for _, name := range listed.Groups() {
		group := Group{Name: name, Protocol: listed[name].ProtocolType}
		one, ok := described[name]
		fetched := offsets[name]
		for _, err := range []error{one.Err, fetched.Err} {
			if err != nil && !forbidden(err) {
				return err
			}
		}
		if ok && one.Err == nil {
			group.State, group.Members = one.State, members(one)
		}
		if !ok || one.Err != nil || fetched.Err != nil {
			refused = append(refused, name)
		}
		group.Offsets = committed(fetched.Fetched)
		r.Groups = append(r.Groups, group)
	}
	if len(refused) > 0 {
		r.groupsHidden(refused)
	}
	return nil
}

func (r *reader) groupsHidden(names []string) {
	what := "groups"
	if len(names) > 0 {
		what = "state or offsets of groups " + few(names)
	}
	r.hidden.add(what, inventory.Unseen{
		Because: "the brokers refuse to describe them", Gates: []string{inventory.GateGroupsNotAhead, inventory.GateDrained},
		Hint: "give the user Describe on group *, and on the topics that they read",
	})
}

func members(group kadm.DescribedGroup) []Member {
	var all []Member
	for _, one := range group.Members {
		member := Member{ID: one.MemberID, Client: one.ClientID, Host: one.ClientHost}
		if assignment, ok := one.Assigned.AsConsumer(); ok {
			for _, topic := range assignment.Topics {
				member.Topics = append(member.Topics, topic.Topic)
			}
		}
		slices.Sort(member.Topics)
		all = append(all, member)
	}
	slices.SortFunc(all, func(x, y Member) int { return cmp.Compare(x.ID, y.ID) })
	return all
}

// committed keeps what is really committed: brokers answer -1 for a partition without.
func committed(fetched kadm.OffsetResponses) map[string]map[int32]int64 {
	all := make(map[string]map[int32]int64)
	fetched.Each(func(offset kadm.OffsetResponse) {
		if offset.Err != nil || offset.At < 0 {
			return
		}
		if all[offset.Topic] == nil {
			all[offset.Topic] = make(map[int32]int64)
		}
		all[offset.Topic][offset.Partition] = offset.At
	})
	return all
}
