package migration

import (
	"bytes"
	"errors"
	"fmt"
	"strings"

	"github.com/santhosh-tekuri/jsonschema/v6"
	"golang.org/x/text/language"
	"golang.org/x/text/message"

	"cutover/generator/document"
	"cutover/generator/finding"
)

// checkShape holds the migration against its JSON Schema. Most of what it refuses the checks
// have refused before, in better words; what is left are values that no check looks at.
func (m *Migration) checkShape() finding.List {
	compiled, err := compileSchema()
	if err != nil {
		return finding.List{m.Finding("schema", err.Error(), "this is a bug: please report it")}
	}
	var invalid *jsonschema.ValidationError
	if !errors.As(compiled.Validate(document.Value(m.document.Root)), &invalid) {
		return nil
	}
	var findings finding.List
	printer := message.NewPrinter(language.English)
	for _, leaf := range leaves(invalid) {
		where := strings.Join(leaf.InstanceLocation, ".")
		findings.Add(m.Finding("schema", fmt.Sprintf("%s: %s", where, leaf.ErrorKind.LocalizedString(printer)),
			"`cutover schema` prints what belongs where", leaf.InstanceLocation...))
	}
	return findings
}

func compileSchema() (*jsonschema.Schema, error) {
	const name = "migration.schema.json"
	parsed, err := jsonschema.UnmarshalJSON(bytes.NewReader(schema))
	if err != nil {
		return nil, fmt.Errorf("parse the schema: %w", err)
	}
	compiler := jsonschema.NewCompiler()
	if err := compiler.AddResource(name, parsed); err != nil {
		return nil, fmt.Errorf("read the schema: %w", err)
	}
	return compiler.Compile(name)
}

// leaves are the innermost causes of an error: those that name one value.
func leaves(e *jsonschema.ValidationError) []*jsonschema.ValidationError {
	if len(e.Causes) == 0 {
		return []*jsonschema.ValidationError{e}
	}
	var all []*jsonschema.ValidationError
	for _, cause := range e.Causes {
		all = append(all, leaves(cause)...)
	}
	return all
}
