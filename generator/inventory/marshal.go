package inventory

import (
	"bytes"
	"fmt"
	"reflect"
	"strings"

	"cutover/generator/document"
)

// chunk is how many elements of a list are written at a time. The YAML encoder keeps every
// event of a document until its end, which for tens of thousands of topics is several
// hundred megabytes.
const chunk = 500

// Marshal writes an inventory as YAML, as [document.Marshal] does, field by field. The
// same inventory gives the same bytes.
func Marshal(inventory Inventory) ([]byte, error) {
	var out bytes.Buffer
	value := reflect.ValueOf(inventory)
	for i := range value.NumField() {
		name, options, _ := strings.Cut(value.Type().Field(i).Tag.Get("yaml"), ",")
		field := value.Field(i)
		empty := field.IsZero() || field.Kind() == reflect.Slice && field.Len() == 0
		if name == "-" || options == "omitempty" && empty {
			continue
		}
		if err := marshalField(&out, name, field); err != nil {
			return nil, fmt.Errorf("write %s of the inventory: %w", name, err)
		}
	}
	return out.Bytes(), nil
}

func marshalField(out *bytes.Buffer, name string, field reflect.Value) error {
	if field.Kind() != reflect.Slice || field.Len() <= chunk {
		content, err := document.Marshal(map[string]any{name: field.Interface()})
		out.Write(content)
		return err
	}
	heading := []byte(name + ":\n")
	out.Write(heading)
	for i := 0; i < field.Len(); i += chunk {
		part := field.Slice(i, min(i+chunk, field.Len()))
		content, err := document.Marshal(map[string]any{name: part.Interface()})
		if err != nil {
			return err
		}
		out.Write(bytes.TrimPrefix(content, heading))
	}
	return nil
}
