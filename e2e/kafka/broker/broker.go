// Package broker runs a Kafka cluster for a test: ZooKeeper and its brokers, as processes
// on loopback ports, in a folder of their own.
package broker

import (
	"context"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"github.com/twmb/franz-go/pkg/kadm"
	"github.com/twmb/franz-go/pkg/kgo"

	"cutover/e2e/kafka/java"
	"cutover/e2e/kafka/process"
)

// Options says what to run and where.
type Options struct {
	// Name is the cluster's, in logs and errors.
	Name string
	// Java is where the jars are, Version the Kafka version, such as 2.4.0.
	Java    java.Runtime
	Version string
	// Brokers is how many, from id 0 on.
	Brokers int
	// Config is the brokers' configuration beside listeners, ids and folders.
	Config map[string]string
	// JVM and ZooKeeperJVM are options such as -Xmx192m.
	JVM, ZooKeeperJVM []string
	// Rules and ZooKeeperRules are the JMX exporter's; without them it does not run.
	Rules, ZooKeeperRules string
	// Folder exists, is empty, and takes data and logs.
	Folder string
	// Users are passwords by user. Where there are any, there is a second listener, which asks
	// for them, and they may do what ACLs allow and nothing else.
	Users map[string]string
}

// Cluster is a running Kafka cluster.
type Cluster struct {
	options   Options
	module    string
	zooKeeper *process.Process
	zooPort   int
	// quorumPorts are for ZooKeeper's followers and elections.
	quorumPorts []int
	zooAgent    *java.Agent
	ports       []int
	agents      []*java.Agent
	// securedPorts are those of the listener that asks for a login.
	securedPorts []int
	brokers      []*process.Process
}

// startLimit is how long the cluster may take to be ready: a cold start on busy cores.
const startLimit = 3 * time.Minute

// Start starts ZooKeeper and the brokers and returns when all brokers have joined. ZooKeeper
// is one node whatever the resource says: what is proven here is not its quorum.
func Start(ctx context.Context, o Options) (*Cluster, error) {
	module, err := o.Java.Module("kafka", o.Version)
	if err != nil {
		return nil, err
	}
	ports, err := process.FreePorts(2*o.Brokers + 3)
	if err != nil {
		return nil, err
	}
	c := &Cluster{options: o, module: module, zooPort: ports[0], quorumPorts: ports[1:3], ports: ports[3 : o.Brokers+3], brokers: make([]*process.Process, o.Brokers)}
	if err := c.prepareAgents(); err != nil {
		return nil, err
	}
	if len(o.Users) > 0 {
		c.securedPorts = ports[o.Brokers+3:]
	}
	if err := c.start(ctx); err != nil {
		c.Stop()
		return nil, fmt.Errorf("start cluster %s: %w", o.Name, err)
	}
	return c, nil
}

func (c *Cluster) start(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, startLimit)
	defer cancel()
	if err := c.startZooKeeper(); err != nil {
		return err
	}
	if err := c.makeUsers(ctx); err != nil {
		return err
	}
	for id := range c.brokers {
		if err := c.launch(id); err != nil {
			return err
		}
	}
	for id := range c.brokers {
		if err := c.awaitJoined(ctx, id); err != nil {
			return err
		}
	}
	return nil
}

// Bootstrap is the list of all brokers' addresses, whether they run or not.
func (c *Cluster) Bootstrap() string { return addresses(c.ports) }

// Module is the folder of jars that the brokers run, such as kafka-2.4.1.
func (c *Cluster) Module() string { return c.module }

// Client is a new client of the cluster, for the caller to close.
func (c *Cluster) Client(options ...kgo.Opt) (*kgo.Client, error) {
	options = append([]kgo.Opt{kgo.SeedBrokers(strings.Split(c.Bootstrap(), ",")...), kgo.ClientID("harness"),
		kgo.MetadataMinAge(100 * time.Millisecond)}, options...)
	client, err := kgo.NewClient(options...)
	if err != nil {
		return nil, fmt.Errorf("client of cluster %s: %w", c.options.Name, err)
	}
	return client, nil
}

// Admin is a new administration client of the cluster, for the caller to close.
func (c *Cluster) Admin() (*kadm.Client, error) {
	client, err := c.Client()
	if err != nil {
		return nil, err
	}
	return kadm.NewClient(client), nil
}

// Kill ends a broker as a lost node would.
func (c *Cluster) Kill(id int) { c.brokers[id].Kill() }

// Restart starts a killed broker on its old port and data, and returns when it has joined
// and all replicas of all partitions are in sync again.
func (c *Cluster) Restart(ctx context.Context, id int) error {
	ctx, cancel := context.WithTimeout(ctx, startLimit)
	defer cancel()
	if err := c.Rejoin(ctx, id); err != nil {
		return err
	}
	return c.AwaitInSync(ctx)
}

// Rejoin starts a killed broker on its old port and data, and returns when it has joined,
// whatever other brokers are missing.
func (c *Cluster) Rejoin(ctx context.Context, id int) error {
	ctx, cancel := context.WithTimeout(ctx, startLimit)
	defer cancel()
	if err := c.awaitLeft(ctx, id); err != nil {
		return err
	}
	if err := c.launch(id); err != nil {
		return err
	}
	if err := c.awaitJoined(ctx, id); err != nil {
		return fmt.Errorf("restart broker %d of %s: %w", id, c.options.Name, err)
	}
	return nil
}

// Stop ends all of it. Nothing that it holds outlives it, so nothing is asked to end in
// good order.
func (c *Cluster) Stop() {
	for _, p := range append([]*process.Process{c.zooKeeper}, c.brokers...) {
		if p != nil {
			p.Kill()
		}
	}
}

// Logs are the files of ZooKeeper's and the brokers' output.
func (c *Cluster) Logs() []string {
	logs, _ := filepath.Glob(filepath.Join(c.options.Folder, "*.log")) // the pattern is well-formed
	return logs
}

// startZooKeeper starts a quorum of one, as Strimzi does for one replica: a standalone server
// has other MBeans.
func (c *Cluster) startZooKeeper() error {
	data := filepath.Join(c.options.Folder, "zookeeper")
	if err := os.MkdirAll(data, 0o700); err != nil {
		return err
	}
	if err := os.WriteFile(filepath.Join(data, "myid"), []byte("1\n"), 0o600); err != nil {
		return err
	}
	file := filepath.Join(c.options.Folder, "zookeeper.properties")
	err := java.Properties(file, map[string]string{
		"dataDir": data, "standaloneEnabled": "false", "initLimit": "5", "syncLimit": "2",
		"server.1":       fmt.Sprintf("127.0.0.1:%d:%d:participant;127.0.0.1:%d", c.quorumPorts[0], c.quorumPorts[1], c.zooPort),
		"maxClientCnxns": "0", "admin.enableServer": "false", "tickTime": "2000",
	})
	if err != nil {
		return err
	}
	c.zooKeeper, err = c.options.Java.Start(java.Program{Name: "zookeeper", Module: c.module, Folder: c.options.Folder,
		Main: "org.apache.zookeeper.server.quorum.QuorumPeerMain", Args: []string{file}, JVM: c.options.ZooKeeperJVM, Agent: c.zooAgent})
	return err
}

// small fits a broker into the heap and the two cores that a test gives it. The resource's
// own configuration goes before it.
func small() map[string]string {
	return map[string]string{
		"num.network.threads": "2", "num.io.threads": "4", "background.threads": "2",
		"num.recovery.threads.per.data.dir": "1", "log.cleaner.dedupe.buffer.size": "4194304",
		"log.cleaner.io.buffer.size": "262144", "log.cleaner.backoff.ms": "2000",
		"group.initial.rebalance.delay.ms": "500", "controlled.shutdown.enable": "true",
		"zookeeper.session.timeout.ms": "10000", "replica.lag.time.max.ms": "10000",
		"socket.send.buffer.bytes": "102400", "socket.receive.buffer.bytes": "102400",
	}
}

func (c *Cluster) launch(id int) error {
	name := fmt.Sprintf("broker-%d", id)
	data := filepath.Join(c.options.Folder, name)
	if err := os.MkdirAll(data, 0o700); err != nil {
		return err
	}
	config := small()
	maps.Copy(config, c.options.Config)
	maps.Copy(config, c.access(id))
	maps.Copy(config, map[string]string{
		"broker.id":         strconv.Itoa(id),
		"zookeeper.connect": fmt.Sprintf("127.0.0.1:%d", c.zooPort), "log.dirs": data,
	})
	file := filepath.Join(c.options.Folder, name+".properties")
	if err := java.Properties(file, config); err != nil {
		return err
	}
	p, err := c.options.Java.Start(java.Program{Name: name, Module: c.module, Folder: c.options.Folder,
		Main: "kafka.Kafka", Args: []string{file}, JVM: c.options.JVM, Agent: c.agents[id]})
	if err != nil {
		return err
	}
	c.brokers[id] = p
	return nil
}

// awaitJoined returns when the broker itself answers and knows all brokers that run.
func (c *Cluster) awaitJoined(ctx context.Context, id int) error {
	client, err := c.Client(kgo.SeedBrokers(fmt.Sprintf("127.0.0.1:%d", c.ports[id])), kgo.RetryTimeout(time.Second))
	if err != nil {
		return err
	}
	defer client.Close()
	return c.brokers[id].AwaitRunning(ctx, func(ctx context.Context) error {
		ctx, cancel := context.WithTimeout(ctx, 2*time.Second)
		defer cancel()
		response, err := metadata(ctx, client, []string{})
		if err != nil {
			return err
		}
		if got, want := len(response.Brokers), c.running(); got < want {
			return fmt.Errorf("broker %d knows %d brokers of %d", id, got, want)
		}
		return nil
	})
}

// awaitLeft returns when the cluster has forgotten a killed broker: until its session with
// ZooKeeper ends, a new one of its id is refused.
func (c *Cluster) awaitLeft(ctx context.Context, id int) error {
	client, err := c.Client()
	if err != nil {
		return err
	}
	defer client.Close()
	return process.Await(ctx, "cluster "+c.options.Name, func(ctx context.Context) error {
		response, err := metadata(ctx, client, []string{})
		if err != nil {
			return err
		}
		for _, broker := range response.Brokers {
			if int(broker.NodeID) == id {
				return fmt.Errorf("broker %d is still registered", id)
			}
		}
		return nil
	})
}

func (c *Cluster) running() int {
	n := 0
	for _, p := range c.brokers {
		if p != nil && p.Ended() == nil {
			n++
		}
	}
	return n
}
