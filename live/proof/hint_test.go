package proof_test

import (
	"strings"
	"testing"

	"github.com/twmb/franz-go/pkg/kerr"
	"github.com/twmb/franz-go/pkg/kmsg"

	"cutover/generator/plan"
)

func TestWhatAUserMayNotSeeIsUnknownAndSaysWhatToDo(t *testing.T) {
	source, _ := pair(t)
	source.write("orders", 0, "a1")
	for _, group := range []string{"billing", "shipping"} {
		source.commit(group, "orders", 0, 1)
	}
	request := kmsg.NewPtrOffsetFetchRequest()
	source.fake.ControlKey(request.Key(), func(asked kmsg.Request) (kmsg.Response, error, bool) {
		source.fake.KeepControl()
		response := asked.ResponseKind().(*kmsg.OffsetFetchResponse)
		response.ErrorCode = kerr.GroupAuthorizationFailed.Code
		for _, one := range asked.(*kmsg.OffsetFetchRequest).Groups {
			group := kmsg.NewOffsetFetchResponseGroup()
			group.Group, group.ErrorCode = one.Group, kerr.GroupAuthorizationFailed.Code
			response.Groups = append(response.Groups, group)
		}
		return response, nil, true
	})
	got := ask(t, both(source, source), plan.Gate{Name: "drained", Side: plan.Source, Groups: []string{"billing", "shipping"}, Topics: []string{"orders"}})
	if got.Holds || !got.Unknown {
		t.Errorf("got %+v", got)
	}
	if last := got.Evidence[len(got.Evidence)-1]; last != "hint: give the user Describe on the groups" || !strings.Contains(got.Evidence[0], "GROUP_AUTHORIZATION_FAILED") {
		t.Errorf("got %q", got.Evidence)
	}
}
