package conversion

import (
	"bytes"
	"fmt"
	"io"
	"slices"

	"github.com/pmezard/go-difflib/difflib"
)

// around is how many lines of context a hunk has on either side.
const around = 3

// Diff is an [Editor] that writes what changes as a unified diff, hunk by hunk.
type Diff struct {
	w          io.Writer
	name       string
	begun      bool
	old, fresh int
	// before and after end in a line whose end is still to come.
	before, after []byte
	// context is the last lines that were kept before a hunk, equal those within or behind it.
	context, equal []string
	hunk           hunk
}

type hunk struct {
	lines                   bytes.Buffer
	old, fresh, minus, plus int
	open                    bool
}

// NewDiff writes the diff of the file called name. [Diff.Close] has to be called at the end.
func NewDiff(w io.Writer, name string) *Diff { return &Diff{w: w, name: name, old: 1, fresh: 1} }

// Keep implements [Editor].
func (d *Diff) Keep(text []byte) error { return d.edit(text, text) }

// Replace implements [Editor].
func (d *Diff) Replace(before, after []byte) error { return d.edit(before, after) }

func (d *Diff) edit(before, after []byte) error {
	if len(d.before)+len(d.after) > 0 {
		before, after = slices.Concat(d.before, before), slices.Concat(d.after, after)
		d.before, d.after = nil, nil
	}
	switch whole := bytes.LastIndexByte(before, '\n') + 1; {
	case bytes.Equal(before, after):
		d.before = bytes.Clone(before[whole:])
		d.after = d.before
		return d.same(split(before[:whole]))
	case whole < len(before):
		d.before, d.after = bytes.Clone(before), bytes.Clone(after)
		return nil
	}
	return d.compare(split(before), split(after))
}

func split(text []byte) []string {
	var all []string
	for line := range bytes.Lines(text) {
		all = append(all, string(line))
	}
	return all
}

func (d *Diff) compare(before, after []string) error {
	for _, op := range difflib.NewMatcher(before, after).GetOpCodes() {
		if op.Tag == 'e' {
			if err := d.same(before[op.I1:op.I2]); err != nil {
				return err
			}
			continue
		}
		d.change(before[op.I1:op.I2], after[op.J1:op.J2])
	}
	return nil
}

func (d *Diff) same(lines []string) error {
	for _, line := range lines {
		d.old++
		d.fresh++
		if !d.hunk.open {
			d.context = append(d.context, line)
			d.context = d.context[max(0, len(d.context)-around):]
			continue
		}
		if d.equal = append(d.equal, line); len(d.equal) > 2*around {
			if err := d.close(); err != nil {
				return err
			}
		}
	}
	return nil
}

func (d *Diff) change(before, after []string) {
	if !d.hunk.open {
		d.hunk = hunk{open: true, old: d.old - len(d.context), fresh: d.fresh - len(d.context)}
		d.equal, d.context = d.context, nil
	}
	d.hunk.write(" ", d.equal)
	d.equal = nil
	d.hunk.write("-", before)
	d.hunk.write("+", after)
	d.old += len(before)
	d.fresh += len(after)
}

func (h *hunk) write(sign string, lines []string) {
	for _, line := range lines {
		h.lines.WriteString(sign + line)
		if line[len(line)-1] != '\n' {
			h.lines.WriteString("\n\\ No newline at end of file\n")
		}
	}
	if sign != "+" {
		h.minus += len(lines)
	}
	if sign != "-" {
		h.plus += len(lines)
	}
}

// close writes the hunk at hand, with the first lines behind it.
func (d *Diff) close() error {
	behind := min(around, len(d.equal))
	d.hunk.write(" ", d.equal[:behind])
	d.context = d.equal[max(0, len(d.equal)-around):]
	d.equal = nil
	if !d.begun {
		d.begun = true
		if _, err := fmt.Fprintf(d.w, "--- %s\n+++ %s\n", d.name, d.name); err != nil {
			return err
		}
	}
	_, err := fmt.Fprintf(d.w, "@@ -%s +%s @@\n%s", extent(d.hunk.old, d.hunk.minus), extent(d.hunk.fresh, d.hunk.plus), &d.hunk.lines)
	d.hunk = hunk{}
	return err
}

// extent writes where lines begin and how many they are; no lines stand after the line before.
func extent(start, count int) string {
	if count == 0 {
		start--
	}
	return fmt.Sprintf("%d,%d", start, count)
}

// Close writes what is left to write.
func (d *Diff) Close() error {
	if err := d.compare(split(d.before), split(d.after)); err != nil {
		return err
	}
	if !d.hunk.open {
		return nil
	}
	return d.close()
}
