package capture

import (
	"context"
	"slices"
	"strconv"

	"github.com/twmb/franz-go/pkg/kerr"
	"github.com/twmb/franz-go/pkg/kmsg"

	"cutover/generator/inventory"
)

// resources is how many topics one request asks the configuration of.
const resources = 1000

// topicConfigs asks what is set on each topic itself.
func (r *reader) topicConfigs(ctx context.Context) error {
	index := make(map[string]int, len(r.Topics))
	for i, topic := range r.Topics {
		index[topic.Name] = i
	}
	var refused []string
	for chunk := range slices.Chunk(r.names(), resources) {
		described, err := r.describe(ctx, kmsg.ConfigResourceTypeTopic, chunk)
		if err != nil {
			return err
		}
		for _, one := range described {
			if one.ErrorCode != 0 {
				refused = append(refused, one.ResourceName)
				continue
			}
			r.Topics[index[one.ResourceName]].Config = set(one.Configs, kmsg.ConfigSourceDynamicTopicConfig)
		}
	}
	if refused = distinct(refused); len(refused) > 0 {
		r.hidden.add("configuration of "+few(refused), inventory.Unseen{Because: "the brokers do not show it", Gates: []string{inventory.GateRetentionParity}, Hint: "give the user DescribeConfigs on topic *"})
	}
	return nil
}

// brokerConfigs asks what is set dynamically on all brokers, and on each.
func (r *reader) brokerConfigs(ctx context.Context) error {
	names := []string{""}
	for _, broker := range r.Brokers {
		names = append(names, strconv.Itoa(int(broker)))
	}
	for _, name := range names {
		described, err := r.describe(ctx, kmsg.ConfigResourceTypeBroker, []string{name})
		if err != nil {
			return err
		}
		for _, one := range described {
			if one.ErrorCode != 0 {
				r.hidden.add("dynamic configuration of brokers", inventory.Unseen{Because: "the brokers say: " + kerr.ErrorForCode(one.ErrorCode).Error(), Gates: []string{inventory.GateRetentionParity}, Hint: "give the user DescribeConfigs on the cluster"})
				r.Configs = nil
				return nil
			}
			source := kmsg.ConfigSourceDynamicBrokerConfig
			if name == "" {
				source = kmsg.ConfigSourceDynamicDefaultBrokerConfig
			}
			r.Configs = append(r.Configs, inventory.BrokerConfig{Broker: name, Config: set(one.Configs, source)})
		}
	}
	return nil
}

// describe asks for configurations. Which resource is refused stands in its answer.
func (r *reader) describe(ctx context.Context, kind kmsg.ConfigResourceType, names []string) ([]kmsg.DescribeConfigsResponseResource, error) {
	request := kmsg.NewPtrDescribeConfigsRequest()
	for _, name := range names {
		resource := kmsg.NewDescribeConfigsRequestResource()
		resource.ResourceType, resource.ResourceName = kind, name
		request.Resources = append(request.Resources, resource)
	}
	response, err := request.RequestWith(ctx, r.client)
	if err != nil {
		return nil, err
	}
	return response.Resources, nil
}

// set gives the entries that come from one source. Sensitive ones are left out: brokers
// send no value of them, and nothing of them is to be kept.
func set(entries []kmsg.DescribeConfigsResponseResourceConfig, source kmsg.ConfigSource) map[string]string {
	config := make(map[string]string)
	for _, entry := range entries {
		if entry.Source == source && !entry.IsSensitive && entry.Value != nil {
			config[entry.Name] = *entry.Value
		}
	}
	return config
}
