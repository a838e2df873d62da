package charts_test

import (
	"reflect"
	"strings"
	"testing"
)

func TestOperatorRendersWhatTheDistributionNeeds(t *testing.T) {
	cases := []struct {
		name, values string
		want         []string
	}{
		{"AMQ Streams with manual approval brings the approver", "olm: {startingCSV: amqstreams.v1.8.3}", []string{
			"ServiceAccount/try-approver", "Role/try-approver", "RoleBinding/try-approver", "Job/try-approver",
			"OperatorGroup/amq-streams", "Subscription/amq-streams",
		}},
		{"approval by hand brings no approver", "approver: {enabled: false}", []string{
			"OperatorGroup/amq-streams", "Subscription/amq-streams",
		}},
		{"automatic approval brings no approver", "olm: {approval: Automatic}", []string{
			"OperatorGroup/amq-streams", "Subscription/amq-streams",
		}},
		{"a namespace that has an OperatorGroup gets no second one", "olm: {approval: Automatic, operatorGroup: {create: false}}", []string{
			"Subscription/amq-streams",
		}},
		{"Strimzi gets role bindings in each watched namespace", "{distribution: strimzi, watchNamespaces: [orders]}", []string{
			"RoleBinding/try-entity-operator-delegation", "RoleBinding/try-namespaced",
		}},
		{"the namespace is created when asked for", "{distribution: strimzi, namespace: {create: true}}", []string{
			"Namespace/freight",
		}},
	}
	for _, test := range cases {
		t.Run(test.name, func(t *testing.T) {
			if got := kinds(render(t, "operator", test.values)); !reflect.DeepEqual(got, test.want) {
				t.Errorf("rendered %v, want %v", got, test.want)
			}
		})
	}
}

func TestOperatorGroupTargetsWhatIsWatched(t *testing.T) {
	cases := []struct {
		name, values string
		want         any
	}{
		{"the release namespace unless said otherwise", "", map[string]any{"targetNamespaces": []any{"freight"}}},
		{"the namespaces given", "olm: {operatorGroup: {targetNamespaces: [a, b]}}", map[string]any{"targetNamespaces": []any{"a", "b"}}},
		{"all namespaces is an empty spec", "olm: {operatorGroup: {allNamespaces: true}}", map[string]any{}},
	}
	for _, test := range cases {
		t.Run(test.name, func(t *testing.T) {
			group := find(t, render(t, "operator", test.values), "OperatorGroup/amq-streams")
			if !reflect.DeepEqual(group["spec"], test.want) {
				t.Errorf("spec is %v, want %v", group["spec"], test.want)
			}
		})
	}
}

func TestSubscriptionIsPinned(t *testing.T) {
	values := "olm: {channel: amq-streams-1.7.x, startingCSV: amqstreams.v1.7.3, source: mirrored, sourceNamespace: catalogs}"
	subscription := find(t, render(t, "operator", values), "Subscription/amq-streams")
	want := map[string]any{
		"name": "amq-streams", "channel": "amq-streams-1.7.x", "startingCSV": "amqstreams.v1.7.3",
		"source": "mirrored", "sourceNamespace": "catalogs", "installPlanApproval": "Manual",
	}
	if !reflect.DeepEqual(subscription["spec"], want) {
		t.Errorf("spec is %v, want %v", subscription["spec"], want)
	}
}

func TestApproverMayPatchNothingButInstallPlans(t *testing.T) {
	role := find(t, render(t, "operator", ""), "Role/try-approver")
	reading := map[string]bool{"get": true, "list": true, "watch": true}
	for i := range role["rules"].([]any) {
		rule := at(role, "rules", i)
		for _, verb := range at(rule, "verbs").([]any) {
			if reading[verb.(string)] {
				continue
			}
			if verb != "patch" || !reflect.DeepEqual(at(rule, "resources"), []any{"installplans"}) {
				t.Errorf("the approver may %v %v", verb, at(rule, "resources"))
			}
		}
	}
}

func TestStrimziRoleBindingsStayOutOfTheOperatorsNamespace(t *testing.T) {
	for _, values := range []string{
		"{distribution: strimzi, watchNamespaces: [freight]}",
		"{distribution: strimzi, watchNamespaces: [orders], strimzi: {operatorNamespace: orders}}",
	} {
		_, err := tryRender(t, "operator", values)
		if err == nil || !strings.Contains(err.Error(), "watchNamespaces must not contain") {
			t.Errorf("%s: error is %v", values, err)
		}
	}
}
