package migration_test

import (
	"bytes"
	"encoding/json"
	"flag"
	"os"
	"reflect"
	"testing"

	"github.com/invopop/jsonschema"

	"cutover/generator/migration"
)

var update = flag.Bool("update", false, "write schema.json anew")

func TestSchemaIsGeneratedFromTheTypes(t *testing.T) {
	reflector := jsonschema.Reflector{RequiredFromJSONSchemaTags: true, FieldNameTag: "json", Mapper: pathOrMapping}
	if err := reflector.AddGoComments("cutover/generator/migration", "."); err != nil {
		t.Fatal(err)
	}
	generated := reflector.Reflect(&migration.Migration{})
	generated.ID = ""
	content, err := json.MarshalIndent(generated, "", "  ")
	if err != nil {
		t.Fatal(err)
	}
	content = append(content, '\n')
	if *update {
		if err := os.WriteFile("schema.json", content, 0o600); err != nil {
			t.Fatal(err)
		}
		return
	}
	if !bytes.Equal(content, migration.Schema()) {
		t.Error("schema.json is not what the types say: go test ./generator/migration -update")
	}
}

// pathOrMapping: a location is a plain path, or a mapping.
func pathOrMapping(t reflect.Type) *jsonschema.Schema {
	if t != reflect.TypeFor[migration.Location]() {
		return nil
	}
	type plain migration.Location
	mapping := (&jsonschema.Reflector{DoNotReference: true, Anonymous: true, FieldNameTag: "json", RequiredFromJSONSchemaTags: true}).Reflect(&plain{})
	mapping.Version = ""
	return &jsonschema.Schema{OneOf: []*jsonschema.Schema{{Type: "string"}, mapping}}
}
