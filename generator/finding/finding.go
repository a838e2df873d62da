// Package finding says what is wrong, or worth a decision, in a migration: where
// it stands, which object and phase it concerns, why it matters and what to do next.
//
// One shape serves errors and advice: a [Finding] is an error, and a [List] with at
// least one finding of severity [Error] becomes one by [List.Err].
package finding

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strings"
)

// Severity says what a finding stops.
type Severity string

const (
	// Error stops the command: nothing is written.
	Error Severity = "error"
	// Warning asks for a decision: the tree is written, and validate ends with exit
	// code 2 until the cause is gone or the Migration accepts it with a reason.
	Warning Severity = "warning"
	// Note is worth knowing and stops nothing.
	Note Severity = "note"
)

// Finding is one fact about the input that a person has to know. Rule is a stable
// identifier, such as "topic-not-mirrored", by which a Migration may accept it.
type Finding struct {
	Rule     string   `json:"rule" yaml:"rule"`
	Severity Severity `json:"severity" yaml:"severity"`
	File     string   `json:"file,omitempty" yaml:"file,omitempty"`
	Line     int      `json:"line,omitempty" yaml:"line,omitempty"`
	Object   string   `json:"object,omitempty" yaml:"object,omitempty"`
	Phase    string   `json:"phase,omitempty" yaml:"phase,omitempty"`
	Message  string   `json:"message" yaml:"message"`
	Hint     string   `json:"hint,omitempty" yaml:"hint,omitempty"`
	// Accepted is the reason for which the Migration accepts this finding, if it does.
	Accepted string `json:"accepted,omitempty" yaml:"accepted,omitempty"`
}

// Position gives where the finding stands, as "file:line", "file", or nothing.
func (f Finding) Position() string {
	switch {
	case f.File == "":
		return ""
	case f.Line == 0:
		return f.File
	}
	return fmt.Sprintf("%s:%d", f.File, f.Line)
}

// Error gives position, phase, object and message in one line, without the hint.
func (f Finding) Error() string {
	var parts []string
	for _, part := range []string{f.Position(), f.phase(), f.Object, f.Message} {
		if part != "" {
			parts = append(parts, part)
		}
	}
	return strings.Join(parts, ": ")
}

func (f Finding) phase() string {
	if f.Phase == "" {
		return ""
	}
	return "phase " + f.Phase
}

// List is a set of findings. Its zero value is empty and ready to use.
type List []Finding

// Add appends findings to the list.
func (l *List) Add(findings ...Finding) { *l = append(*l, findings...) }

// Sort orders the list by severity, rule, position and object, so that the same
// input prints the same list.
func (l List) Sort() {
	rank := map[Severity]int{Error: 0, Warning: 1, Note: 2}
	slices.SortStableFunc(l, func(a, b Finding) int {
		return cmp.Or(
			cmp.Compare(rank[a.Severity], rank[b.Severity]),
			cmp.Compare(a.Rule, b.Rule),
			cmp.Compare(a.File, b.File),
			cmp.Compare(a.Line, b.Line),
			cmp.Compare(a.Object, b.Object),
			cmp.Compare(a.Message, b.Message),
		)
	})
}

// Open gives the findings that still ask for something: errors, and warnings that
// no acceptance answers.
func (l List) Open() List {
	return l.where(func(f Finding) bool { return f.Severity != Note && f.Accepted == "" })
}

// Of gives the findings of one severity.
func (l List) Of(severity Severity) List {
	return l.where(func(f Finding) bool { return f.Severity == severity })
}

func (l List) where(keep func(Finding) bool) List {
	var kept List
	for _, f := range l {
		if keep(f) {
			kept = append(kept, f)
		}
	}
	return kept
}

// Err joins the findings of severity Error into one error, or gives nil when there
// are none. [From] takes them apart again.
func (l List) Err() error {
	var errs []error
	for _, f := range l.Of(Error) {
		errs = append(errs, f)
	}
	return errors.Join(errs...)
}

// FromOr collects the findings that err carries, as [From] does; for an error that carries
// none it gives otherwise, with the error's text as its message.
func FromOr(err error, otherwise Finding) List {
	if found := From(err); len(found) > 0 {
		return found
	}
	otherwise.Message = err.Error()
	return List{otherwise}
}

// From collects the findings that err carries, however deep they are wrapped. An
// error that carries none gives an empty list.
func From(err error) List {
	if err == nil {
		return nil
	}
	if f, ok := err.(Finding); ok { //nolint:errorlint // the tree below is walked by hand
		return List{f}
	}
	switch wrapped := err.(type) { //nolint:errorlint // the tree below is walked by hand
	case interface{ Unwrap() error }:
		return From(wrapped.Unwrap())
	case interface{ Unwrap() []error }:
		var all List
		for _, e := range wrapped.Unwrap() {
			all = append(all, From(e)...)
		}
		return all
	}
	return nil
}
