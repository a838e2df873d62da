package parity

import (
	"encoding/json"
	"regexp"
	"strconv"
	"strings"
)

// valueOf gives a decoded value as Kafka reads it from a properties file.
func valueOf(value any) Value {
	switch value := value.(type) {
	case nil:
		return Value{}
	case string:
		return Text(value)
	case bool:
		return Text(strconv.FormatBool(value))
	case int64:
		return Text(strconv.FormatInt(value, 10))
	case int:
		return Text(strconv.Itoa(value))
	case uint64:
		return Text(strconv.FormatUint(value, 10))
	case float64:
		return Text(strconv.FormatFloat(value, 'f', -1, 64))
	}
	content, err := json.Marshal(value)
	if err != nil { // only what no YAML file can hold
		return Text(unknown)
	}
	return Text(string(content))
}

// same tells whether two texts are the same to Kafka: numbers by their exact value, lists
// without regard to blanks.
func same(a, b string) bool { return a == b || canonical(a) == canonical(b) }

var decimal = regexp.MustCompile(`^([-+]?)([0-9]+)(?:\.([0-9]+))?$`)

func canonical(text string) string {
	text = strings.TrimSpace(text)
	if strings.Contains(text, ",") {
		items := strings.Split(text, ",")
		for i, item := range items {
			items[i] = strings.TrimSpace(item)
		}
		return strings.Join(items, ",")
	}
	match := decimal.FindStringSubmatch(text)
	if match == nil {
		return text
	}
	whole, fraction := strings.TrimLeft(match[2], "0"), strings.TrimRight(match[3], "0")
	if whole == "" {
		whole = "0"
	}
	if fraction != "" {
		whole += "." + fraction
	}
	if match[1] == "-" && whole != "0" {
		return "-" + whole
	}
	return whole
}

// sensitive tells whether a setting's value is none of a report's readers' business.
func sensitive(key string) bool {
	key = strings.ToLower(key)
	for _, word := range []string{"password", "secret", "jaas", "credential", "token", "keystore.key", "master.key"} {
		if strings.Contains(key, word) {
			return true
		}
	}
	return false
}
