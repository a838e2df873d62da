package v1beta2

// Rack makes a node label the rack of what runs there: broker.rack of brokers, client.rack
// of Kafka Connect (KIP-392).
type Rack struct {
	// TopologyKey is the label of the nodes, such as topology.kubernetes.io/zone.
	TopologyKey string `json:"topologyKey"`
}
