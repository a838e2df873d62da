package release

import (
	"cutover/generator/plan"
)

// addLiveGates tells the Jobs of a cluster how both are reached, and allows them to read what
// their gates ask of this one; nothing where they prove no gates.
func addLiveGates(values map[string]any, p *plan.Plan, side plan.Side) {
	if p.LiveGates() == nil {
		return
	}
	connections := map[string]any{"waitSeconds": waitSeconds(p)}
	for _, other := range plan.Sides() {
		kubernetes := "peer"
		if other == side {
			kubernetes = "inCluster"
		}
		connections[string(other)] = map[string]any{"kafka": gatesKafka(p.GatesClient(side, other)), "kubernetes": kubernetes}
	}
	values["connections"] = connections
	if reads := gateReads(p, side, side); len(reads) > 0 {
		values["reads"] = reads
	}
	reader := map[string]any{"serviceAccount": p.GatesReader()}
	if reads := gateReads(p, side.Other(), side); len(reads) > 0 {
		reader["reads"] = reads
	}
	values["reader"] = reader
}

// waitSeconds is how long a Job waits for its gates: five sixths of its deadline. The rest is
// for what it does then.
func waitSeconds(p *plan.Plan) int64 { return int64(p.Migration.GitOps.Gates.Wait().Seconds()) * 5 / 6 }

func gatesKafka(client plan.GatesClient) map[string]any {
	kafka := map[string]any{"bootstrap": client.Bootstrap}
	tls := map[string]any{"enabled": true}
	if len(client.Trusted) > 0 {
		trusted := make([]any, 0, len(client.Trusted))
		for _, certificate := range client.Trusted {
			trusted = append(trusted, map[string]any{"secretName": certificate.SecretName, "key": certificate.Certificate})
		}
		tls["trusted"] = trusted
	}
	switch client.Authentication {
	case "tls":
		tls["secretName"] = client.Secret
	case "scram-sha-512":
		kafka["scram"] = map[string]any{"username": client.Username, "secretName": client.Secret}
	}
	if client.TLS {
		kafka["tls"] = tls
	}
	return kafka
}

// gatesUser gives the gate Jobs' user on a cluster, if they have one there.
func gatesUser(p *plan.Plan, side plan.Side) []plan.User {
	if p.GatesUser(side) == "" {
		return nil
	}
	return []plan.User{p.GatesKafkaUser(side)}
}
