package plan_test

import (
	"reflect"
	"slices"
	"strings"
	"testing"

	"cutover/generator/finding"
	"cutover/generator/inventory"
	"cutover/generator/plan"
	"cutover/generator/strimzi/v1beta2"
)

func names(users []plan.User) []string {
	var all []string
	for _, user := range users {
		all = append(all, user.Name)
	}
	return all
}

// rich is a user with everything that a KafkaUser can have.
func rich(name string) inventory.User {
	rate, share := int64(9_007_199_254_740_993), int64(40)
	return inventory.User{Name: name, Secret: name, Spec: v1beta2.KafkaUserSpec{
		Authentication: &v1beta2.KafkaUserAuthentication{Type: "scram-sha-512"},
		Authorization: &v1beta2.KafkaUserAuthorization{Type: "simple", ACLs: []v1beta2.ACLRule{
			{Operation: "Write", Resource: v1beta2.ACLRuleResource{Type: "topic", Name: "on", PatternType: "prefix"}, Host: "10.0.0.1"},
			{Operation: "All", Resource: v1beta2.ACLRuleResource{Type: "cluster"}, Type: "deny"},
		}},
		Quotas: &v1beta2.KafkaUserQuotas{ProducerByteRate: &rate, RequestPercentage: &share},
	}}
}

func TestUsersTravelOneToOne(t *testing.T) {
	inv := found(t)
	inv.Users = append(inv.Users, rich("rich"))
	p, _ := decide(t, declared, inv)
	if got, want := names(p.Users), []string{"gateway", "validator", "rich"}; !slices.Equal(got, want) {
		t.Fatalf("got %v, want %v", got, want)
	}
	if got, want := p.Users[2].Spec, rich("rich").Spec; !reflect.DeepEqual(got, want) {
		t.Errorf("got %+v, want %+v", got, want)
	}
}

func TestUsersAreChosenByWholeNames(t *testing.T) {
	inv := found(t)
	inv.Users = append(inv.Users, scram("gateway-test"), scram("load"))
	for _, test := range []struct {
		name, users string
		want        []string
	}{
		{"all", "{}", []string{"gateway", "validator", "gateway-test", "load"}},
		{"some included", "{include: [gateway, l.*]}", []string{"gateway", "load"}},
		{"one excluded", "{exclude: [load]}", []string{"gateway", "validator", "gateway-test"}},
		{"included and excluded", "{include: ['gateway.*'], exclude: ['.*-test']}", []string{"gateway"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			p, _ := decide(t, change(t, "mirror: {}\n", "mirror: {}\nusers: "+test.users+"\n"), inv)
			if got := names(p.Users); !slices.Equal(got, test.want) {
				t.Errorf("got %v, want %v", got, test.want)
			}
		})
	}
}

func TestTheMirrorsUserOfTheSourceIsNotAmongThem(t *testing.T) {
	inv := found(t)
	inv.Users = append(inv.Users, scram("mirror"))
	p, _ := decide(t, declared, inv)
	if slices.Contains(names(p.Users), "mirror") {
		t.Error("it would be created twice")
	}
}

func TestUserOverridesPatchTheSpec(t *testing.T) {
	inv := found(t)
	inv.Users = []inventory.User{rich("rich"), scram("plain")}
	p, _ := decide(t, change(t, "mirror: {}\n", "mirror: {}\nusers:\n  overrides:\n  - pattern: r.*\n    spec:\n      quotas: {requestPercentage: 80, producerByteRate: null, consumerByteRate: 9007199254740993}\n"), inv)
	quotas := p.Users[0].Spec.Quotas
	if quotas.ProducerByteRate != nil || *quotas.RequestPercentage != 80 || *quotas.ConsumerByteRate != 9_007_199_254_740_993 {
		t.Errorf("got %+v", quotas)
	}
	if !reflect.DeepEqual(p.Users[0].Spec.Authorization, rich("rich").Spec.Authorization) {
		t.Errorf("the ACLs became %+v", p.Users[0].Spec.Authorization)
	}
	if p.Users[1].Spec.Quotas != nil {
		t.Error("an override reached a user that it does not name")
	}
}

// ACL names that look like booleans, and numbers beyond 2^53, must survive a patch of
// something else.
func TestAPatchLeavesTheRestOfAUserExact(t *testing.T) {
	inv := found(t)
	inv.Users = []inventory.User{rich("rich")}
	p, _ := decide(t, change(t, "mirror: {}\n", "mirror: {}\nusers: {overrides: [{name: rich, spec: {quotas: {requestPercentage: 80}}}]}\n"), inv)
	if got := *p.Users[0].Spec.Quotas.ProducerByteRate; got != 9_007_199_254_740_993 {
		t.Errorf("the rate became %d", got)
	}
	if !reflect.DeepEqual(p.Users[0].Spec.Authorization, rich("rich").Spec.Authorization) {
		t.Errorf("the ACLs became %+v", p.Users[0].Spec.Authorization)
	}
}

func TestAUserOverrideWithAnUnknownFieldIsAnError(t *testing.T) {
	errs := refuse(t, change(t, "mirror: {}\n", "mirror: {}\nusers: {overrides: [{name: gateway, spec: {quota: {}}}]}\n"), found(t))
	if len(errs) != 1 || !strings.Contains(errs[0].Message, "quota") {
		t.Errorf("got %v", errs)
	}
}

func TestAUserOverrideThatMatchesNobodyIsAWarning(t *testing.T) {
	_, findings := decide(t, change(t, "mirror: {}\n", "mirror: {}\nusers: {overrides: [{name: gatewya, spec: {}}]}\n"), found(t))
	if open := findings.Open(); len(open) != 1 || open[0].Severity != finding.Warning {
		t.Errorf("got %v, want one warning", open)
	}
}

func TestUsersThatTheTargetCannotHaveAreErrors(t *testing.T) {
	rate := 2.0
	mutating, long := scram("mutating"), inventory.User{Name: strings.Repeat("u", 65), Spec: v1beta2.KafkaUserSpec{Authentication: &v1beta2.KafkaUserAuthentication{Type: "tls"}}}
	mutating.Spec.Quotas = &v1beta2.KafkaUserQuotas{ControllerMutationRate: &rate}
	for _, test := range []struct {
		name, version, rule string
		user                inventory.User
	}{
		{"a mutation rate before Strimzi 0.24", "1.7", "user-quota", mutating},
		{"a TLS name beyond 64 characters", "1.8", "user-name", long},
	} {
		t.Run(test.name, func(t *testing.T) {
			inv := found(t)
			inv.Users = []inventory.User{test.user}
			wantOne(t, refuse(t, change(t, `"1.8"`, `"`+test.version+`"`), inv), test.rule, "KafkaUser "+test.user.Name, finding.Error)
		})
	}
	t.Run("a mutation rate on Strimzi 0.24 is taken", func(t *testing.T) {
		inv := found(t)
		inv.Users = []inventory.User{mutating}
		decide(t, declared, inv)
	})
}

func operations(acls []v1beta2.ACLRule, kind, name string) []string {
	var all []string
	for _, acl := range acls {
		if acl.Resource.Type == kind && acl.Resource.Name == name {
			all = append(all, acl.Operation)
		}
	}
	return all
}

func TestTheMirrorsUserOnTheSourceReadsEverythingAndWritesOneTopic(t *testing.T) {
	p, _ := decide(t, declared, found(t))
	user := p.SourceMirrorUser()
	acls := user.Spec.Authorization.ACLs
	for _, acl := range acls {
		writes := slices.Contains([]string{"Write", "Create", "Alter", "AlterConfigs", "Delete", "All"}, acl.Operation)
		if writes && acl.Resource.Name != "mm2-offset-syncs.freight-target.internal" {
			t.Errorf("it may %s %+v", acl.Operation, acl.Resource)
		}
	}
	for _, test := range []struct {
		kind, name string
		want       []string
	}{
		{"topic", "*", []string{"Read", "Describe", "DescribeConfigs"}},
		{"topic", "mm2-offset-syncs.freight-target.internal", []string{"Create", "Write"}},
		{"group", "*", []string{"Describe"}},
	} {
		if got := operations(acls, test.kind, test.name); !slices.Equal(got, test.want) {
			t.Errorf("on %s %s it may %v, want %v", test.kind, test.name, got, test.want)
		}
	}
	if user.Name != "mirror" || user.Spec.Authentication.Type != "scram-sha-512" {
		t.Errorf("got %+v", user)
	}
}

func TestTheMirrorsUserOnTheTargetMayWriteIdempotently(t *testing.T) {
	p, _ := decide(t, declared, found(t))
	user := p.TargetMirrorUser()
	if !slices.Contains(operations(user.Spec.Authorization.ACLs, "cluster", ""), "IdempotentWrite") {
		t.Error("the worker's idempotent producer would be refused")
	}
	if user.Name != "mirror" || user.Spec.Authentication.Type != "scram-sha-512" {
		t.Errorf("got %+v", user)
	}
}

func TestWhereNothingIsAuthorizedTheMirrorsUsersHaveNoACLs(t *testing.T) {
	inv := found(t)
	inv.Kafka = withSpec(t, strings.Replace(kafkaSpec, "  authorization: {type: simple, superUsers: [CN=root]}\n", "", 1))
	p, _ := decide(t, declared, inv)
	if p.SourceMirrorUser().Spec.Authorization != nil || p.TargetMirrorUser().Spec.Authorization != nil {
		t.Error("the User Operator refuses ACLs on a cluster that does not authorize")
	}
}

func TestTheSourcesUserIsWrittenInTheSourcesVersion(t *testing.T) {
	for version, want := range map[string]string{
		"kafka.strimzi.io/v1alpha1": "kafka.strimzi.io/v1beta1", "kafka.strimzi.io/v1beta1": "kafka.strimzi.io/v1beta1", "kafka.strimzi.io/v1beta2": "kafka.strimzi.io/v1beta2",
	} {
		t.Run(version, func(t *testing.T) {
			p, _ := decide(t, declared, found(t))
			p.Inventory.Kafka.APIVersion = version
			if got := p.SourceUserVersion(); got != want {
				t.Errorf("got %s, want %s", got, want)
			}
		})
	}
}
