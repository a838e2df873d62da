package transcript

import (
	"maps"
	"regexp"
	"strings"
)

// Entity is what kafka-configs.sh describes the dynamic configuration of.
type Entity struct {
	// Type is topic or broker.
	Type string
	// Name is the topic or the broker's number; "" is the default of all brokers.
	Name string
	// Config holds the entries that are set dynamically on this very entity. Sensitive
	// ones are left out.
	Config map[string]string
	// Line is where the entity stands in the text.
	Line int
}

var (
	entityHeading  = regexp.MustCompile(`^(?:All configs|Dynamic configs|Configs) for (topic|broker) (\S+) are:\s*()$`)
	defaultHeading = regexp.MustCompile(`^Default configs? for (broker)s in the cluster are:\s*()$`)
	// Over ZooKeeper the tool prints one line an entity.
	entityLine  = regexp.MustCompile(`^Configs for (topic|broker)s? '([^']+)' are ?(.*)$`)
	defaultLine = regexp.MustCompile(`^Configs for default (broker)s? are ?(.*)$`)

	otherHeading = regexp.MustCompile(`^\S.*\b[Cc]onfigs? for .* are\b`)
	entryLine    = regexp.MustCompile(`^\s+([A-Za-z0-9._-]+)=(.*?)(?:\s+sensitive=(true|false)(?:\s+synonyms=\{(.*)\})?)?\s*$`)
	secretKey    = regexp.MustCompile(`(?i)password|secret|jaas|credential|keystore\.key|certificate\.chain`)
)

// Configs reads the topics and brokers that a text of kafka-configs.sh --describe lists,
// in its order. Users, clients and loggers are passed over. Of what --all prints, only
// entries whose value comes from the entity itself are kept.
func Configs(file string, content []byte) ([]Entity, error) {
	var entities []Entity
	inside := false
	for i, line := range lines(content) {
		if entity, ok := parseHeading(line); ok {
			entity.Line = i + 1
			entities, inside = append(entities, entity), true
			continue
		}
		if otherHeading.MatchString(line) {
			inside = false
			continue
		}
		if match := entryLine.FindStringSubmatch(line); inside && match != nil {
			keep(entities[len(entities)-1], match)
			continue
		}
		if inside && strings.HasPrefix(line, " ") && strings.TrimSpace(line) != "" {
			return nil, unreadable(file, i+1, "a configuration entry is not of the form key=value", ConfigsForm)
		}
	}
	return entities, nil
}

// parseHeading reads a line that begins an entity; the one-line form brings its entries.
func parseHeading(line string) (Entity, bool) {
	for _, form := range []*regexp.Regexp{entityHeading, entityLine} {
		if match := form.FindStringSubmatch(line); match != nil {
			return Entity{Type: match[1], Name: match[2], Config: harmless(match[3])}, true
		}
	}
	for _, form := range []*regexp.Regexp{defaultHeading, defaultLine} {
		if match := form.FindStringSubmatch(line); match != nil {
			return Entity{Type: match[1], Config: harmless(match[2])}, true
		}
	}
	return Entity{}, false
}

// harmless reads a list of entries without those that hold secrets, which ZooKeeper
// keeps in an encoded form.
func harmless(list string) map[string]string {
	config := entries(list)
	maps.DeleteFunc(config, func(key, _ string) bool { return secretKey.MatchString(key) })
	return config
}

// keep takes an entry in unless it is sensitive, unset, or inherited: the first synonym
// is where the value in effect comes from.
func keep(entity Entity, match []string) {
	key, value, sensitive, synonyms := match[1], match[2], match[3] == "true", match[4]
	if sensitive || value == "null" || secretKey.MatchString(key) {
		return
	}
	origin, _, _ := strings.Cut(synonyms, ":")
	if origin == "" || own(entity, origin) {
		entity.Config[key] = value
	}
}

func own(entity Entity, origin string) bool {
	switch {
	case entity.Type == "topic":
		return origin == "DYNAMIC_TOPIC_CONFIG"
	case entity.Name == "":
		return origin == "DYNAMIC_DEFAULT_BROKER_CONFIG"
	}
	return origin == "DYNAMIC_BROKER_CONFIG"
}
