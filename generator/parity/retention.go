package parity

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"

	"cutover/generator/plan"
)

// effective is the value that a cluster acts by, and where it comes from.
type effective struct {
	value Value
	// key is the setting that gives it, "" for Kafka's own default.
	key string
	// own tells that the topic itself sets it.
	own bool
	// doubt says why the value is not known, "" where it is.
	doubt string
}

// fallback is a setting with what a topic has that does not set it, on both clusters.
type fallback struct {
	setting
	source, target effective
	// cause is why the two differ, where they do.
	cause cause
}

// retention compares what every topic of both clusters has in effect, and how long the
// brokers keep committed offsets.
func (r *Report) retention(p *plan.Plan, b brokers) {
	fallbacks := make([]fallback, 0, len(settings()))
	for _, s := range settings() {
		fallbacks = append(fallbacks, newFallback(s, p, b))
	}
	offsets := newFallback(offsetsRetention(), p, b)
	r.effective(Row{What: Retention, Object: groupsObject, Field: offsets.brokers[0].key}, offsets, offsets.source, offsets.target, cause{})
	overrides := newTopicOverrides(p.Migration.Topics.Overrides)
	sorted := slices.Clone(p.Topics)
	slices.SortFunc(sorted, func(a, b plan.Topic) int { return strings.Compare(a.Name, b.Name) })
	for _, topic := range sorted {
		for _, f := range fallbacks {
			source, target := f.of(topic.Source.Config, f.source), f.of(topic.Config, f.target)
			row := Row{What: Retention, Object: topic.Name, Field: f.field}
			var own cause
			if was, is := lookup(topic.Source.Config, f.field), lookup(topic.Config, f.field); was != is {
				own = topicCause(overrides, topic.Name, f.field, is)
			}
			r.effective(row, f, source, target, own)
		}
	}
}

// effective adds a row of two effective values. own is why the topic's own settings differ.
func (r *Report) effective(row Row, f fallback, source, target effective, own cause) {
	row.Source, row.Target = source.value, target.value
	if doubt := firstOf(source.doubt, target.doubt); doubt != "" {
		row.Cause = doubt
		r.Rows = append(r.Rows, row)
		return
	}
	if f.list && words(source.value) == words(target.value) {
		row.Equal, row.Intended = true, true
		r.Rows = append(r.Rows, row)
		return
	}
	r.add(row, func() cause {
		if own.text != "" || source.own && target.own {
			return own
		}
		return f.cause
	})
}

func firstOf(texts ...string) string {
	for _, text := range texts {
		if text != "" {
			return text
		}
	}
	return ""
}

// words gives a set of words in one order.
func words(v Value) string {
	list := strings.Split(v.text, ",")
	for i, word := range list {
		list[i] = strings.TrimSpace(word)
	}
	slices.Sort(list)
	return strings.Join(slices.Compact(list), ",")
}

func newFallback(s setting, p *plan.Plan, b brokers) fallback {
	f := fallback{setting: s}
	f.source = s.fallsTo(b.source, p.SourceKafkaVersion, plan.Source)
	f.target = s.fallsTo(b.target, p.Version.Kafka, plan.Target)
	f.cause = f.brokersCause(p, b)
	return f
}

// of gives what a topic has: its own value, or what it falls back to.
func (f fallback) of(config map[string]string, otherwise effective) effective {
	value, set := config[f.field]
	if !set {
		return otherwise
	}
	return effective{value: Text(f.unlimited(value)), key: f.field, own: true}
}

// unlimited gives every negative retention the one form that Kafka gives it.
func (s setting) unlimited(text string) string {
	if s.field == "retention.ms" && strings.HasPrefix(strings.TrimSpace(text), "-") {
		return "-1"
	}
	return text
}

// fallsTo gives what the brokers' settings or Kafka's default make of a setting.
func (s setting) fallsTo(config map[string]string, kafka string, side plan.Side) effective {
	for _, candidate := range s.brokers {
		text, set := config[candidate.key]
		if !set {
			continue
		}
		value, ok := scale(text, candidate.factor)
		if !ok {
			return effective{value: Text(unknown), key: candidate.key,
				doubt: fmt.Sprintf("%s of the %s's brokers is %q, which is no number of that unit", candidate.key, side, text)}
		}
		return effective{value: Text(s.unlimited(value)), key: candidate.key}
	}
	value, known := s.at(kafka)
	switch {
	case known:
		return effective{value: Text(value)}
	case kafka == "":
		return effective{value: Text(unknown), doubt: fmt.Sprintf("the %s's Kafka version is unknown, and so is its default; set %s.version", side, side)}
	}
	return effective{value: Text(unknown), doubt: fmt.Sprintf("the default of Kafka %s is not known; known are those of %s to %s", kafka, oldestKnown, newestKnown)}
}

// scale multiplies a whole number, exactly. A factor of one leaves any text as it is.
func scale(text string, factor int64) (string, bool) {
	if factor == 1 {
		return strings.TrimSpace(text), true
	}
	n, err := strconv.ParseInt(strings.TrimSpace(text), 10, 64)
	if err != nil || n > math.MaxInt64/factor || n < math.MinInt64/factor {
		return "", false
	}
	return strconv.FormatInt(n*factor, 10), true
}

// brokersCause says why topics that set nothing themselves have other values: the broker
// settings behind it differ, or the versions' defaults do. It is asked for topics of which
// one side sets its own too, and then says what the other side has.
func (f fallback) brokersCause(p *plan.Plan, b brokers) cause {
	var texts []string
	intended := true
	for _, candidate := range f.brokers {
		was, is := lookup(b.source, candidate.key), lookup(b.target, candidate.key)
		if was.set == is.set && same(was.text, is.text) {
			continue
		}
		because := b.why(candidate.key)
		texts, intended = append(texts, candidate.key+": "+because.text), intended && because.intended
	}
	if len(texts) > 0 {
		return cause{strings.Join(texts, "; "), intended}
	}
	versions := fmt.Sprintf("version default: %s in Kafka %s, %s in Kafka %s (%s)",
		f.source.value, p.SourceKafkaVersion, f.target.value, p.Version.Kafka, f.evidence)
	for _, candidate := range f.brokers {
		if because, removed := b.unset(candidate.key); removed {
			return cause{candidate.key + ": " + because.text + "; " + versions, because.intended}
		}
	}
	return cause{versions, false}
}
