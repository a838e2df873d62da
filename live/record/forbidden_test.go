package record_test

import (
	"errors"
	"io"
	"testing"

	"github.com/twmb/franz-go/pkg/kadm"
	"github.com/twmb/franz-go/pkg/kerr"
	"github.com/twmb/franz-go/pkg/kfake"
	"github.com/twmb/franz-go/pkg/kgo"
	"github.com/twmb/franz-go/pkg/kmsg"

	"cutover/live/record"
)

func TestAnErrorNamesTheTopicsThatAUserMayNotDescribe(t *testing.T) {
	fake, err := kfake.NewCluster(kfake.SeedTopics(1, "orders"))
	if err != nil {
		t.Fatal(err)
	}
	defer fake.Close()
	client, err := kgo.NewClient(kgo.SeedBrokers(fake.ListenAddrs()...))
	if err != nil {
		t.Fatal(err)
	}
	defer client.Close()
	request := kmsg.NewPtrMetadataRequest()
	fake.ControlKey(request.Key(), func(asked kmsg.Request) (kmsg.Response, error, bool) {
		fake.KeepControl()
		response := asked.ResponseKind().(*kmsg.MetadataResponse)
		for _, one := range asked.(*kmsg.MetadataRequest).Topics {
			topic := kmsg.NewMetadataResponseTopic()
			topic.Topic = one.Topic
			if *one.Topic != "orders" {
				topic.ErrorCode = kerr.TopicAuthorizationFailed.Code
			}
			response.Topics = append(response.Topics, topic)
		}
		return response, nil, true
	})
	topics := []string{"orders", "g", "a", "f", "b", "e", "c"}
	got := record.Forbidden(t.Context(), client, topics, &kadm.AuthError{Err: kerr.TopicAuthorizationFailed})
	if want := "topics a, b, c, e, f and 1 more: " + kerr.TopicAuthorizationFailed.Error(); got.Error() != want || !errors.Is(got, kerr.TopicAuthorizationFailed) {
		t.Errorf("got %q, want %q", got, want)
	}
	if got := record.Forbidden(t.Context(), client, topics, io.EOF); !errors.Is(got, io.EOF) || errors.Is(got, kerr.TopicAuthorizationFailed) {
		t.Errorf("another error became %v", got)
	}
}
