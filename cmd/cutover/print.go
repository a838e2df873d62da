package main

import (
	"fmt"
	"io"
	"os"

	"cutover/generator/finding"
)

// printer writes what a person reads, beside the result, to stderr.
type printer struct {
	out io.Writer
	// terminal tells that a person reads along; colour, that they have not asked for none.
	terminal, colour bool
}

func newPrinter(w io.Writer, getenv func(string) string) printer {
	terminal := isTerminal(w)
	return printer{w, terminal, terminal && getenv("NO_COLOR") == "" && getenv("TERM") != "dumb"}
}

func isTerminal(w io.Writer) bool {
	file, ok := w.(*os.File)
	if !ok {
		return false
	}
	stat, err := file.Stat()
	return err == nil && stat.Mode()&os.ModeCharDevice != 0
}

// paint gives text in the colour of a severity.
func (p printer) paint(severity finding.Severity, text string) string {
	if !p.colour {
		return text
	}
	code := map[finding.Severity]string{finding.Error: "31", finding.Warning: "33", finding.Note: "36"}[severity]
	return "\x1b[" + code + "m" + text + "\x1b[0m"
}

// progress tells a person at a terminal what takes its time; a log needs no such lines.
func (p printer) progress(format string, args ...any) {
	if p.terminal {
		p.printf(format+"\n", args...)
	}
}

func (p printer) printf(format string, args ...any) { fmt.Fprintf(p.out, format, args...) }

// failure prints an error: each finding it carries with its hint, or its plain text.
func (p printer) failure(err error) {
	findings := finding.From(err)
	if len(findings) == 0 {
		p.printf("%s %v\n", p.paint(finding.Error, "error:"), err)
		return
	}
	p.findings(findings)
}

// findings prints each finding in a line, and its hint in another.
func (p printer) findings(findings finding.List) {
	for _, f := range findings {
		label := string(f.Severity) + ":"
		if f.Accepted != "" {
			label = string(f.Severity) + " (accepted):"
		}
		p.printf("%s %s [%s]\n", p.paint(f.Severity, label), f.Error(), f.Rule)
		switch {
		case f.Accepted != "":
			p.printf("  because: %s\n", f.Accepted)
		case f.Hint != "":
			p.printf("  hint: %s\n", f.Hint)
		}
	}
}
