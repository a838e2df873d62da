package step

import (
	"strings"

	"cutover/generator/overlay"
)

// phrases say what a phase does, as the subject of its commit.
func phrases() map[string]string {
	return map[string]string{
		"source-monitoring":       "turn on monitoring",
		"source-access":           "let the mirror in",
		"target-operator":         "install the operator",
		"target-kafka":            "start Kafka",
		"target-monitoring":       "turn on monitoring",
		"target-topics":           "create the topics",
		"target-users":            "create the users",
		"rehearse-start":          "start the rehearsal",
		"rehearse-stop":           "put the workloads at zero",
		"mirror-start":            "start the mirror",
		"source-hold":             "take over the replica counts",
		"ingest-stop":             "close ingestion",
		"producers-stop":          "stop the producers",
		"consumers-stop":          "stop the consumers",
		"offsets-align":           "align the offsets",
		"ingest-start":            "open ingestion",
		"upstream-start":          "start the upstream tier",
		"dam-start":               "open the dam",
		"downstream-start":        "start the downstream tier",
		"mirror-stop":             "pause the mirror",
		"mirror-remove":           "remove the mirror",
		"source-retire":           "remove the mirror's user",
		"return-ingest-stop":      "roll back: close ingestion",
		"return-producers-stop":   "roll back: stop the producers",
		"return-consumers-stop":   "roll back: stop the consumers",
		"return-access":           "roll back: let the reverse mirror in",
		"return-mirror-start":     "roll back: start the reverse mirror",
		"return-offsets-align":    "roll back: align the offsets",
		"return-ingest-start":     "roll back: open ingestion",
		"return-upstream-start":   "roll back: start the upstream tier",
		"return-dam-start":        "roll back: open the dam",
		"return-downstream-start": "roll back: start the downstream tier",
	}
}

// phrase gives the words for a phase; one that has none speaks by its own name.
func phrase(phase overlay.PhaseRef) string {
	said, ok := phrases()[phase.Gate.Name]
	if !ok {
		said = strings.ReplaceAll(phase.Gate.Name, "-", " ")
	}
	if phase.Gate.Batch != "" {
		said += " of batch " + phase.Gate.Batch
	}
	return said
}
