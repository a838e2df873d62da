// Package pull writes the text of the pull request that carries a step, in GitHub's and
// GitLab's Markdown.
package pull

import (
	"bytes"
	_ "embed"
	"fmt"
	"strings"
	"text/template"
	"unicode/utf8"

	"cutover/generator/overlay"
	"cutover/generator/plan"
	"cutover/gitops/step"
)

// Limit is the length of a pull request's text, in characters, that GitHub takes.
const Limit = 65536

// named is how many removed objects are named: so many that nobody misses one, and that
// the text still fits.
const named = 100

//go:embed pull.md.tmpl
var page string

// view is what the template sees.
type view struct {
	step.Step
	// Banner says that with this step, or before it, the plain way back ended; "" otherwise.
	Banner string
	Proofs []proof
	// Named are the objects that are removed, the first of them where they are many; Unnamed
	// counts the others.
	Named   []overlay.Object
	Unnamed int
	Diff    string
	// Left is how many objects the diff leaves out for the limit.
	Left int
	// Fence is longer than any run of backticks in the diff.
	Fence string
}

type proof struct {
	plan.Gate
	// Commands show whether the gate holds.
	Commands []string
}

// Text gives the pull request's text. before is the state that the step leads on from.
func Text(before step.State, s step.Step) (string, error) {
	parsed, err := template.New("pull").Funcs(template.FuncMap{"join": strings.Join, "sentence": sentence}).Parse(page)
	if err != nil {
		return "", fmt.Errorf("pull request text: %w", err)
	}
	v := view{Step: s, Banner: banner(before, s), Left: len(s.Differences), Fence: fence(s)}
	for _, gate := range s.Gates() {
		v.Proofs = append(v.Proofs, proof{gate, commands(s, gate)})
	}
	v.Named = s.Removed()
	if len(v.Named) > named {
		v.Named, v.Unnamed = v.Named[:named], len(v.Named)-named
	}
	bare, err := execute(parsed, v)
	if err != nil {
		return "", err
	}
	v.Diff, v.Left = fill(s, Limit-utf8.RuneCountInString(bare))
	return execute(parsed, v)
}

// sentence begins a text with a capital.
func sentence(text string) string { return strings.ToUpper(text[:1]) + text[1:] }

func execute(parsed *template.Template, v view) (string, error) {
	var out bytes.Buffer
	if err := parsed.Execute(&out, v); err != nil {
		return "", fmt.Errorf("pull request text: %w", err)
	}
	return out.String(), nil
}

// fill takes as many objects' diffs, whole, as there is room for.
func fill(s step.Step, room int) (diff string, left int) {
	var out strings.Builder
	for i, d := range s.Differences {
		if room -= utf8.RuneCountInString(d.Text); room < 0 {
			return out.String(), len(s.Differences) - i
		}
		out.WriteString(d.Text)
	}
	return out.String(), 0
}

func fence(s step.Step) string {
	fence := "```"
	for _, d := range s.Differences {
		for strings.Contains(d.Text, fence) {
			fence += "`"
		}
	}
	return fence
}

// banner warns where the plain way back ends.
func banner(before step.State, s step.Step) string {
	switch {
	case s.Direction == step.Revert:
		return ""
	case s.Direction == step.Return:
		return "This is the ordered rollback. Once it has begun no forward phase may follow: a second attempt is a new migration, with empty topics on the target."
	case s.Phase.Gate.PastReturn && !before.PastReturn():
		return "This is the point of no return: from here on producers write to the target. The way back is the ordered rollback, never a plain revert."
	case s.Phase.Gate.Back.Kind == plan.SequenceBack:
		return "The point of no return has been passed. The way back is the ordered rollback, never a plain revert."
	}
	return ""
}
