package cluster

// structuralRoot closes a whole object's schema. Its metadata is the server's
// to describe: a schema that opens it is refused.
func structuralRoot(schema map[string]any) map[string]any {
	properties, _ := schema["properties"].(map[string]any)
	metadata, described := properties["metadata"]
	schema = structural(schema)
	if described {
		schema["properties"].(map[string]any)["metadata"] = metadata
	}
	return schema
}

// structural returns the schema with a type at every node, and open where it
// describes nothing.
func structural(schema map[string]any) map[string]any {
	result := make(map[string]any, len(schema)+1)
	for key, value := range schema {
		result[key] = value
	}
	if schema[intOrString] == true {
		return result
	}
	properties, isObject := schema["properties"].(map[string]any)
	values, isMap := schema["additionalProperties"].(map[string]any)
	items, isArray := schema["items"].(map[string]any)
	switch {
	case isObject:
		result["type"] = "object"
		result["properties"] = each(properties)
	case isMap:
		result["type"] = "object"
		result["additionalProperties"] = structural(values)
	case isArray:
		result["type"] = "array"
		result["items"] = structural(items)
	case schema["type"] == "array":
		result["items"] = map[string]any{preserveUnknown: true}
	case schema["type"] == "object":
		result[preserveUnknown] = true
	case schema["type"] == nil:
		result[preserveUnknown] = true
		for _, alternatives := range []string{"oneOf", "anyOf", "allOf", "not"} {
			delete(result, alternatives)
		}
	}
	return result
}

func each(properties map[string]any) map[string]any {
	result := make(map[string]any, len(properties))
	for name, property := range properties {
		if schema, ok := property.(map[string]any); ok {
			property = structural(schema)
		}
		result[name] = property
	}
	return result
}
