// Package transcript reads what Kafka's own command line tools print: the text of
// kafka-topics.sh --describe, kafka-configs.sh --describe and kafka-consumer-groups.sh
// --describe --all-groups, as Kafka 2.2 to 2.8 write it. Lines that belong to none of
// them (warnings of the Java machine, blank lines, partition lists) are passed over; a
// line that begins like one of theirs and cannot be read is a finding with its line.
//
// Nothing of a sensitive configuration entry is kept: neither its value nor its length.
package transcript

import (
	"bytes"
	"encoding/binary"
	"regexp"
	"slices"
	"strings"
	"unicode/utf16"

	"cutover/generator/finding"
)

// Form is the kind of output that a text holds.
type Form string

// The forms, named by the tool that prints them.
const (
	TopicsForm  Form = "kafka-topics.sh"
	ConfigsForm Form = "kafka-configs.sh"
	GroupsForm  Form = "kafka-consumer-groups.sh"
)

var (
	topicOpening  = regexp.MustCompile(`^Topic:\s*\S+\s.*PartitionCount:`)
	configOpening = regexp.MustCompile(`^(All configs|Dynamic configs|Default configs?|Configs) for (default )?(topic|broker)s?\b`)
	groupOpening  = regexp.MustCompile(`^(GROUP\s+(TOPIC|COORDINATOR|CONSUMER-ID)\b|` +
		`(Warning: )?Consumer group '.*' (has no active members|is rebalancing|does not exist))`)
)

// opening is how the lines begin by which a form is known.
type opening struct {
	form Form
	line *regexp.Regexp
}

func openings() []opening {
	return []opening{{TopicsForm, topicOpening}, {ConfigsForm, configOpening}, {GroupsForm, groupOpening}}
}

// Recognise tells which forms a text holds, sorted; none means that it is no output of
// these tools.
func Recognise(content []byte) []Form {
	var found []Form
	openings := openings()
	for _, line := range lines(content) {
		for _, opening := range openings {
			if !slices.Contains(found, opening.form) && opening.line.MatchString(line) {
				found = append(found, opening.form)
			}
		}
		if len(found) == len(openings) {
			break
		}
	}
	slices.Sort(found)
	return found
}

// lines takes a text apart. It reads UTF-8 with or without a byte order mark, and the
// UTF-16 that PowerShell writes when a tool's output is redirected.
func lines(content []byte) []string {
	text := string(bytes.TrimPrefix(content, []byte("\xef\xbb\xbf")))
	switch {
	case bytes.HasPrefix(content, []byte("\xff\xfe")):
		text = wide(content[2:], binary.LittleEndian)
	case bytes.HasPrefix(content, []byte("\xfe\xff")):
		text = wide(content[2:], binary.BigEndian)
	}
	all := strings.Split(text, "\n")
	for i, line := range all {
		all[i] = strings.TrimSuffix(line, "\r")
	}
	return all
}

func wide(content []byte, order binary.ByteOrder) string {
	units := make([]uint16, len(content)/2)
	for i := range units {
		units[i] = order.Uint16(content[2*i:])
	}
	return string(utf16.Decode(units))
}

func unreadable(file string, line int, message string, form Form) finding.Finding {
	return finding.Finding{
		Rule: "transcript-unreadable", Severity: finding.Error, File: file, Line: line, Message: message,
		Hint: "give the output of " + string(form) + " --describe as it was printed, without wrapped or cut lines",
	}
}
