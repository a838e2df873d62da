package estimate

import (
	"cutover/generator/finding"
	"cutover/generator/plan"
)

// Finding gives a loss as a person is told it.
func (l Loss) Finding() finding.Finding {
	return finding.Finding{Rule: "retention-before-mirror", Severity: finding.Warning, Object: "topic " + l.Topic,
		Message: "the source deletes data before it is mirrored: " + l.Because,
		Hint:    "raise the topic's retention on the source until the batch has moved, or have the mirror copy faster"}
}

// Quota gives what the mirror's user may move by its quotas in the inventory, in bytes a
// second over all brokers: quotas count on each. 0 is no limit that is known.
func Quota(p *plan.Plan) float64 {
	for _, user := range p.Inventory.Users {
		if user.Name == p.Mirror.User && user.Spec.Quotas != nil && user.Spec.Quotas.ConsumerByteRate != nil {
			return float64(*user.Spec.Quotas.ConsumerByteRate) * float64(max(p.Inventory.Kafka.Brokers, 1))
		}
	}
	return 0
}
