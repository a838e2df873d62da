package inventory

import (
	"bufio"
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"io"
	"regexp"
	"strings"

	"cutover/generator/document"
	"cutover/generator/finding"
	"cutover/generator/inventory/transcript"
)

// sniff is how much of a stream decides whether it is a tool's output or manifests.
const sniff = 64 << 10

// manifest is how a line of a Kubernetes object begins, by which a broken manifest is
// told from a text of another sort.
var manifest = regexp.MustCompile(`(?m)^(apiVersion|kind|items|metadata):|^\s*[{\[]`)

// export is what was read, sorted by kind, before any cluster is chosen.
type export struct {
	limits   document.Limits
	findings finding.List
	evidence map[Evidence]bool
	objects  map[string][]document.Document // by kind
	seen     map[identity]document.Document
	topics   []topicResource
	seenCRs  map[identity]int // indexes of topics

	// reading is the kind of evidence that objects come from at the moment; brokers is what
	// a live Kafka says, and gaps what running clusters leave unprovable.
	reading Evidence
	brokers *Brokers
	gaps    []Gap

	describedTopics  []described[transcript.Topic]
	describedConfigs []described[transcript.Entity]
	describedGroups  []described[transcript.Group]
}

// described is one thing that a tool printed, and the file in which it stands.
type described[T any] struct {
	file     string
	evidence Evidence
	item     T
}

type identity struct{ kind, namespace, name string }

func (i identity) compare(other identity) int {
	return cmp.Or(cmp.Compare(i.kind, other.kind), cmp.Compare(i.namespace, other.namespace), cmp.Compare(i.name, other.name))
}

func identityOf(d document.Document) identity {
	return identity{d.Kind(), d.Namespace(), d.Name()}
}

func newExport(limits document.Limits) *export {
	if limits == (document.Limits{}) {
		limits = document.DefaultLimits()
	}
	return &export{
		limits: limits, evidence: make(map[Evidence]bool),
		objects: make(map[string][]document.Document), reading: Manifests,
		seen: make(map[identity]document.Document), seenCRs: make(map[identity]int),
	}
}

// add reads one stream. What is wrong in it becomes a finding, so that one run tells all
// that is wrong; only a stream that breaks off ends the run.
func (e *export) add(name string, content io.Reader) error {
	buffered := bufio.NewReaderSize(content, sniff)
	head, err := buffered.Peek(sniff)
	if err != nil && !errors.Is(err, io.EOF) {
		return brokenOff(name, err)
	}
	if len(transcript.Recognise(head)) > 0 {
		return e.addTranscript(name, buffered)
	}
	documents, err := document.Read(name, buffered, e.limits)
	switch {
	case err == nil:
		for _, d := range documents {
			e.addDocument(d)
		}
	case len(finding.From(err)) == 0:
		return brokenOff(name, err)
	case strings.HasSuffix(name, ".txt") && !manifest.Match(head):
		e.findings.Add(finding.Finding{
			Rule: "text-not-recognised", Severity: finding.Warning, File: name,
			Message: "this text is neither manifests nor the output of a known tool, and was passed over",
			Hint:    "known are kafka-topics.sh, kafka-configs.sh and kafka-consumer-groups.sh, each with --describe",
		})
	default:
		e.findings.Add(finding.From(err)...)
	}
	return nil
}

func brokenOff(name string, err error) error {
	if found := finding.From(err); len(found) > 0 {
		return found.Err()
	}
	return finding.Finding{
		Rule: "input-unreadable", Severity: finding.Error, File: name, Message: "reading breaks off: " + err.Error(),
		Hint: "check that the file is whole and readable",
	}
}

func (e *export) addTranscript(name string, content io.Reader) error {
	text, err := io.ReadAll(io.LimitReader(content, e.limits.Bytes+1))
	if err != nil {
		return brokenOff(name, err)
	}
	if int64(len(text)) > e.limits.Bytes {
		_, err := document.Read(name, bytes.NewReader(text), e.limits)
		e.findings.Add(finding.From(err)...)
		return nil
	}
	for _, form := range transcript.Recognise(text) {
		switch form {
		case transcript.TopicsForm:
			topics, err := transcript.Topics(name, text)
			e.describedTopics = append(e.describedTopics, standing(name, TopicsDescribe, topics)...)
			e.rest(TopicsDescribe, err)
		case transcript.ConfigsForm:
			entities, err := transcript.Configs(name, text)
			e.describedConfigs = append(e.describedConfigs, standing(name, ConfigDescribe, entities)...)
			e.rest(ConfigDescribe, err)
		case transcript.GroupsForm:
			groups, err := transcript.Groups(name, text)
			e.describedGroups = append(e.describedGroups, standing(name, GroupsDescribe, groups)...)
			e.rest(GroupsDescribe, err)
		}
	}
	return nil
}

// standing notes the file in which things stand.
func standing[T any](file string, evidence Evidence, items []T) []described[T] {
	all := make([]described[T], len(items))
	for i, item := range items {
		all[i] = described[T]{file, evidence, item}
	}
	return all
}

// rest notes that the inventory rests on a kind of evidence, and what is wrong with it.
func (e *export) rest(evidence Evidence, err error) {
	e.evidence[evidence] = true
	e.findings.Add(finding.From(err)...)
}

// addDocument takes in a document: one object, or a list of them.
func (e *export) addDocument(d document.Document) {
	items, err := d.Items()
	if err != nil {
		e.findings.Add(finding.From(err)...)
		return
	}
	for _, item := range items {
		e.addObject(item)
	}
}

func (e *export) addObject(d document.Document) {
	if d.Kind() == "" && d.APIVersion() == "" {
		f := d.Finding("not-kubernetes", "this is no Kubernetes object, and was passed over", "give only what oc get … -o yaml printed")
		f.Severity = finding.Warning
		e.findings.Add(f)
		return
	}
	incomplete := d.Kind() == "" && d.Group() == strimziGroup || d.APIVersion() == "" && len(groups(d.Kind())) > 0
	if !wanted(d) && !incomplete {
		return
	}
	if err := d.CheckIdentity(); err != nil {
		e.findings.Add(finding.From(err)...)
		return
	}
	e.evidence[e.reading] = true
	if passedOver(d) {
		return
	}
	trim(d)
	if d.Kind() == "KafkaTopic" {
		e.addTopic(d)
		return
	}
	id := identityOf(d)
	if first, ok := e.seen[id]; ok {
		e.twice(first, d)
		return
	}
	e.seen[id] = d
	e.objects[id.kind] = append(e.objects[id.kind], d)
}

// twice deals with an object that was exported twice. Where both say the same nothing is
// lost; else nobody but the reader knows which one counts.
func (e *export) twice(first, second document.Document) {
	if repeats(first, second) || live(second) {
		return // a list that the API server had to begin anew repeats what it had served
	}
	f := second.Finding("object-differs",
		fmt.Sprintf("the object also stands at %s, with other content", standsAt(first)),
		"keep the newer of the two exports")
	if second.Group() != strimziGroup || live(first) {
		f.Severity = finding.Warning
		f.Message += "; the first one counts"
	}
	e.findings.Add(f)
}
