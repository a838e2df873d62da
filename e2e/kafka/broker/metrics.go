package broker

import "cutover/e2e/kafka/java"

// prepareAgents finds ports for the JMX exporters that the options ask for.
func (c *Cluster) prepareAgents() error {
	var err error
	if c.zooAgent, err = java.NewAgent(c.options.ZooKeeperRules); err != nil {
		return err
	}
	c.agents = make([]*java.Agent, len(c.brokers))
	for id := range c.agents {
		if c.agents[id], err = java.NewAgent(c.options.Rules); err != nil {
			return err
		}
	}
	return nil
}

// Metrics are the addresses of the brokers' JMX exporters, by id; "" where none runs.
func (c *Cluster) Metrics() []string {
	addresses := make([]string, len(c.agents))
	for id, agent := range c.agents {
		addresses[id] = agent.Address()
	}
	return addresses
}

// ZooKeeperMetrics is the address of ZooKeeper's JMX exporter, "" where none runs.
func (c *Cluster) ZooKeeperMetrics() string { return c.zooAgent.Address() }
