package migration

import (
	"bytes"
	_ "embed"
)

//go:embed schema.json
var schema []byte

// Schema gives the JSON Schema (draft 2020-12) of migration.yaml. It is generated from the
// types of this package and their comments.
func Schema() []byte { return bytes.Clone(schema) }
