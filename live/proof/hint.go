package proof

import (
	"context"
	"errors"
	"net"
	"slices"

	"github.com/twmb/franz-go/pkg/kerr"
)

// hint is what to do about errors that brokers, or the lack of them, give for single groups
// and partitions, where the request as a whole did not fail.
type hint struct {
	text string
	of   []error
	// gone tells that a connection that fails is one of them: others have not.
	gone bool
}

func hints() []hint {
	return []hint{
		{"give the user Describe on the groups", []error{kerr.GroupAuthorizationFailed}, false},
		{"give the user Describe and Read on the topics", []error{kerr.TopicAuthorizationFailed}, false},
		{"give the user Describe on the cluster", []error{kerr.ClusterAuthorizationFailed}, false},
		{"see that all brokers run, and that every partition has a leader", []error{
			kerr.LeaderNotAvailable, kerr.NotLeaderForPartition, kerr.ReplicaNotAvailable, kerr.BrokerNotAvailable, kerr.OffsetNotAvailable,
			kerr.CoordinatorNotAvailable, kerr.NotCoordinator, kerr.CoordinatorLoadInProgress, kerr.ListenerNotFound, kerr.RequestTimedOut,
			context.DeadlineExceeded,
		}, true},
	}
}

func (h hint) helps(err error) bool {
	var connection *net.OpError
	return slices.ContainsFunc(h.of, func(known error) bool { return errors.Is(err, known) }) || h.gone && errors.As(err, &connection)
}

// advise notes what to do about an error.
func (q *question) advise(err error) {
	for _, one := range hints() {
		if one.helps(err) {
			note(&q.hints, "hint: %s", one.text)
			return
		}
	}
}
