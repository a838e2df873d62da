package offset_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/twmb/franz-go/pkg/kerr"
	"github.com/twmb/franz-go/pkg/kmsg"

	"cutover/live/offset"
)

func TestWhoMayNotCommitForOneGroupSetsNone(t *testing.T) {
	source, target, prover := moved(t)
	source.commit("shipping", 0, 7)
	// The brokers tell of a user who may do everything to billing, and only look at shipping.
	const everything, describe = 1<<3 | 1<<8, 1 << 8
	request := kmsg.NewPtrDescribeGroupsRequest()
	target.fake.ControlKey(request.Key(), func(asked kmsg.Request) (kmsg.Response, error, bool) {
		target.fake.KeepControl()
		response := asked.ResponseKind().(*kmsg.DescribeGroupsResponse)
		for _, name := range asked.(*kmsg.DescribeGroupsRequest).Groups {
			group := kmsg.NewDescribeGroupsResponseGroup()
			group.Group, group.State, group.AuthorizedOperations = name, "Empty", everything
			if name == "shipping" {
				group.AuthorizedOperations = describe
			}
			response.Groups = append(response.Groups, group)
		}
		return response, nil, true
	})
	alignment, err := prover.Align(t.Context(), orders("billing"), orders("shipping"))
	source.must(err)
	_, err = offset.Apply(t.Context(), target.client, alignment, false)
	if !errors.Is(err, kerr.GroupAuthorizationFailed) || !strings.Contains(err.Error(), "nothing was set: the user may not commit for groups shipping") {
		t.Errorf("got %v", err)
	}
	if got := target.committed("billing"); got != -1 {
		t.Errorf("billing was set to %d", got)
	}
}
