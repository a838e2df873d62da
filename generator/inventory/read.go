package inventory

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"

	"cutover/generator/document"
	"cutover/generator/finding"
)

// Options say which cluster an inventory is of.
type Options struct {
	// Cluster is metadata.name of the Kafka resource; it may be empty where the export
	// holds only one.
	Cluster string
	// Namespace is that of the Kafka resource; it may be empty where the name is unique.
	Namespace string
	// Limits bound each stream; [document.DefaultLimits] where zero.
	Limits document.Limits
}

// Read makes an inventory of one cluster from an export. The list holds warnings and
// notes, also when there is an error; the error joins every [finding.Finding] of
// severity error, so that one run tells all that is wrong. Given the same streams and
// options, the inventory is the same.
func Read(ctx context.Context, source Source, options Options) (Inventory, finding.List, error) {
	return ReadLive(ctx, Live{}, source, options)
}

// ReadLive makes an inventory as [Read] does, from running clusters and from an export.
// Where both have an object and they differ, the running cluster's counts.
func ReadLive(ctx context.Context, live Live, source Source, options Options) (Inventory, finding.List, error) {
	e := newExport(options.Limits)
	if err := e.addObjects(ctx, live); err != nil {
		return Inventory{}, advice(e.findings), errors.Join(e.findings.Err(), err)
	}
	err := source.Each(ctx, func(name string, content io.Reader) error {
		if err := ctx.Err(); err != nil {
			return err
		}
		return e.add(name, content)
	})
	if err := errors.Join(e.findings.Err(), err); err != nil {
		return Inventory{}, advice(e.findings), err
	}
	e.addBrokers(live.Brokers)
	root, err := e.choose(options)
	if err != nil {
		return Inventory{}, advice(e.findings), err
	}
	a := newAssembly(e, root, options)
	inventory, err := a.assemble(ctx)
	if err := errors.Join(a.findings.Err(), err); err != nil {
		return Inventory{}, advice(a.findings), err
	}
	return inventory, advice(a.findings), nil
}

// advice gives what stops nothing, sorted.
func advice(all finding.List) finding.List {
	list := append(all.Of(finding.Warning), all.Of(finding.Note)...)
	list.Sort()
	return list
}

// assembly puts the inventory of one cluster together.
type assembly struct {
	*export
	root      document.Document // the Kafka resource
	cluster   string
	namespace string // that of the Kafka resource; "" where neither export nor options tell
	topicsIn  string // the namespace the Topic Operator watches
	usersIn   string // the namespace the User Operator watches
	passed    map[string]int
}

func newAssembly(e *export, root document.Document, options Options) *assembly {
	a := &assembly{
		export: e, root: root, cluster: cmp.Or(root.Name(), options.Cluster), passed: make(map[string]int),
		namespace: cmp.Or(root.Namespace(), options.Namespace),
	}
	a.topicsIn = a.watched("topicOperator")
	a.usersIn = a.watched("userOperator")
	return a
}

// watched gives the namespace an operator looks for its resources in. The stand-alone
// spec.topicOperator is the form before the entity operator.
func (a *assembly) watched(operator string) string {
	for _, at := range [][]string{{"spec", "entityOperator", operator}, {"spec", operator}} {
		if namespace := document.Text(document.Child(document.At(a.root.Root, at...), "watchedNamespace")); namespace != "" {
			return namespace
		}
	}
	return a.namespace
}

// assemble goes from what the cluster is to what uses it: each step reads what the steps
// before it found.
func (a *assembly) assemble(ctx context.Context) (Inventory, error) {
	inventory := Inventory{APIVersion: APIVersion, Kind: Kind, Evidence: slices.Sorted(maps.Keys(a.evidence))}
	inventory.Kafka = a.kafka()
	inventory.Topics = a.mergedTopics(inventory.Kafka.Config)
	inventory.Users = a.principals(a.users())
	inventory.Groups = a.groups()

	addresses := a.addresses(inventory.Kafka.Listeners)
	credentials := a.credentials(inventory.Users)
	inventory.Connects = a.connects(addresses, credentials)
	inventory.Connectors = a.connectors(inventory.Connects)

	survey := newSurvey(a, &inventory, addresses, credentials)
	inventory.Workloads = survey.workloads()
	markTransactional(&inventory, survey.transactional)
	a.markProducers(&inventory)

	var err error
	inventory.Secrets, err = a.secrets(ctx, a.relevantSecrets(inventory, survey.secrets))
	inventory.ConfigMaps = a.configMaps()
	inventory.Gaps = a.openGaps()
	a.notePassed()
	return inventory, err
}

// notePassed says how much of the export belongs to other clusters.
func (a *assembly) notePassed() {
	for _, kind := range slices.Sorted(maps.Keys(a.passed)) {
		a.findings.Add(finding.Finding{
			Rule: "other-cluster", Severity: finding.Note,
			Message: fmt.Sprintf("%d %s of other clusters or namespaces passed over", a.passed[kind], kind),
			Hint:    fmt.Sprintf("label strimzi.io/cluster: %s and the watched namespace decide which ones belong to the cluster", a.cluster),
		})
	}
}

// warn adds a warning about an object.
func (a *assembly) warn(d document.Document, rule, message, hint string, keys ...string) {
	f := d.Finding(rule, message, hint, keys...)
	f.Severity = finding.Warning
	a.findings.Add(f)
}

// sorted gives a copy of kind's objects in order of namespace and name, so that results
// do not depend on the order of the files.
func (e *export) sorted(kind string) []document.Document {
	return slices.SortedStableFunc(slices.Values(e.objects[kind]), func(a, b document.Document) int {
		return cmp.Or(cmp.Compare(a.Namespace(), b.Namespace()), cmp.Compare(a.Name(), b.Name()))
	})
}

// together tells whether two namespaces may be the same: hand-written objects leave it out.
func together(a, b string) bool { return a == b || a == "" || b == "" }
