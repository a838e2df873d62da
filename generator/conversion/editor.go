package conversion

import "io"

// Text is an [Editor] that writes the converted stream.
func Text(w io.Writer) Editor { return writer{w} }

type writer struct{ w io.Writer }

func (t writer) Keep(kept []byte) error {
	_, err := t.w.Write(kept)
	return err
}

func (t writer) Replace(_, after []byte) error { return t.Keep(after) }

// None is an [Editor] for those who want but the changes.
func None() Editor { return writer{io.Discard} }
