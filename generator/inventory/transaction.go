package inventory

import "strings"

// markTransactional marks the topics that may hold transactions: those that a workload
// with a transactional producer was seen to write, and those that a user may write who
// may also use a transactional id. It errs towards marking: reading committed records
// only does a plain topic no harm, whereas aborted records would be mirrored as data.
func markTransactional(inventory *Inventory, written map[string]bool) {
	for i := range inventory.Topics {
		topic := &inventory.Topics[i]
		topic.Transactional = written[topic.Name]
	}
	for _, user := range inventory.Users {
		acls := allowed(user.Spec)
		transacts := false
		for _, acl := range acls {
			transacts = transacts || acl.Resource.Type == "transactionalId" && grants(acl, "Write")
		}
		if !transacts {
			continue
		}
		for _, acl := range acls {
			if acl.Resource.Type != "topic" || !grants(acl, "Write") {
				continue
			}
			for i := range inventory.Topics {
				topic := &inventory.Topics[i]
				if covers(acl.Resource, topic.Name) && !strings.HasPrefix(topic.Name, "__") {
					topic.Transactional = true
				}
			}
		}
	}
}

// markProducers marks the topics to which the brokers know transactional producers.
func (a *assembly) markProducers(inventory *Inventory) {
	if a.brokers == nil {
		return
	}
	written := make(map[string]bool)
	for _, topic := range a.brokers.Topics {
		written[topic.Name] = topic.Transactional
	}
	for i := range inventory.Topics {
		topic := &inventory.Topics[i]
		topic.Transactional = topic.Transactional || written[topic.Name]
	}
}
