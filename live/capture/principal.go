package capture

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/twmb/franz-go/pkg/kadm"
	"github.com/twmb/franz-go/pkg/kerr"
	"github.com/twmb/franz-go/pkg/kmsg"

	"cutover/generator/inventory"
	"cutover/generator/strimzi/v1beta2"
)

// user gives the user of a principal, to be filled in. Strimzi's principals are NAME for
// SCRAM and CN=NAME for certificates; others can be no KafkaUser's.
func (r *reader) user(principal string) *inventory.BrokerUser {
	user := inventory.BrokerUser{Name: principal}
	if name, certificate := strings.CutPrefix(principal, "CN="); certificate && !strings.ContainsAny(name, ",=") {
		user.Name, user.Spec.Authentication = name, &v1beta2.KafkaUserAuthentication{Type: "tls"}
	} else if !certificate && !strings.ContainsAny(principal, ",=*") {
		user.Spec.Authentication = &v1beta2.KafkaUserAuthentication{Type: "scram-sha-512"}
	}
	i, found := slices.BinarySearchFunc(r.Users, user.Name, func(u inventory.BrokerUser, name string) int { return cmp.Compare(u.Name, name) })
	if !found {
		r.Users = slices.Insert(r.Users, i, user)
	}
	return &r.Users[i]
}

// readACLs asks for all ACLs.
func (r *reader) readACLs(ctx context.Context) error {
	request := kmsg.NewPtrDescribeACLsRequest()
	request.ResourceType, request.ResourcePatternType = kmsg.ACLResourceTypeAny, kmsg.ACLResourcePatternTypeAny
	request.Operation, request.PermissionType = kmsg.ACLOperationAny, kmsg.ACLPermissionTypeAny
	response, err := request.RequestWith(ctx, r.client)
	if err != nil {
		return err
	}
	switch err := kerr.ErrorForCode(response.ErrorCode); {
	case err == nil || err == kerr.SecurityDisabled: //nolint:errorlint // the library's own values
		r.acls = err == nil // without an authorizer there are none, whatever KafkaUsers say
	case forbidden(err):
		r.hidden.add("ACLs", inventory.Unseen{Because: "the user may not Describe the cluster", Gates: []string{inventory.GateUsersReady}, Hint: "give it Describe on the cluster"})
		r.hidden.add("other topics and groups", inventory.Unseen{
			Because: "a user who may not Describe the cluster is not told of what it may not describe",
			Gates:   []string{inventory.GateComplete}, Hint: "give it Describe on the cluster, on topic * and on group *",
		})
	default:
		return err
	}
	for _, resource := range response.Resources {
		for _, acl := range resource.ACLs {
			r.addACL(resource, acl)
		}
	}
	for i := range r.Users {
		if authorization := r.Users[i].Spec.Authorization; authorization != nil {
			slices.SortFunc(authorization.ACLs, func(x, y v1beta2.ACLRule) int { return cmp.Compare(fmt.Sprint(x), fmt.Sprint(y)) })
		}
	}
	return nil
}

func (r *reader) addACL(resource kmsg.DescribeACLsResponseResource, acl kmsg.DescribeACLsResponseResourceACL) {
	principal, isUser := strings.CutPrefix(acl.Principal, "User:")
	rule, known := rule(resource, acl)
	if !isUser || !known {
		r.hidden.add(fmt.Sprintf("an ACL of %s on %s %s", acl.Principal, resource.ResourceType, resource.ResourceName),
			inventory.Unseen{Because: "a KafkaUser has no words for it", Gates: []string{inventory.GateUsersReady}, Hint: "set it on the target by hand, or take it away on the source"})
		return
	}
	user := r.user(principal)
	if user.Spec.Authorization == nil {
		user.Spec.Authorization = &v1beta2.KafkaUserAuthorization{Type: "simple"}
	}
	user.Spec.Authorization.ACLs = append(user.Spec.Authorization.ACLs, rule)
}

// rule gives an ACL in a KafkaUser's words; known is false where there are none.
func rule(resource kmsg.DescribeACLsResponseResource, acl kmsg.DescribeACLsResponseResourceACL) (rule v1beta2.ACLRule, known bool) {
	types := map[kmsg.ACLResourceType]string{
		kmsg.ACLResourceTypeTopic: "topic", kmsg.ACLResourceTypeGroup: "group",
		kmsg.ACLResourceTypeCluster: "cluster", kmsg.ACLResourceTypeTransactionalId: "transactionalId",
	}
	operations := map[kmsg.ACLOperation]string{
		kmsg.ACLOperationRead: "Read", kmsg.ACLOperationWrite: "Write", kmsg.ACLOperationCreate: "Create", kmsg.ACLOperationDelete: "Delete",
		kmsg.ACLOperationAlter: "Alter", kmsg.ACLOperationDescribe: "Describe", kmsg.ACLOperationClusterAction: "ClusterAction",
		kmsg.ACLOperationAlterConfigs: "AlterConfigs", kmsg.ACLOperationDescribeConfigs: "DescribeConfigs",
		kmsg.ACLOperationIdempotentWrite: "IdempotentWrite", kmsg.ACLOperationAll: "All",
	}
	patterns := map[kmsg.ACLResourcePatternType]string{kmsg.ACLResourcePatternTypeLiteral: "literal", kmsg.ACLResourcePatternTypePrefixed: "prefix"}
	rule = v1beta2.ACLRule{Operation: operations[acl.Operation], Host: acl.Host,
		Resource: v1beta2.ACLRuleResource{Type: types[resource.ResourceType], Name: resource.ResourceName, PatternType: patterns[resource.ResourcePatternType]}}
	if acl.PermissionType == kmsg.ACLPermissionTypeDeny {
		rule.Type = "deny"
	}
	known = rule.Operation != "" && rule.Resource.Type != "" && rule.Resource.PatternType != ""
	if rule.Resource.Type == "cluster" {
		rule.Resource.Name, rule.Resource.PatternType = "", "" // there is one
	}
	return rule, known
}

// readQuotas asks for all quotas (KIP-546, Kafka 2.6).
func (r *reader) readQuotas(ctx context.Context) error {
	if !r.has(kmsg.NewPtrDescribeClientQuotasRequest()) {
		r.hidden.add("quotas", inventory.Unseen{Because: "the brokers do not list them (Kafka 2.6 and later do); those of KafkaUsers are known", Hint: "see others with: kafka-configs.sh --zookeeper … --entity-type users --describe"})
		return nil
	}
	described, err := r.admin.DescribeClientQuotas(ctx, false, nil)
	if forbidden(err) {
		r.hidden.add("quotas", inventory.Unseen{Because: "the user may not DescribeConfigs on the cluster", Gates: []string{inventory.GateUsersReady}, Hint: "give it DescribeConfigs on the cluster"})
		return nil
	}
	if err != nil {
		return err
	}
	r.quotas = true
	for _, one := range described {
		r.addQuota(one)
	}
	return nil
}

func (r *reader) addQuota(described kadm.DescribedClientQuota) {
	if len(described.Entity) != 1 || described.Entity[0].Type != "user" || described.Entity[0].Name == nil {
		r.hidden.add("a quota of "+described.Entity.String(), inventory.Unseen{Because: "a KafkaUser has no words for it", Gates: []string{inventory.GateUsersReady}, Hint: "set it on the target by hand with kafka-configs.sh, or take it away on the source"})
		return
	}
	quotas := &v1beta2.KafkaUserQuotas{}
	whole := func(value float64) *int64 { n := int64(value); return &n }
	for _, value := range described.Values {
		switch value.Key {
		case "producer_byte_rate":
			quotas.ProducerByteRate = whole(value.Value)
		case "consumer_byte_rate":
			quotas.ConsumerByteRate = whole(value.Value)
		case "request_percentage":
			quotas.RequestPercentage = whole(value.Value)
		case "controller_mutation_rate":
			rate := value.Value
			quotas.ControllerMutationRate = &rate
		}
	}
	r.user(*described.Entity[0].Name).Spec.Quotas = quotas
}

// readPasswords asks who has a SCRAM password (KIP-554, Kafka 2.7). Brokers tell of
// mechanism and iterations alone.
func (r *reader) readPasswords(ctx context.Context) error {
	if !r.has(kmsg.NewPtrDescribeUserSCRAMCredentialsRequest()) {
		r.hidden.add("users with a SCRAM password", inventory.Unseen{Because: "the brokers do not list them (Kafka 2.7 and later do); KafkaUsers and those with ACLs are known", Hint: "see others with: kafka-configs.sh --zookeeper … --entity-type users --describe"})
		return nil
	}
	described, err := r.admin.DescribeUserSCRAMs(ctx)
	if forbidden(err) {
		r.hidden.add("users with a SCRAM password", inventory.Unseen{Because: "the user may not Describe the cluster", Gates: []string{inventory.GateUsersReady}, Hint: "give it Describe on the cluster"})
		return nil
	}
	if err != nil {
		return err
	}
	r.passwords = true
	for _, name := range slices.Sorted(maps.Keys(described)) {
		if slices.ContainsFunc(described[name].CredInfos, func(c kadm.CredInfo) bool { return c.Mechanism == kadm.ScramSha512 }) {
			r.user(name).Password = true
		}
	}
	return nil
}
