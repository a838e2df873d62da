package inventory

import (
	"fmt"
	"slices"
)

// The gates whose proof needs evidence beyond exported manifests.
const (
	GateGroupsNotAhead  = "groups-not-ahead"
	GateDrained         = "drained"
	GateRetentionParity = "retention-parity"
	GateTopicsReady     = "topics-ready"
	GateUsersReady      = "users-ready"
)

// Gap is a gate that the evidence of an inventory leaves unprovable, and why.
type Gap struct {
	Gate    string
	Because string
}

// Unprovable gives the gates that an inventory's missing evidence leaves unprovable until
// a live cluster is asked, in a fixed order.
func Unprovable(inventory Inventory) []Gap {
	has := func(any ...Evidence) bool {
		return slices.ContainsFunc(any, func(e Evidence) bool { return slices.Contains(inventory.Evidence, e) })
	}
	var gaps []Gap
	add := func(gate, because string) { gaps = append(gaps, Gap{gate, because}) }
	if !has(GroupsDescribe, LiveKafka) {
		const because = "no kafka-consumer-groups.sh --describe --all-groups was given: groups and their offsets are unknown"
		add(GateGroupsNotAhead, because)
		add(GateDrained, because)
	}
	if !has(TopicsDescribe, LiveKafka) {
		add(GateTopicsReady, "no kafka-topics.sh --describe was given: topics without a KafkaTopic are unknown")
	}
	if !has(ConfigDescribe, LiveKafka) {
		add(GateRetentionParity, "no kafka-configs.sh --describe was given: what is set dynamically on brokers and topics is unknown")
	}
	if missing := usersWithoutSecret(inventory); missing > 0 && !has(LiveAPI) {
		add(GateUsersReady, fmt.Sprintf("the Secrets of %d of %d users are not in the export: their credentials cannot be compared",
			missing, len(inventory.Users)))
	}
	return gaps
}

func usersWithoutSecret(inventory Inventory) int {
	present := make(map[string]bool)
	for _, secret := range inventory.Secrets {
		present[secret.Name] = true
	}
	missing := 0
	for _, user := range inventory.Users {
		if user.Secret != "" && !present[user.Secret] {
			missing++
		}
	}
	return missing
}
