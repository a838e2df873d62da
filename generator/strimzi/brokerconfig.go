package strimzi

import (
	"slices"
	"strings"
)

// ReservedBrokerConfig tells whether Strimzi sets a broker setting itself, so that it has
// no effect in spec.kafka.config.
func ReservedBrokerConfig(key string) bool {
	for _, row := range tables.reservations {
		if row.path == "spec.kafka.config" {
			return reservedBy(key, strings.Split(row.prefixes, ", ")) != "" && !slices.Contains(strings.Split(row.exceptions, ", "), key)
		}
	}
	return false
}
