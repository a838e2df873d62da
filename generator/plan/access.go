package plan

import (
	"slices"

	"cutover/generator/strimzi/v1beta2"
)

// SourceUserVersion is the API version of KafkaUsers on the source.
func (p *Plan) SourceUserVersion() string {
	if p.Inventory.Kafka.APIVersion == "kafka.strimzi.io/v1beta2" {
		return p.Inventory.Kafka.APIVersion
	}
	return "kafka.strimzi.io/v1beta1"
}

// SourceMirrorUser is the mirror's user on the source: it reads everything and writes
// nothing but the offset-syncs topic, which Kafka 2.7 and 2.8 keep on the source.
func (p *Plan) SourceMirrorUser() User {
	authentication := p.Migration.Source.Authentication
	user := User{Name: authentication.Username, Spec: v1beta2.KafkaUserSpec{Authentication: &v1beta2.KafkaUserAuthentication{Type: authentication.Type}}}
	if !p.authorizes(p.Inventory.Kafka.Spec) {
		return user
	}
	user.Spec.Authorization = &v1beta2.KafkaUserAuthorization{Type: "simple", ACLs: slices.Concat(
		allow(v1beta2.ACLRuleResource{Type: "topic", Name: "*", PatternType: "literal"}, "Read", "Describe", "DescribeConfigs"),
		allow(v1beta2.ACLRuleResource{Type: "topic", Name: p.Mirror.OffsetSyncsTopic(), PatternType: "literal"}, "Create", "Write"),
		allow(v1beta2.ACLRuleResource{Type: "group", Name: "*", PatternType: "literal"}, "Describe"),
		allow(v1beta2.ACLRuleResource{Type: "cluster"}, "Describe"),
	)}
	return user
}

// TargetMirrorUser is the mirror's user on the target: it writes the mirrored topics, and
// owns its workers' topics and group.
func (p *Plan) TargetMirrorUser() User {
	user := User{Name: p.Mirror.User, Spec: v1beta2.KafkaUserSpec{Authentication: &v1beta2.KafkaUserAuthentication{Type: p.Mirror.Listener.Authentication}}}
	if !p.authorizes(p.Kafka.Spec) {
		return user
	}
	user.Spec.Authorization = &v1beta2.KafkaUserAuthorization{Type: "simple", ACLs: slices.Concat(
		allow(v1beta2.ACLRuleResource{Type: "topic", Name: "*", PatternType: "literal"}, "Read", "Write", "Create", "Describe", "DescribeConfigs", "Alter", "AlterConfigs"),
		allow(v1beta2.ACLRuleResource{Type: "group", Name: "*", PatternType: "literal"}, "Read", "Describe"),
		allow(v1beta2.ACLRuleResource{Type: "cluster"}, "Create", "Describe", "IdempotentWrite"),
	)}
	return user
}

// authorizes tells whether a Kafka spec checks ACLs that a KafkaUser can hold.
func (p *Plan) authorizes(spec map[string]any) bool {
	kafka, _ := spec["kafka"].(map[string]any)
	authorization, _ := kafka["authorization"].(map[string]any)
	return authorization["type"] == "simple"
}

func allow(resource v1beta2.ACLRuleResource, operations ...string) []v1beta2.ACLRule {
	rules := make([]v1beta2.ACLRule, 0, len(operations))
	for _, operation := range operations {
		rules = append(rules, v1beta2.ACLRule{Operation: operation, Resource: resource, Host: "*"})
	}
	return rules
}
