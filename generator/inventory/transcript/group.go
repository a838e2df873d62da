package transcript

import (
	"regexp"
	"slices"
	"strings"
)

// Group is one consumer group as kafka-consumer-groups.sh describes it.
type Group struct {
	Name string
	// State is Stable, Empty, PreparingRebalance, CompletingRebalance or Dead; "" where
	// the text does not tell.
	State string
	// Topics are those with committed offsets or members, sorted.
	Topics []string
	// Line is where the group stands first in the text.
	Line int
}

var (
	tableHead   = regexp.MustCompile(`^GROUP\s+(TOPIC|COORDINATOR|CONSUMER-ID)\b`)
	offsetRow   = regexp.MustCompile(`^(.+?)\s+(\S+)\s+\d+\s+(?:\d+|-)\s+(?:\d+|-)\s+(?:-?\d+|-)\s+(\S+)`)
	idleRow     = regexp.MustCompile(`^(.+?)\s+()-\s+-\s+-\s+-\s+-\s+(\S+)`) // a member without partitions
	stateRow    = regexp.MustCompile(`^(.+?)\s+\S+:\d+\s+\(-?\d+\)\s.*?\b(Stable|Empty|Dead|PreparingRebalance|CompletingRebalance|AwaitingSync|Unknown)\s+\d+\s*$`)
	noise       = regexp.MustCompile(`^(\[|Error\b|WARN|Warning|Note:|OpenJDK|Picked up|SLF4J)`)
	groupNotice = regexp.MustCompile(`^(?:Warning: |Error: )?Consumer group '(.*)' (has no active members|is rebalancing|does not exist)\.`)
)

// noticed is the state that each of the tool's notices stands for.
func noticed(notice string) string {
	switch notice {
	case "has no active members":
		return "Empty"
	case "is rebalancing":
		return "PreparingRebalance"
	}
	return "Dead"
}

// Groups reads the groups that a text of kafka-consumer-groups.sh --describe lists, from
// its offset and its --state tables, in the order of their first mention. A row of the
// offset table that cannot be read is a finding.
func Groups(file string, content []byte) ([]Group, error) {
	reader := groupReader{index: make(map[string]int), active: make(map[string]bool)}
	for i, line := range lines(content) {
		if !reader.read(line, i+1) {
			return nil, unreadable(file, i+1, "a row does not fit the table of GROUP, TOPIC, PARTITION and offsets", GroupsForm)
		}
	}
	return reader.finish(), nil
}

type groupReader struct {
	groups []Group
	index  map[string]int
	active map[string]bool // groups with at least one member in an offset table
	table  string          // the second column of the table the reader is in
}

func (g *groupReader) read(line string, number int) bool {
	if match := groupNotice.FindStringSubmatch(line); match != nil {
		g.group(match[1], number).State = noticed(match[2])
		return true
	}
	if match := tableHead.FindStringSubmatch(line); match != nil {
		g.table = match[1]
		return true
	}
	if strings.TrimSpace(line) == "" {
		g.table = ""
	}
	if noise.MatchString(line) {
		return true
	}
	switch g.table {
	case "TOPIC":
		return g.offset(line, number)
	case "COORDINATOR":
		if match := stateRow.FindStringSubmatch(line); match != nil {
			g.group(match[1], number).State = match[2]
		}
	}
	return true
}

func (g *groupReader) offset(line string, number int) bool {
	match := offsetRow.FindStringSubmatch(line)
	if match == nil {
		match = idleRow.FindStringSubmatch(line)
	}
	if match == nil {
		return false
	}
	group := g.group(match[1], number)
	if topic := match[2]; topic != "" && !slices.Contains(group.Topics, topic) {
		group.Topics = append(group.Topics, topic)
	}
	if match[3] != "-" {
		g.active[group.Name] = true
	}
	return true
}

func (g *groupReader) group(name string, line int) *Group {
	i, ok := g.index[name]
	if !ok {
		i = len(g.groups)
		g.index[name] = i
		g.groups = append(g.groups, Group{Name: name, Line: line})
	}
	return &g.groups[i]
}

// finish tells the state of groups that no notice and no state table named: the notices
// go to standard error, which is seldom kept, but the members' column says the same.
func (g *groupReader) finish() []Group {
	for i := range g.groups {
		group := &g.groups[i]
		slices.Sort(group.Topics)
		switch {
		case group.State != "":
		case g.active[group.Name]:
			group.State = "Stable"
		case len(group.Topics) > 0:
			group.State = "Empty"
		}
	}
	return g.groups
}
