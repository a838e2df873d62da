package step

import (
	"fmt"
	"regexp"
	"strings"

	"cutover/generator/finding"
	"cutover/generator/overlay"
	"cutover/generator/plan"
)

// The keys of the trailers.
const (
	keyMigration = "Cutover-Migration"
	keyPhase     = "Cutover-Phase"
	keyFrom      = "Cutover-From"
	keyCluster   = "Cutover-Cluster"
	keyGate      = "Cutover-Gate"
	keyInventory = "Cutover-Inventory"
	keyDirection = "Cutover-Direction"
)

// Trailers are what machines read of a step's commit. Phase and From are the phases that
// the migration as a whole is in after the commit and before it, so a revert of 090 has
// phase 080 and comes from 090.
type Trailers struct {
	Migration string
	Phase     string
	From      string
	Cluster   plan.Side
	// Gates are the conditions that had to hold, as "drained on source".
	Gates []string
	// Inventory is the digest of inventory.yaml, as "sha256:" and hexadecimal digits.
	Inventory string
	Direction Direction
}

// Trailers gives the step's trailers.
func (s Step) Trailers() Trailers {
	t := Trailers{Migration: s.Migration, Phase: s.To, From: s.From, Cluster: s.Phase.Side, Inventory: s.Inventory, Direction: s.Direction}
	for _, gate := range s.Gates() {
		t.Gates = append(t.Gates, gateName(gate))
	}
	return t
}

func gateName(gate plan.Gate) string { return gate.Name + " on " + string(gate.Side) }

// Gates must hold before the step. A revert has none of its own: it goes back to what held.
func (s Step) Gates() []plan.Gate {
	if s.Direction == Revert {
		return nil
	}
	return s.Phase.Gate.Holds
}

// lines gives the trailers, a line each.
func (t Trailers) lines() []string {
	lines := []string{keyMigration + ": " + t.Migration, keyPhase + ": " + t.Phase, keyFrom + ": " + t.From, keyCluster + ": " + string(t.Cluster)}
	if len(t.Gates) == 0 {
		lines = append(lines, keyGate+": "+overlay.None)
	}
	for _, gate := range t.Gates {
		lines = append(lines, keyGate+": "+gate)
	}
	return append(lines, keyInventory+": "+t.Inventory, keyDirection+": "+string(t.Direction))
}

// Subject is the first line of the step's commit message.
func (s Step) Subject() string {
	said := phrase(s.Phase)
	if s.Direction == Revert {
		said = "take back: " + said
	}
	return fmt.Sprintf("cutover(%s): %s on %s", s.Phase.ID(), said, s.Phase.Side)
}

// Message is the step's commit message: what changes, what must hold, the way back, and
// the trailers.
func (s Step) Message() string {
	var out strings.Builder
	fmt.Fprintf(&out, "%s\n\n%s\n\n", s.Subject(), wrap(s.Says(), ""))
	fmt.Fprintf(&out, "Changes on %s: %s\n", s.Phase.Side, s.Count())
	for _, k := range s.Kinds() {
		fmt.Fprintf(&out, "  %d %s %s\n", k.Number, k.Kind, k.Change)
	}
	fmt.Fprintf(&out, "Nothing changes on %s.\n", s.Phase.Side.Other())
	if gates := s.Gates(); len(gates) > 0 {
		out.WriteString("\nMust hold before:\n")
		for _, gate := range gates {
			fmt.Fprintf(&out, "%s\n", wrap("- "+gateName(gate)+": "+gate.Asks, "  "))
		}
	}
	fmt.Fprintf(&out, "\n%s\n\n%s\n", wrap("Way back: "+s.WayBack(), ""), strings.Join(s.Trailers().lines(), "\n"))
	return out.String()
}

// Says tells in a sentence what the step does.
func (s Step) Says() string {
	if s.Direction == Revert {
		return fmt.Sprintf("Phase %s is taken back: %s.", s.Phase.Folder, s.Phase.Gate.Back.Text)
	}
	return upperFirst(s.Phase.Gate.Step) + "."
}

// WayBack tells how the step itself is undone.
func (s Step) WayBack() string {
	if s.Direction == Revert {
		return fmt.Sprintf("advance to %s again.", s.Phase.ID())
	}
	switch back := s.Phase.Gate.Back; back.Kind {
	case plan.RevertBack:
		return fmt.Sprintf("take this commit back (cutover rollback --to %s --commit); %s.", s.From, back.Text)
	case plan.SequenceBack:
		return fmt.Sprintf("the ordered rollback (cutover rollback), never a plain revert: %s.", back.Text)
	default:
		return "none: " + back.Text + "."
	}
}

func upperFirst(text string) string {
	if text == "" {
		return text
	}
	return strings.ToUpper(text[:1]) + text[1:]
}

// width is the longest line of a commit message's body that Git shows well.
const width = 72

// wrap breaks a text into lines; all but the first are indented.
func wrap(text, indent string) string {
	var lines []string
	line := ""
	for _, word := range strings.Fields(text) {
		switch {
		case line == "":
			line = word
		case len(line)+1+len(word) > width:
			lines = append(lines, line)
			line = indent + word
		default:
			line += " " + word
		}
	}
	return strings.Join(append(lines, line), "\n")
}

var counted = regexp.MustCompile(`(?m)^Changes on (?:source|target): (\d+) added, (\d+) changed, (\d+) removed$`)

// Message is a commit message, read back.
type Message struct {
	Trailers
	Subject string
	// Count is what the body says of the objects.
	Count Count
}

// Is tells whether a message carries any trailer of cutover's.
func Is(message string) bool { return len(trailersOf(message)) > 0 }

// Parse reads the message of a step's commit. What others append, such as Signed-off-by,
// is passed over; a message that tells of several steps, as a squash makes it, is an error.
func Parse(message string) (Message, error) {
	parsed := Message{}
	parsed.Subject, _, _ = strings.Cut(message, "\n")
	found := trailersOf(message)
	for _, single := range []struct {
		key   string
		field *string
	}{
		{keyMigration, &parsed.Migration}, {keyPhase, &parsed.Phase}, {keyFrom, &parsed.From}, {keyCluster, (*string)(&parsed.Cluster)},
		{keyInventory, &parsed.Inventory}, {keyDirection, (*string)(&parsed.Direction)},
	} {
		switch values := found[single.key]; len(values) {
		case 0:
			return parsed, messageFinding("trailer " + single.key + " is missing")
		case 1:
			*single.field = values[0]
		default:
			return parsed, messageFinding(fmt.Sprintf("trailer %s stands there %d times: the commit tells of several steps", single.key, len(values)))
		}
	}
	for _, gate := range found[keyGate] {
		if gate != overlay.None {
			parsed.Gates = append(parsed.Gates, gate)
		}
	}
	count := counted.FindStringSubmatch(message)
	if count == nil {
		return parsed, messageFinding("the body does not count the objects that change")
	}
	_, err := fmt.Sscan(strings.Join(count[1:], " "), &parsed.Count.Added, &parsed.Count.Changed, &parsed.Count.Removed)
	if err != nil {
		return parsed, messageFinding("the body's count of objects is no number")
	}
	return parsed, nil
}

func trailersOf(message string) map[string][]string {
	found := make(map[string][]string)
	for line := range strings.Lines(message) {
		key, value, ok := strings.Cut(strings.TrimRight(line, "\r\n"), ": ")
		if ok && strings.HasPrefix(key, "Cutover-") && !strings.Contains(key, " ") {
			found[key] = append(found[key], strings.TrimSpace(value))
		}
	}
	return found
}

func messageFinding(message string) error {
	return finding.Finding{Rule: "commit-message", Severity: finding.Error, Message: message,
		Hint: "let cutover write the commit (advance --commit, rollback --commit), and merge it without squashing"}
}
