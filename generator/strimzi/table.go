package strimzi

// tables holds the tables of this package, made once for the many objects that are held
// against them. Nothing writes to them.
var tables = struct {
	rules         []Rule
	introductions []introduction
	minimums      []minimum
	reservations  []reservation
	checks        map[string]check
	kafkaVersions map[Distribution]map[string][]string
}{Rules(), introductions(), minimums(), reservations(), checks(), kafkaVersions()}
