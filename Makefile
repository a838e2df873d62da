# What people type. CI calls .ci/run.

.PHONY: test ci e2e

test: ## the tests that need nothing but Go
	go test ./...

ci: ## everything that a change must pass
	.ci/run

e2e: ## every scenario on real Kafka, both target versions; about an hour on two cores
	e2e/kafka/run
