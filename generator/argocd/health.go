package argocd

import (
	"embed"
	"fmt"
	"strings"
)

//go:embed health/*.lua
var fragments embed.FS

// HealthCheck is how Argo CD judges the resources of one kind.
type HealthCheck struct {
	// Group and Kind are those of the resources, in any version.
	Group, Kind string
	// Lua is the script. It gets the resource as obj and returns a table of status and message.
	// It uses no library but Lua's basic one: Argo CD opens neither string nor math.
	Lua string
}

// check is the kind that a script judges, and the fragments that it is put together from.
type check struct{ group, kind, fragments string }

// checks lists the fragments of each kind's script, in order. Argo CD has checks of its own
// for most of these kinds, but they pass on the Ready of an earlier spec, take a paused
// resource for one that never becomes ready, and do not look at tasks; for
// KafkaMirrorMaker2 and KafkaRebalance it has none, and takes them for healthy at once.
func checks() []check {
	const strimzi = "kafka.strimzi.io"
	return []check{
		{"batch", "CronJob", "cronjob"},
		{strimzi, "Kafka", "begin ready"},
		{strimzi, "KafkaBridge", "begin ready"},
		{strimzi, "KafkaConnect", "begin ready"},
		{strimzi, "KafkaConnector", "begin connector tasks ready"},
		{strimzi, "KafkaMirrorMaker2", "begin mirror tasks ready"},
		{strimzi, "KafkaRebalance", "begin rebalance"},
		{strimzi, "KafkaTopic", "begin ready"},
		{strimzi, "KafkaUser", "begin ready"},
	}
}

// HealthChecks gives the health checks of Strimzi's kinds and of CronJobs, in the order of
// group and kind.
func HealthChecks() ([]HealthCheck, error) {
	var all []HealthCheck
	for _, check := range checks() {
		var script strings.Builder
		for _, name := range strings.Fields(check.fragments) {
			text, err := fragments.ReadFile("health/" + name + ".lua")
			if err != nil {
				return nil, fmt.Errorf("health check of %s: %w", check.kind, err)
			}
			script.Write(text)
		}
		all = append(all, HealthCheck{Group: check.group, Kind: check.kind, Lua: script.String()})
	}
	return all, nil
}
