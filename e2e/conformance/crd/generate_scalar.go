package crd

import (
	"math"
	"regexp"
	"regexp/syntax"
	"strings"

	v1 "k8s.io/apiextensions-apiserver/pkg/apis/apiextensions/v1"
)

// odd are texts that careless writers and readers of YAML take for something else, among
// ordinary ones.
var odd = [...]string{
	"a", "my-value", "kafka.example.org:9093", "INFO", "some longer text with spaces", "org.example.Class$Inner",
	"", " ", "on", "No", "y", "true", "null", "~", "1", "0x1f", "1e3", "1_000", "012", ".5", "12:30:45", "2020-01-01",
	"- a", "a: b", "# no comment", "{}", "[a]", "*a", "&a", "!a", "%a", "@a", "`a`", "'", "\"", "a\nb\n", "\ttab", "käse ☕", "${env:X}", "<<",
}

func (d *drawing) text(props *v1.JSONSchemaProps) string {
	text := odd[d.Random.IntN(len(odd))]
	if props.Pattern != "" {
		text = d.matching(props.Pattern)
	}
	if props.MinLength != nil {
		text += strings.Repeat("x", max(0, int(*props.MinLength)-len(text)))
	}
	if props.MaxLength != nil && len(text) > int(*props.MaxLength) {
		text = strings.Repeat("x", int(*props.MaxLength))
	}
	return text
}

// integer mostly gives what a person would write, and sometimes the ends of the range.
func (d *drawing) integer(props *v1.JSONSchemaProps) int64 {
	least, most := int64(-1), int64(math.MaxInt32)
	if props.Minimum != nil {
		least = int64(math.Ceil(*props.Minimum))
		if props.ExclusiveMinimum {
			least++
		}
	}
	if props.Maximum != nil {
		most = int64(math.Floor(*props.Maximum))
		if props.ExclusiveMaximum {
			most--
		}
	}
	switch d.Random.IntN(40) {
	case 0:
		return least
	case 1:
		return most
	}
	from := min(max(least, 1), most)
	return from + d.Random.Int64N(min(most-from, 10_000)+1)
}

// number gives a fraction within the range.
func (d *drawing) number(props *v1.JSONSchemaProps) float64 {
	least, most := 0.0, 1000.0
	if props.Minimum != nil {
		least = *props.Minimum
		most = max(most, least+1)
	}
	if props.Maximum != nil {
		most = *props.Maximum
		least = min(least, most)
	}
	return least + (most-least)*(0.01+0.98*d.Random.Float64())
}

// matching gives a text that a pattern finds, as short as it comes.
func (d *drawing) matching(pattern string) string {
	parsed, err := syntax.Parse(pattern, syntax.Perl)
	if err != nil {
		return ""
	}
	compiled := regexp.MustCompile(pattern)
	for range 100 {
		var out strings.Builder
		d.match(&out, parsed)
		if compiled.MatchString(out.String()) {
			return out.String()
		}
	}
	return ""
}

func (d *drawing) match(out *strings.Builder, part *syntax.Regexp) {
	switch part.Op {
	case syntax.OpLiteral:
		out.WriteString(string(part.Rune))
	case syntax.OpCharClass:
		pair := 2 * d.Random.IntN(len(part.Rune)/2)
		from, to := part.Rune[pair], min(part.Rune[pair+1], max(part.Rune[pair], '~'))
		out.WriteRune(from + rune(d.Random.IntN(int(to-from)+1)))
	case syntax.OpAnyChar, syntax.OpAnyCharNotNL:
		out.WriteRune('a' + rune(d.Random.IntN(26)))
	case syntax.OpAlternate:
		d.match(out, part.Sub[d.Random.IntN(len(part.Sub))])
	case syntax.OpStar, syntax.OpPlus, syntax.OpQuest, syntax.OpRepeat:
		for range d.times(part) {
			d.match(out, part.Sub[0])
		}
	default:
		for _, sub := range part.Sub {
			d.match(out, sub)
		}
	}
}

// times decides how often a part comes, no more than a few times beyond what it must.
func (d *drawing) times(part *syntax.Regexp) int {
	least, most := 0, 3
	switch part.Op {
	case syntax.OpPlus:
		least = 1
	case syntax.OpQuest:
		most = 1
	case syntax.OpRepeat:
		least, most = part.Min, part.Min+3
		if part.Max >= 0 {
			most = min(most, part.Max)
		}
	}
	return least + d.Random.IntN(most-least+1)
}
