package record

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/twmb/franz-go/pkg/kerr"
	"github.com/twmb/franz-go/pkg/kgo"
	"github.com/twmb/franz-go/pkg/kmsg"
)

// mostNamed is how many topics an error names.
const mostNamed = 5

// Forbidden adds to an error which of the topics the user may not describe, where that is
// what it is about: kadm gives up on all topics where brokers refuse one, and forgets which.
func Forbidden(ctx context.Context, client *kgo.Client, topics []string, err error) error {
	if !errors.Is(err, kerr.TopicAuthorizationFailed) {
		return err
	}
	request := kmsg.NewPtrMetadataRequest()
	for _, topic := range topics {
		asked := kmsg.NewMetadataRequestTopic()
		asked.Topic = kmsg.StringPtr(topic)
		request.Topics = append(request.Topics, asked)
	}
	response, failed := request.RequestWith(ctx, client)
	if failed != nil {
		return err
	}
	var names []string
	for _, topic := range response.Topics {
		if topic.Topic != nil && topic.ErrorCode == kerr.TopicAuthorizationFailed.Code {
			names = append(names, *topic.Topic)
		}
	}
	if len(names) == 0 {
		return err
	}
	slices.Sort(names)
	more := ""
	if len(names) > mostNamed {
		names, more = names[:mostNamed], fmt.Sprintf(" and %d more", len(names)-mostNamed)
	}
	return fmt.Errorf("topics %s%s: %w", strings.Join(names, ", "), more, err)
}
