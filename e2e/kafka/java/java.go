// Package java starts the programs of Kafka's jars, in the folder that ../build prints.
package java

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"cutover/e2e/kafka/process"
)

// Runtime is the folder that build printed: java, and one folder of jars for each module.
type Runtime struct {
	Folder string
}

// FromEnvironment is the runtime that CUTOVER_KAFKA names, as `run` sets it.
func FromEnvironment() (Runtime, bool) {
	folder := os.Getenv("CUTOVER_KAFKA")
	return Runtime{folder}, folder != ""
}

// Module finds the folder of jars for a product, kafka or connect, in the minor version of
// the one asked for: Maven Central has not every patch version of every artifact.
func (r Runtime) Module(product, version string) (string, error) {
	parts := strings.SplitN(version, ".", 3)
	if len(parts) < 2 {
		return "", fmt.Errorf("%s %q: not a version", product, version)
	}
	pattern := fmt.Sprintf("%s-%s.%s.*", product, parts[0], parts[1])
	found, err := filepath.Glob(filepath.Join(r.Folder, pattern))
	if err != nil || len(found) != 1 {
		return "", fmt.Errorf("%d folders %s in %s, want one: ../build makes them", len(found), pattern, r.Folder)
	}
	return filepath.Base(found[0]), nil
}

// Program is a main class to run.
type Program struct {
	// Name is what errors and its log, NAME.log, call it.
	Name string
	// Module is the folder of jars, Main the class, Args its arguments.
	Module, Main string
	Args         []string
	// JVM are options such as -Xmx192m.
	JVM []string
	// Folder exists and takes the program's log and settings.
	Folder string
	// Agent has the program export its metrics, unless it is nil.
	Agent *Agent
}

// Agent is the JMX exporter inside a program.
type Agent struct {
	// Port is the loopback port where it serves /metrics.
	Port int
	// Rules are its configuration, in YAML.
	Rules string
}

// NewAgent is an agent with these rules on a free port, and nil where there are none.
func NewAgent(rules string) (*Agent, error) {
	if rules == "" {
		return nil, nil
	}
	ports, err := process.FreePorts(1)
	if err != nil {
		return nil, err
	}
	return &Agent{ports[0], rules}, nil
}

// Address is where the agent listens, "" for none.
func (a *Agent) Address() string {
	if a == nil {
		return ""
	}
	return fmt.Sprintf("127.0.0.1:%d", a.Port)
}

// option writes the rules beside the program and gives the JVM's option for the agent.
func (r Runtime) option(p Program) (string, error) {
	jars, err := filepath.Glob(filepath.Join(r.Folder, "jmx-exporter", "*.jar"))
	if err != nil || len(jars) != 1 {
		return "", fmt.Errorf("%d jars of the JMX exporter in %s, want one: ../build makes it", len(jars), r.Folder)
	}
	rules := filepath.Join(p.Folder, p.Name+".metrics.yaml")
	if err := os.WriteFile(rules, []byte(p.Agent.Rules), 0o600); err != nil {
		return "", err
	}
	return fmt.Sprintf("-javaagent:%s=%s:%s", jars[0], p.Agent.Address(), rules), nil
}

// Start starts the program.
func (r Runtime) Start(p Program) (*process.Process, error) {
	log4j := filepath.Join(p.Folder, p.Name+".log4j.properties")
	if err := os.WriteFile(log4j, []byte(logging), 0o600); err != nil {
		return nil, fmt.Errorf("start %s: %w", p.Name, err)
	}
	// Two busy cores: the second compiler and a collector with threads cost more than they give.
	args := append([]string{"-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Djava.awt.headless=true",
		"-Dlog4j.configuration=file:" + log4j}, p.JVM...)
	if p.Agent != nil {
		option, err := r.option(p)
		if err != nil {
			return nil, fmt.Errorf("start %s: %w", p.Name, err)
		}
		args = append(args, option)
	}
	args = append(args, "-cp", filepath.Join(r.Folder, p.Module, "*"), p.Main)
	return process.Start(process.Command{
		Name: p.Name, Path: filepath.Join(r.Folder, "java"), Args: append(args, p.Args...),
		Env: os.Environ(), Dir: p.Folder, Log: filepath.Join(p.Folder, p.Name+".log"),
	})
}

// logging is for log4j 1.2: enough to see why something failed.
const logging = `log4j.rootLogger=INFO, out
log4j.appender.out=org.apache.log4j.ConsoleAppender
log4j.appender.out.layout=org.apache.log4j.PatternLayout
log4j.appender.out.layout.ConversionPattern=%d{HH:mm:ss.SSS} %p %m (%c{1})%n
log4j.logger.org.apache.zookeeper=WARN
log4j.logger.org.reflections=ERROR
log4j.logger.kafka.authorizer=WARN
log4j.logger.org.apache.kafka.clients=WARN
log4j.logger.org.apache.kafka.common.utils.AppInfoParser=WARN
log4j.logger.org.apache.kafka.clients.consumer.ConsumerConfig=WARN
log4j.logger.org.apache.kafka.clients.producer.ProducerConfig=WARN
log4j.logger.org.apache.kafka.clients.admin.AdminClientConfig=WARN
`
