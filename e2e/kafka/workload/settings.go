// Package workload is what runs in the processes that stand for a team's applications:
// producers, transactional producers, consumers, and pipes that do both. Every record carries
// (topic, key, sequence), and everything done is written into a journal.
package workload

import (
	"fmt"
	"strconv"
	"strings"
	"time"
)

// Role is what a workload does.
type Role string

// The roles. A producer with TransactionRecords writes in transactions.
const (
	Producer Role = "producer"
	Consumer Role = "consumer"
	Pipe     Role = "pipe"
)

// Settings are a workload's, as its Deployment's env gives them.
type Settings struct {
	// Name is the Deployment's; Replica counts from 0.
	Name    string
	Replica int
	// Cluster is source or target, Bootstrap its brokers.
	Cluster, Bootstrap string
	// Journal is the journal's file; Ready a file that is written once the workload works.
	Journal, Ready string

	Role            Role
	Inputs, Outputs []string
	// Groups each process all inputs.
	Groups []string
	// PerSecond is how many records a producer writes a second, over Keys keys.
	PerSecond, Keys int
	// TransactionRecords is how many records a transaction has; every AbortEvery-th is aborted.
	TransactionRecords, AbortEvery int
	// Delay is how long the processing of a record takes.
	Delay time.Duration
}

// Names of the environment's variables. The first five are set by what starts the process,
// the others stand in the team's manifests.
const (
	EnvName      = "APP_NAME"
	EnvReplica   = "APP_REPLICA"
	EnvCluster   = "APP_CLUSTER"
	EnvJournal   = "APP_JOURNAL"
	EnvReady     = "APP_READY"
	EnvBootstrap = "KAFKA_BOOTSTRAP_SERVERS"
	EnvRole      = "APP_ROLE"
	EnvInputs    = "INPUT_TOPICS"
	EnvOutputs   = "OUTPUT_TOPICS"
	EnvGroups    = "GROUP_IDS"
	EnvPerSecond = "RECORDS_PER_SECOND"
	EnvKeys      = "KEYS"
	EnvRecords   = "TRANSACTION_RECORDS"
	EnvAbort     = "ABORT_EVERY"
	EnvDelay     = "RECORD_DELAY"
)

// Parse reads settings from an environment.
func Parse(getenv func(string) string) (Settings, error) {
	s := Settings{
		Name: getenv(EnvName), Cluster: getenv(EnvCluster), Bootstrap: getenv(EnvBootstrap),
		Journal: getenv(EnvJournal), Ready: getenv(EnvReady), Role: Role(getenv(EnvRole)),
		Inputs: List(getenv(EnvInputs)), Outputs: List(getenv(EnvOutputs)), Groups: List(getenv(EnvGroups)),
	}
	for name, into := range map[string]*int{EnvReplica: &s.Replica, EnvPerSecond: &s.PerSecond, EnvKeys: &s.Keys,
		EnvRecords: &s.TransactionRecords, EnvAbort: &s.AbortEvery} {
		if text := getenv(name); text != "" {
			number, err := strconv.Atoi(text)
			if err != nil || number < 0 {
				return s, fmt.Errorf("%s is %q, want a number from 0 on", name, text)
			}
			*into = number
		}
	}
	if text := getenv(EnvDelay); text != "" {
		var err error
		if s.Delay, err = time.ParseDuration(text); err != nil {
			return s, fmt.Errorf("%s: %w", EnvDelay, err)
		}
	}
	return s, s.check()
}

func (s Settings) check() error {
	for name, missing := range map[string]bool{
		EnvName: s.Name == "", EnvCluster: s.Cluster == "", EnvBootstrap: s.Bootstrap == "", EnvJournal: s.Journal == "",
		EnvOutputs:   s.Role != Consumer && len(s.Outputs) == 0,
		EnvInputs:    s.Role != Producer && len(s.Inputs) == 0,
		EnvGroups:    s.Role != Producer && len(s.Groups) == 0,
		EnvPerSecond: s.Role == Producer && s.PerSecond == 0,
		EnvKeys:      s.Role == Producer && s.Keys == 0,
	} {
		if missing {
			return fmt.Errorf("%s is not set", name)
		}
	}
	if s.Role != Producer && s.Role != Consumer && s.Role != Pipe {
		return fmt.Errorf("%s is %q, want producer, consumer or pipe", EnvRole, s.Role)
	}
	return nil
}

// List reads a list of names, separated by commas.
func List(text string) []string {
	return strings.FieldsFunc(text, func(r rune) bool { return r == ',' || r == ' ' })
}
