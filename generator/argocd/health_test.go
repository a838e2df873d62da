package argocd_test

import (
	"fmt"
	"strings"
	"testing"

	lua "github.com/yuin/gopher-lua"

	"cutover/generator/argocd"
	"cutover/generator/document"
)

// judge runs a health check on a resource as Argo CD 2.14 does: with the base, package and
// table libraries and no other.
func judge(t *testing.T, script, resource string) (status, message string) {
	t.Helper()
	value, err := document.ParseValue("resource.yaml", []byte(resource))
	if err != nil {
		t.Fatal(err)
	}
	state := lua.NewState(lua.Options{SkipOpenLibs: true})
	defer state.Close()
	for name, open := range map[string]lua.LGFunction{lua.LoadLibName: lua.OpenPackage, lua.BaseLibName: lua.OpenBase, lua.TabLibName: lua.OpenTable} {
		if err := state.CallByParam(lua.P{Fn: state.NewFunction(open), Protect: true}, lua.LString(name)); err != nil {
			t.Fatal(err)
		}
	}
	state.SetGlobal("obj", luaValue(state, value))
	if err := state.DoString(script); err != nil {
		t.Fatal(err)
	}
	result, ok := state.Get(-1).(*lua.LTable)
	if !ok {
		t.Fatalf("the check returned %v", state.Get(-1))
	}
	return text(t, result, "status"), text(t, result, "message")
}

func text(t *testing.T, table *lua.LTable, field string) string {
	t.Helper()
	value, ok := table.RawGetString(field).(lua.LString)
	if !ok {
		t.Fatalf("%s is %v", field, table.RawGetString(field))
	}
	return string(value)
}

func luaValue(state *lua.LState, value any) lua.LValue {
	switch v := value.(type) {
	case map[string]any:
		table := state.NewTable()
		for key, item := range v {
			table.RawSetString(key, luaValue(state, item))
		}
		return table
	case []any:
		table := state.NewTable()
		for _, item := range v {
			table.Append(luaValue(state, item))
		}
		return table
	case string:
		return lua.LString(v)
	case bool:
		return lua.LBool(v)
	case nil:
		return lua.LNil
	default: // a number of whatever type
		var number float64
		if _, err := fmt.Sscan(fmt.Sprint(v), &number); err != nil {
			panic(err)
		}
		return lua.LNumber(number)
	}
}

const (
	ready    = "{conditions: [{type: Ready, status: 'True'}], observedGeneration: 2}"
	notReady = "{conditions: [{type: NotReady, status: 'True', reason: InvalidResourceException, message: no such listener}], observedGeneration: 2}"
)

// verdict is what a check must make of a status.
type verdict struct{ name, status, want, message string }

// everyKind are the cases that all kinds have in common.
func everyKind() []verdict {
	return []verdict{
		{"no status", "", "Progressing", "has not seen it"},
		{"a status without conditions", "{observedGeneration: 1}", "Progressing", "has not seen it"},
		{"no condition yet", "{conditions: [], observedGeneration: 2}", "Progressing", "at work"},
		{"Ready", ready, "Healthy", ""},
		{"Ready of the spec before", strings.Replace(ready, "2", "1", 1), "Progressing", "newest spec"},
		{"NotReady of the spec before", strings.Replace(notReady, "observedGeneration: 2", "observedGeneration: 1", 1), "Progressing", "newest spec"},
		{"Ready of an operator that counts no generations", "{conditions: [{type: Ready, status: 'True'}]}", "Healthy", ""},
		{"Ready with a warning", "{conditions: [{type: Warning, status: 'True', reason: KafkaStorage, message: one disk}, {type: Ready, status: 'True'}], observedGeneration: 2}", "Healthy", ""},
		{"NotReady", notReady, "Degraded", "InvalidResourceException: no such listener"},
		{"NotReady without reason and message", "{conditions: [{type: NotReady, status: 'True'}], observedGeneration: 2}", "Degraded", "NotReady"},
		{"paused", "{conditions: [{type: ReconciliationPaused, status: 'True'}], observedGeneration: 1}", "Suspended", "paused"},
		{"no longer paused", "{conditions: [{type: ReconciliationPaused, status: 'False'}, {type: Ready, status: 'True'}], observedGeneration: 2}", "Healthy", ""},
		{"Unmanaged", "{conditions: [{type: Unmanaged, status: 'True'}], observedGeneration: 1}", "Healthy", "leaves it alone"},
	}
}

// readiness are the cases of the kinds that become ready or not, and nothing else.
func readiness() []verdict {
	return []verdict{
		{"Creating", "{conditions: [{type: NotReady, status: 'True', reason: Creating, message: Kafka cluster is being deployed}], observedGeneration: 2}", "Progressing", "being deployed"},
		{"Ready is False", "{conditions: [{type: Ready, status: 'False', reason: KafkaError, message: too few brokers}], observedGeneration: 2}", "Degraded", "KafkaError: too few brokers"},
	}
}

// connectors are the cases of the kinds that run connectors: one between OPEN and CLOSE.
func connectors() []verdict {
	const head = "{conditions: [{type: Ready, status: 'True'}], observedGeneration: 2, "
	return []verdict{
		{"everything runs", head + "OPEN{name: m, connector: {state: RUNNING}, tasks: [{id: 0, state: RUNNING}]}CLOSE}", "Healthy", ""},
		{"no task yet", head + "OPEN{name: m, connector: {state: RUNNING}, tasks: []}CLOSE}", "Healthy", ""},
		{"the connector FAILED", head + "OPEN{name: m, connector: {state: FAILED, trace: secret}, tasks: []}CLOSE}", "Degraded", "connector m FAILED"},
		{"one task FAILED", head + "OPEN{name: m, connector: {state: RUNNING}, tasks: [{id: 0, state: RUNNING}, {id: 1, state: FAILED, trace: secret}]}CLOSE}", "Degraded", "task 1 of connector m FAILED"},
		{"a task FAILED and the operator says NotReady", "{conditions: [{type: NotReady, status: 'True', reason: Throwable}], observedGeneration: 2, OPEN{name: m, tasks: [{id: 3, state: FAILED}]}CLOSE}", "Degraded", "task 3 of connector m FAILED"},
		{"a task FAILED under the spec before", "{conditions: [{type: Ready, status: 'True'}], observedGeneration: 1, OPEN{name: m, tasks: [{id: 3, state: FAILED}]}CLOSE}", "Progressing", "newest spec"},
		{"a task waits for a worker", head + "OPEN{name: m, connector: {state: RUNNING}, tasks: [{id: 0, state: UNASSIGNED}]}CLOSE}", "Progressing", "task 0 of connector m is UNASSIGNED"},
		{"the connector restarts", head + "OPEN{name: m, connector: {state: RESTARTING}}CLOSE}", "Progressing", "connector m is RESTARTING"},
		{"a paused connector is where its phase wants it", head + "OPEN{name: m, connector: {state: PAUSED}, tasks: [{id: 0, state: PAUSED}]}CLOSE}", "Healthy", "connector m is PAUSED"},
		{"a nameless connector", head + "OPEN{connector: {state: FAILED}}CLOSE}", "Degraded", "connector orders FAILED"},
	}
}

func rebalance() []verdict {
	state := func(name string) string {
		return "{conditions: [{type: " + name + ", status: 'True'}], observedGeneration: 2}"
	}
	return []verdict{
		{"New", state("New"), "Progressing", "at work"},
		{"PendingProposal", state("PendingProposal"), "Healthy", "computes"},
		{"ProposalReady", state("ProposalReady"), "Healthy", "strimzi.io/rebalance=approve"},
		{"Rebalancing", state("Rebalancing"), "Progressing", "moves"},
		{"Stopped", state("Stopped"), "Healthy", "strimzi.io/rebalance=refresh"},
		{"a state of long ago", "{conditions: [{type: ProposalReady, status: 'False'}, {type: Rebalancing, status: 'True'}], observedGeneration: 2}", "Progressing", "moves"},
		{"NotReady says how to try again", notReady, "Degraded", "strimzi.io/rebalance=refresh"},
	}
}

func TestHealthChecksTellWhatAStatusMeans(t *testing.T) {
	within := func(open, closing string) []verdict {
		cases := connectors()
		for i := range cases {
			cases[i].status = strings.NewReplacer("OPEN", open, "CLOSE", closing).Replace(cases[i].status)
		}
		return append(cases, readiness()...)
	}
	more := map[string][]verdict{
		"Kafka": readiness(), "KafkaBridge": readiness(), "KafkaConnect": readiness(), "KafkaTopic": readiness(), "KafkaUser": readiness(),
		"KafkaConnector":    within("connectorStatus: ", ""),
		"KafkaMirrorMaker2": within("connectors: [", "]"),
		"KafkaRebalance":    rebalance(),
	}
	for _, check := range every(t) {
		if check.Group == "batch" {
			continue
		}
		special, known := more[check.Kind]
		if !known || check.Group != "kafka.strimzi.io" {
			t.Errorf("%s.%s is checked and not tested", check.Kind, check.Group)
		}
		delete(more, check.Kind)
		for _, test := range append(everyKind(), special...) {
			t.Run(check.Kind+"/"+test.name, func(t *testing.T) {
				resource := "{kind: " + check.Kind + ", metadata: {name: orders, generation: 2}"
				if test.status != "" {
					resource += ", status: " + test.status
				}
				status, message := judge(t, check.Lua, resource+"}")
				if status != test.want || !strings.Contains(message, test.message) {
					t.Errorf("got %s, %q; want %s, %q", status, message, test.want, test.message)
				}
				if strings.Contains(message, "secret") {
					t.Errorf("the message %q holds a trace", message)
				}
			})
		}
	}
	for kind := range more {
		t.Errorf("%s has no check", kind)
	}
}

func TestAMirrorIsJudgedByAllItsConnectors(t *testing.T) {
	for _, check := range every(t) {
		if check.Kind != "KafkaMirrorMaker2" {
			continue
		}
		status, message := judge(t, check.Lua, `{metadata: {name: orders, generation: 2}, status: {observedGeneration: 2, conditions: [{type: Ready, status: 'True'}],
  connectors: [{name: heartbeat, connector: {state: UNASSIGNED}}, {name: source, connector: {state: RUNNING}, tasks: [{id: 7, state: FAILED}]}]}}`)
		if status != "Degraded" || message != "task 7 of connector source FAILED" {
			t.Errorf("got %s, %q", status, message)
		}
	}
}

func TestACronJobIsHealthyWhateverItsLastRun(t *testing.T) {
	for _, check := range every(t) {
		if check.Kind != "CronJob" {
			continue
		}
		for resource, want := range map[string]string{
			"{spec: {suspend: true}}": "it is suspended",
			"{spec: {suspend: false}, status: {lastScheduleTime: '2021-06-02T00:00:00Z', lastSuccessfulTime: '2021-06-01T00:00:00Z'}}": "",
			"{spec: {}}": "",
		} {
			if status, message := judge(t, check.Lua, resource); status != "Healthy" || message != want {
				t.Errorf("%s is %s, %q", resource, status, message)
			}
		}
		return
	}
	t.Error("CronJobs have no check")
}

func every(t *testing.T) []argocd.HealthCheck {
	t.Helper()
	checks, err := argocd.HealthChecks()
	if err != nil {
		t.Fatal(err)
	}
	return checks
}
