package inventory

import (
	"cmp"
	"fmt"
	"regexp"
	"strings"

	"go.yaml.in/yaml/v3"

	"cutover/generator/document"
	"cutover/generator/strimzi/v1beta2"
)

// flows reads settings for topics, groups and the user. Only names of the cluster's own
// topics count as topics, so that a bucket called OUTPUT is none.
func (s *survey) flows(w *Workload, settings []setting) {
	var open []setting // of topics whose direction the key does not tell
	transactional := false
	for _, one := range settings {
		if named, ok := channel(one); ok {
			one = named
		}
		switch classify(one.key, s.named) {
		case inGroup:
			joins(w, one)
		case asUser:
			s.logsIn(w, one)
		case transacts:
			transactional = transactional || one.value != ""
		case guarantees:
			transactional = transactional || strings.HasPrefix(one.value, "exactly_once")
		case produces:
			s.moves(w, &w.Produces, "produces", one)
		case consumes:
			s.moves(w, &w.Consumes, "consumes", one)
		case undirected:
			open = append(open, one)
		}
	}
	for _, one := range open {
		s.direct(w, one)
	}
	s.permissions(w)
	for _, topic := range w.Produces {
		s.transactional[topic] = s.transactional[topic] || transactional
	}
}

// moves adds the topics that a setting names to what a workload produces or consumes.
func (s *survey) moves(w *Workload, into *[]string, verb string, one setting) {
	for _, topic := range s.known(one.value) {
		*into = append(*into, topic)
		w.Because = append(w.Because, fmt.Sprintf("%s: %s %s", one.where, verb, topic))
	}
}

// known gives the cluster's topics among the words of a text. Kafka's own are left out.
func (s *survey) known(text string) []string {
	var topics []string
	for _, name := range strings.FieldsFunc(text, func(r rune) bool { return strings.ContainsRune(", ;\t\n", r) }) {
		if s.topics[name] && !strings.HasPrefix(name, "__") {
			topics = append(topics, name)
		}
	}
	return topics
}

// direct lets the user's ACLs say which way records of a topic go whose setting does not.
func (s *survey) direct(w *Workload, one setting) {
	for _, topic := range s.known(one.value) {
		writes, reads := s.may(w.User, "Write", topic), s.may(w.User, "Read", topic)
		reason := fmt.Sprintf("%s: names topic %s, in an unknown direction", one.where, topic)
		switch {
		case writes && !reads:
			w.Produces = append(w.Produces, topic)
			reason = fmt.Sprintf("%s: produces %s, which KafkaUser %s may only write", one.where, topic, w.User)
		case reads && !writes:
			w.Consumes = append(w.Consumes, topic)
			reason = fmt.Sprintf("%s: consumes %s, which KafkaUser %s may only read", one.where, topic, w.User)
		}
		w.Because = append(w.Because, reason)
	}
}

func joins(w *Workload, one setting) {
	if group := strings.TrimSpace(one.value); group != "" && !strings.ContainsAny(group, " ${}()\n") {
		w.Groups = append(w.Groups, group)
		w.Because = append(w.Because, fmt.Sprintf("%s: group %s", one.where, group))
	}
}

var jaasUser = regexp.MustCompile(`username\s*=\s*"?([^"\s;]+)`)

// logsIn takes the user from a user name or a JAAS configuration. Nothing else of the
// value is looked at: it may hold the password.
func (s *survey) logsIn(w *Workload, one setting) {
	name := strings.TrimSpace(one.value)
	if match := jaasUser.FindStringSubmatch(one.value); match != nil {
		name = match[1]
	}
	if _, ok := s.specs[name]; ok {
		w.User = cmp.Or(w.User, name)
		w.Because = append(w.Because, fmt.Sprintf("%s: logs in as KafkaUser %s", one.where, name))
	}
}

// permissions lets the literal ACLs of a workload's user speak where its settings are
// silent. Topics that nobody has seen, and prefixes, are no evidence.
func (s *survey) permissions(w *Workload) {
	noTopics, noSources, noGroups := len(w.Produces) == 0, len(w.Consumes) == 0, len(w.Groups) == 0
	because := func(what, name string) {
		w.Because = append(w.Because, fmt.Sprintf("ACL of KafkaUser %s: %s %s", w.User, what, name))
	}
	for _, acl := range allowed(s.specs[w.User].Spec) {
		name := acl.Resource.Name
		if acl.Resource.PatternType == "prefix" || name == "*" {
			continue
		}
		topic := acl.Resource.Type == "topic" && len(s.known(name)) == 1
		if noTopics && topic && grants(acl, "Write") {
			w.Produces = append(w.Produces, name)
			because("produces", name)
		}
		if noSources && topic && grants(acl, "Read") {
			w.Consumes = append(w.Consumes, name)
			because("consumes", name)
		}
		if noGroups && acl.Resource.Type == "group" && grants(acl, "Read") {
			w.Groups = append(w.Groups, name)
			because("group", name)
		}
	}
}

// allowed gives a user's ACLs without those that deny.
func allowed(spec v1beta2.KafkaUserSpec) []v1beta2.ACLRule {
	if spec.Authorization == nil {
		return nil
	}
	var acls []v1beta2.ACLRule
	for _, acl := range spec.Authorization.ACLs {
		if acl.Type == "" || acl.Type == "allow" {
			acls = append(acls, acl)
		}
	}
	return acls
}

func grants(acl v1beta2.ACLRule, operation string) bool {
	return acl.Operation == operation || acl.Operation == "All"
}

// may tells whether a user's ACLs allow an operation on a topic.
func (s *survey) may(user, operation, topic string) bool {
	for _, acl := range allowed(s.specs[user].Spec) {
		if acl.Resource.Type == "topic" && grants(acl, operation) && covers(acl.Resource, topic) {
			return true
		}
	}
	return false
}

func covers(resource v1beta2.ACLRuleResource, name string) bool {
	if resource.PatternType == "prefix" {
		return strings.HasPrefix(name, resource.Name)
	}
	return resource.Name == name || resource.Name == "*"
}

// connector gives a KafkaConnector as a workload: it is started and stopped like one.
func (s *survey) connector(connector Connector) Workload {
	w := Workload{
		Kind: "KafkaConnector", Name: connector.Name, Namespace: connector.Namespace, Replicas: 1,
		Because: []string{"runs on Connect cluster " + connector.Cluster},
	}
	if connector.Paused {
		w.Replicas = 0
	}
	if connect, ok := runsOn(connector.Cluster, connector.Namespace, s.inventory.Connects); ok {
		w.User = connect.User
	}
	d, _ := s.find("KafkaConnector", connector.Namespace, connector.Name)
	w.APIVersion = d.APIVersion()
	config := document.At(d.Root, "spec", "config")
	of := func(key string) setting { return setting{"config " + key, key, textAt(config, key)} }
	if sinks(connector.Class, config) {
		s.moves(&w, &w.Consumes, "consumes", of("topics"))
		s.matching(&w, textAt(config, "topics.regex"))
		s.moves(&w, &w.Produces, "produces", of("errors.deadletterqueue.topic.name"))
		w.Groups = []string{cmp.Or(textAt(config, "consumer.override.group.id"), "connect-"+connector.Name)}
	} else {
		for _, key := range topicKeys() {
			s.moves(&w, &w.Produces, "produces", of(key))
		}
	}
	w.Produces, w.Consumes, w.Because = unique(w.Produces), unique(w.Consumes), unique(w.Because)
	return w
}

// sinks tells a sink connector from a source connector: Connect requires topics or
// topics.regex of sinks, and sources do not know the latter.
func sinks(class string, config *yaml.Node) bool {
	return strings.Contains(class, "Sink") || document.Has(config, "topics.regex") ||
		document.Has(config, "topics") && !strings.Contains(class, "Source")
}

// matching adds the topics that a sink's topics.regex matches whole, where Go reads the
// expression.
func (s *survey) matching(w *Workload, pattern string) {
	expression, err := regexp.Compile(`^(?:` + pattern + `)$`)
	if pattern == "" || err != nil {
		return
	}
	for _, topic := range s.inventory.Topics {
		if expression.MatchString(topic.Name) && !strings.HasPrefix(topic.Name, "__") {
			w.Consumes = append(w.Consumes, topic.Name)
			w.Because = append(w.Because, "config topics.regex: consumes "+topic.Name)
		}
	}
}
