package inventory

import (
	"cmp"
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
	GateComplete        = "inventory-complete"
)

// Gap is a gate that the evidence of an inventory leaves unprovable, and why.
type Gap struct {
	Gate    string `yaml:"gate"`
	Because string `yaml:"because"`
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
	if missing := usersWithoutSecret(inventory); missing > 0 {
		add(GateUsersReady, fmt.Sprintf("the Secrets of %d of %d users were not seen: their credentials cannot be compared",
			missing, len(inventory.Users)))
	}
	for _, gap := range inventory.Gaps {
		if !slices.Contains(gaps, gap) {
			gaps = append(gaps, gap)
		}
	}
	return gaps
}

// openGaps gives what running clusters leave unprovable, in a fixed order.
func (a *assembly) openGaps() []Gap {
	slices.SortFunc(a.gaps, func(x, y Gap) int { return cmp.Or(cmp.Compare(x.Gate, y.Gate), cmp.Compare(x.Because, y.Because)) })
	return slices.Compact(a.gaps)
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
