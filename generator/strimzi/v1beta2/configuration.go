package v1beta2

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
)

// Configuration is a mapping whose keys Strimzi does not describe, such as the properties of
// a broker, a worker or a connector. Read from JSON, its values are nil, bool, string, int64,
// float64, []any and map[string]any.
//
// A whole number of 2^53 and more in size is read as its text: Kafka parses text anyway, and
// JSON readers on the way to the operator would round the number.
//
// +kubebuilder:validation:Type=object
// +kubebuilder:pruning:PreserveUnknownFields
// +kubebuilder:object:generate=false
type Configuration map[string]any

// DeepCopy gives a copy that shares no mapping and no list with the original.
func (c Configuration) DeepCopy() Configuration {
	copied, _ := deepCopy(map[string]any(c)).(map[string]any)
	return copied
}

// deepCopy copies mappings and lists, and takes anything else for a scalar: where
// runtime.DeepCopyJSON meets what JSON does not have, such as a date out of YAML, it panics.
func deepCopy(value any) any {
	switch value := value.(type) {
	case map[string]any:
		if value == nil {
			return value
		}
		copied := make(map[string]any, len(value))
		for key, child := range value {
			copied[key] = deepCopy(child)
		}
		return copied
	case []any:
		copied := make([]any, len(value))
		for i, child := range value {
			copied[i] = deepCopy(child)
		}
		return copied
	}
	return value
}

// DeepCopyInto writes a copy to out.
func (c Configuration) DeepCopyInto(out *Configuration) { *out = c.DeepCopy() }

// MarshalJSON writes a JSON object with sorted keys. That the type has it also tells the
// schema's generator to take the type for what its markers say.
func (c Configuration) MarshalJSON() ([]byte, error) { return json.Marshal(map[string]any(c)) }

// UnmarshalJSON reads a JSON object and keeps its numbers exactly. Anything but an object or
// null is an error.
func (c *Configuration) UnmarshalJSON(content []byte) error {
	decoder := json.NewDecoder(bytes.NewReader(content))
	decoder.UseNumber()
	var object map[string]any
	if err := decoder.Decode(&object); err != nil {
		return fmt.Errorf("read a configuration: %w", err)
	}
	for key, value := range object {
		object[key] = exact(value)
	}
	*c = object
	return nil
}

// largestExact is the largest whole number below which every one has its own float64.
const largestExact = 1<<53 - 1

// exact turns the numbers of decoded JSON into int64, float64 or, where neither holds them,
// their text.
func exact(value any) any {
	switch value := value.(type) {
	case json.Number:
		return number(value)
	case map[string]any:
		for key, child := range value {
			value[key] = exact(child)
		}
	case []any:
		for i, child := range value {
			value[i] = exact(child)
		}
	}
	return value
}

func number(text json.Number) any {
	whole, err := strconv.ParseInt(text.String(), 10, 64)
	if err == nil && whole <= largestExact && whole >= -largestExact {
		return whole
	}
	fraction, err := text.Float64()
	if err != nil || !strings.ContainsAny(text.String(), ".eE") {
		return text.String()
	}
	return fraction
}
