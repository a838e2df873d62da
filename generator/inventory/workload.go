package inventory

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"

	"cutover/generator/document"
)

// survey looks for what uses the cluster.
type survey struct {
	*assembly
	inventory     *Inventory
	book          addressBook
	credentials   credentials
	named         []rule
	topics        map[string]bool
	specs         map[string]User
	secrets       map[identity]bool // Secrets of what was found
	transactional map[string]bool   // topics that are written in transactions
}

func newSurvey(a *assembly, inventory *Inventory, book addressBook, credentials credentials) *survey {
	s := &survey{
		assembly: a, inventory: inventory, book: book, credentials: credentials, named: namedSettings(),
		topics: make(map[string]bool), specs: make(map[string]User),
		secrets: make(map[identity]bool), transactional: make(map[string]bool),
	}
	for _, topic := range inventory.Topics {
		s.topics[topic.Name] = true
	}
	for _, user := range inventory.Users {
		s.specs[user.Name] = user
	}
	return s
}

// workloads gives what was found, sorted by namespace, kind and name.
func (s *survey) workloads() []Workload {
	var all []Workload
	for _, kind := range []string{"CronJob", "DaemonSet", "Deployment", "DeploymentConfig", "StatefulSet"} {
		for _, d := range s.sorted(kind) {
			if operated(d) {
				continue
			}
			w, ok := s.examine(d)
			switch {
			case !ok:
			case kind == "DaemonSet":
				s.warn(d, "workload-not-scalable", "this DaemonSet uses the cluster, and has no count to bring to zero",
					"stop and move it by hand, or make it a Deployment: "+strings.Join(w.Because, "; "))
			default:
				all = append(all, w)
			}
		}
	}
	for _, connector := range s.inventory.Connectors {
		all = append(all, s.connector(connector))
	}
	slices.SortStableFunc(all, func(x, y Workload) int {
		return cmp.Or(cmp.Compare(x.Namespace, y.Namespace), cmp.Compare(x.Kind, y.Kind), cmp.Compare(x.Name, y.Name))
	})
	return all
}

// operated tells of what Strimzi's operators made themselves.
func operated(d document.Document) bool {
	if d.Label("app.kubernetes.io/managed-by") == "strimzi-cluster-operator" ||
		d.Label("strimzi.io/cluster") != "" && d.Label("strimzi.io/kind") != "" {
		return true
	}
	for _, owner := range children(document.At(d.Root, "metadata", "ownerReferences")) {
		if strings.HasPrefix(textAt(owner, "apiVersion"), strimziGroup+"/") {
			return true
		}
	}
	return false
}

// examine tells whether a workload uses the cluster, and how.
func (s *survey) examine(d document.Document) (Workload, bool) {
	w := Workload{Kind: d.Kind(), APIVersion: d.APIVersion(), Name: d.Name(), Namespace: d.Namespace(), Replicas: runs(d)}
	r := s.referencesOf(d)
	for _, m := range r.mentions {
		for _, address := range s.book.find(m.text, d.Namespace()) {
			w.Because = append(w.Because, m.where+" names "+address)
		}
	}
	for _, use := range r.secrets {
		s.examineSecret(&w, use)
	}
	if len(w.Because) == 0 {
		return Workload{}, false
	}
	for _, use := range r.secrets {
		s.secrets[identity{"Secret", d.Namespace(), use.name}] = true
	}
	s.flows(&w, settingsOf(r.mentions))
	w.Produces, w.Consumes, w.Groups, w.Because = unique(w.Produces), unique(w.Consumes), unique(w.Groups), unique(w.Because)
	return w, true
}

// runs gives how many replicas a workload has: one for what counts none, none for a
// CronJob that is suspended.
func runs(d document.Document) int32 {
	spec := document.Child(d.Root, "spec")
	if flag(document.Child(spec, "suspend")) {
		return 0
	}
	if n, ok := integer(document.Child(spec, "replicas")); ok && d.Kind() != "CronJob" {
		return n
	}
	return 1
}

func (s *survey) examineSecret(w *Workload, use secretUse) {
	if user := s.credentials.owner(w.Namespace, use.name); user != "" {
		w.User = cmp.Or(w.User, user)
		w.Because = append(w.Because, fmt.Sprintf("%s Secret %s of KafkaUser %s", use.how, use.name, user))
		return
	}
	if s.credentials.authority(w.Namespace, use.name) {
		w.Because = append(w.Because, fmt.Sprintf("%s Secret %s, the cluster's certificate authority", use.how, use.name))
		return
	}
	values := s.credentials.values(w.Namespace, use.name)
	for _, key := range slices.Sorted(maps.Keys(values)) {
		if len(s.book.find(values[key], w.Namespace)) > 0 {
			w.Because = append(w.Because, fmt.Sprintf("%s Secret %s, whose key %s names the cluster", use.how, use.name, key))
		}
	}
}
