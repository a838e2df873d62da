package broker

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"

	"cutover/e2e/kafka/java"
)

// Secured is the list of all brokers' addresses at the listener that asks for a login; "" for
// a cluster without [Options.Users].
func (c *Cluster) Secured() string { return addresses(c.securedPorts) }

func addresses(ports []int) string {
	all := make([]string, len(ports))
	for i, port := range ports {
		all[i] = fmt.Sprintf("127.0.0.1:%d", port)
	}
	return strings.Join(all, ",")
}

// access is what the brokers' configuration has of users: the listener that asks for a login
// by SCRAM, as Strimzi's does, and the authorizer of authorization type simple. Who comes by
// the other listener, brokers and the harness itself, may do everything.
func (c *Cluster) access(id int) map[string]string {
	plain := fmt.Sprintf("PLAINTEXT://127.0.0.1:%d", c.ports[id])
	if len(c.options.Users) == 0 {
		return map[string]string{"listeners": plain}
	}
	return map[string]string{
		"listeners":               fmt.Sprintf("%s,SASL_PLAINTEXT://127.0.0.1:%d", plain, c.securedPorts[id]),
		"sasl.enabled.mechanisms": "SCRAM-SHA-512",
		"listener.name.sasl_plaintext.scram-sha-512.sasl.jaas.config": "org.apache.kafka.common.security.scram.ScramLoginModule required;",
		"authorizer.class.name": "kafka.security.authorizer.AclAuthorizer",
		"super.users":           "User:ANONYMOUS",
	}
}

// makeUsers keeps the passwords in ZooKeeper before any broker runs: brokers before Kafka 2.7
// take none by their own protocol (KIP-554).
func (c *Cluster) makeUsers(ctx context.Context) error {
	for _, user := range slices.Sorted(maps.Keys(c.options.Users)) {
		p, err := c.options.Java.Start(java.Program{
			Name: "user-" + user, Module: c.module, Folder: c.options.Folder, Main: "kafka.admin.ConfigCommand", JVM: []string{"-Xmx96m"},
			Args: []string{
				"--zookeeper", fmt.Sprintf("127.0.0.1:%d", c.zooPort), "--alter", "--entity-type", "users", "--entity-name", user,
				"--add-config", "SCRAM-SHA-512=[iterations=4096,password=" + c.options.Users[user] + "]",
			},
		})
		if err != nil {
			return err
		}
		select {
		case <-p.Done():
		case <-ctx.Done():
			p.Kill()
		}
		if p.Err() != nil {
			return fmt.Errorf("make user %s: %w\n%s", user, p.Err(), p.Tail())
		}
	}
	return nil
}
