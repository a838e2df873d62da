package java

import (
	"maps"
	"os"
	"slices"
	"strings"
)

// Properties writes a Java properties file with the settings in order of their keys.
func Properties(path string, settings map[string]string) error {
	return os.WriteFile(path, []byte(render(settings)), 0o600)
}

// render gives the text of a properties file, which takes a backslash for an escape.
func render(settings map[string]string) string {
	escape := strings.NewReplacer(`\`, `\\`, "\n", `\n`, "\r", `\r`, "\t", `\t`)
	var text strings.Builder
	for _, key := range slices.Sorted(maps.Keys(settings)) {
		text.WriteString(key + "=" + escape.Replace(settings[key]) + "\n")
	}
	return text.String()
}

// Options gives jvmOptions of a Strimzi resource, such as {-Xmx: 192m}, as arguments.
func Options(jvm map[string]any) []string {
	var options []string
	for _, key := range slices.Sorted(maps.Keys(jvm)) {
		value, ok := jvm[key].(string)
		if ok && (key == "-Xms" || key == "-Xmx") {
			options = append(options, key+value)
		}
	}
	return options
}
