package parity_test

import (
	"strings"
	"testing"

	"cutover/generator/inventory"
	"cutover/generator/parity"
	"cutover/generator/plan"
	"cutover/generator/strimzi"
	"cutover/generator/strimzi/v1beta2"
)

const nobody = "nothing in migration.yaml"

func TestEachDifferenceHasItsCause(t *testing.T) {
	orders := []inventory.Topic{topic("orders", "cleanup.policy", "compact")}
	billing := []inventory.User{user("billing", allow("Read", "orders"), allow("Write", "orders"))}
	for _, c := range []struct {
		name   string
		source source
		more   string
		want   want
	}{
		{
			"an override of the replication factor is named", source{topics: orders},
			"topics: {overrides: [{name: orders, replicas: 2}]}",
			want{parity.Topic, "orders", "replicas", "3", "2", "topics.overrides[0].replicas of migration.yaml", true},
		},
		{
			"the last of several overrides is named", source{topics: orders},
			"topics: {overrides: [{name: orders, config: {retention.ms: 1}}, {pattern: or.*, config: {retention.ms: 2}}, {name: orders, config: {segment.bytes: 100}}]}",
			want{parity.Topic, "orders", "config.retention.ms", "–", "2", "topics.overrides[1].config.retention.ms of migration.yaml", true},
		},
		{
			"an override that removes a setting is named", source{topics: orders},
			"topics: {overrides: [{name: orders, config: {cleanup.policy: null}}]}",
			want{parity.Topic, "orders", "config.cleanup.policy", "compact", "–", "topics.overrides[0].config.cleanup.policy", true},
		},
		{
			"a pinned format version is dropped by a rule", source{topics: []inventory.Topic{topic("orders", "message.format.version", "2.4")}}, "",
			want{parity.Topic, "orders", "config.message.format.version", "2.4", "–", "format version dropped", true},
		},
		{
			"a topic that is excluded stays behind", source{topics: orders}, "topics: {exclude: [orders]}",
			want{parity.Topic, "orders", "existence", "exists", "–", "excluded by migration.yaml", true},
		},
		{
			"a topic of the platform stays behind", source{topics: []inventory.Topic{topic("__consumer_offsets")}}, "",
			want{parity.Topic, "__consumer_offsets", "existence", "exists", "–", "internal to Kafka's committed offsets", true},
		},
		{
			"a topic without a KafkaTopic gets one", source{topics: []inventory.Topic{{Name: "Raw_In", Partitions: 1, Replicas: 3}}}, "",
			want{parity.Topic, "Raw_In", "KafkaTopic", "–", strimzi.ResourceName("Raw_In"), "the source has no KafkaTopic for it", true},
		},
		{
			"a user that is excluded stays behind", source{users: billing}, "users: {exclude: [billing]}",
			want{parity.User, "billing", "existence", "exists", "–", "excluded by migration.yaml", true},
		},
		{
			"an override of a quota is named", source{users: billing},
			"users: {overrides: [{name: billing, spec: {quotas: {producerByteRate: 9007199254740993}}}]}",
			want{parity.User, "billing", "quotas.producerByteRate", "–", "9007199254740993", "users.overrides[0].spec.quotas of migration.yaml", true},
		},
		{
			"an override of the ACLs is named on the rule that goes", source{users: billing},
			"users: {overrides: [{pattern: bill.*, spec: {authorization: {acls: [{operation: Read, resource: {type: topic, name: orders}}]}}}]}",
			want{parity.User, "billing", "authorization.acls: allow Write on topic orders (literal) from *", "present", "–", "users.overrides[0].spec.authorization", true},
		},
		{
			"an override that removes the authorization is named", source{users: billing},
			"users: {overrides: [{name: billing, spec: {authorization: null}}]}",
			want{parity.User, "billing", "authorization.type", "simple", "–", "users.overrides[0].spec.authorization", true},
		},
		{
			"a broker setting has the plan's reason", source{config: map[string]string{"auto.create.topics.enable": "true"}}, "",
			want{parity.BrokerConfig, "brokers", "auto.create.topics.enable", "true", "false", "a client that starts early", true},
		},
		{
			"the source's protocol version stays behind", source{kafka: "2.6.0", config: map[string]string{"inter.broker.protocol.version": "2.6"}}, "",
			want{parity.BrokerConfig, "brokers", "inter.broker.protocol.version", "2.6", "2.8", "a fresh cluster speaks its own protocol", true},
		},
		{
			"a patch of the broker configuration is named", source{config: map[string]string{"num.io.threads": "8"}},
			"KAFKA: {kafka: {config: {num.io.threads: 16}}}",
			want{parity.BrokerConfig, "brokers", "num.io.threads", "8", "16", "target.kafka.kafka.config.num.io.threads of migration.yaml", true},
		},
		{
			"a patch may remove what is set beside the resource", source{dynamic: map[string]string{"log.cleaner.threads": "2"}},
			"KAFKA: {kafka: {config: {log.cleaner.threads: null}}}",
			want{parity.BrokerConfig, "brokers", "log.cleaner.threads", "2", "–", "target.kafka.kafka.config.log.cleaner.threads of migration.yaml", true},
		},
		{
			"what is set beside the resource travels", source{dynamic: map[string]string{"log.cleaner.threads": "2"}}, "",
			want{parity.BrokerConfig, "brokers", "log.cleaner.threads", "2", "2", "", true},
		},
		{
			"replication is fitted to fewer brokers", source{}, "TARGET: {replicas: 2}",
			want{parity.BrokerConfig, "brokers", "default.replication.factor", "3", "2", "fits 2 brokers", true},
		},
		{
			"what Strimzi sets itself stays behind", source{config: map[string]string{"log.dirs": "/data"}}, "",
			want{parity.BrokerConfig, "brokers", "log.dirs", "/data", "–", "Strimzi sets it", true},
		},
		{
			"what Strimzi sets itself stays behind, set dynamically too", source{dynamic: map[string]string{"ssl.keystore.password": "hunter2"}}, "",
			want{parity.BrokerConfig, "brokers", "ssl.keystore.password", "(not shown)", "–", "Strimzi sets it", true},
		},
		{
			"the effective value has the override's cause", source{topics: orders},
			"topics: {overrides: [{name: orders, config: {retention.ms: 1000}}]}",
			want{parity.Retention, "orders", "retention.ms", "604800000", "1000", "topics.overrides[0].config.retention.ms", true},
		},
		{
			"the effective value has the broker setting's cause", source{topics: orders},
			"KAFKA: {kafka: {config: {log.retention.hours: 1}}}",
			want{parity.Retention, "orders", "retention.ms", "604800000", "3600000", "log.retention.hours: target.kafka.kafka.config.log.retention.hours of migration.yaml", true},
		},
	} {
		t.Run(c.name, func(t *testing.T) { check(t, parity.Compare(decide(t, c.source, patched(c.more))), c.want) })
	}
}

// patched turns KAFKA and TARGET at the head of an addition into a target of their own.
func patched(more string) string {
	if rest, ok := strings.CutPrefix(more, "KAFKA:"); ok {
		return "  kafka:" + rest
	}
	if rest, ok := strings.CutPrefix(more, "TARGET: {"); ok {
		return "  " + strings.TrimSuffix(rest, "}")
	}
	return more
}

func TestAPatchThatRemovesTheWholeConfigurationIsNamed(t *testing.T) {
	report := parity.Compare(decide(t, source{}, "  kafka: {kafka: {config: null}}"))
	check(t, report, want{parity.BrokerConfig, "brokers", "default.replication.factor", "3", "–", "target.kafka of migration.yaml", true})
}

func TestASourceWithoutConfigurationHasNoForeignReasons(t *testing.T) {
	s := source{}.inventory(t)
	delete(s.Kafka.Spec["kafka"].(map[string]any), "config")
	s.Kafka.Config = nil
	p := decideInventory(t, s)
	p.Kafka.Spec["kafka"].(map[string]any)["config"].(map[string]any)["num.io.threads"] = int64(4)
	const early, explicit, protocol = "a client that starts early", "explicit, so that it does not depend", "a fresh cluster speaks its own protocol"
	report := parity.Compare(p)
	for _, w := range []want{
		{field: "auto.create.topics.enable", target: "false", cause: early, intended: true},
		{field: "default.replication.factor", target: "3", cause: explicit, intended: true},
		{field: "inter.broker.protocol.version", target: "2.8", cause: protocol, intended: true},
		{field: "log.message.format.version", target: "2.8", cause: protocol, intended: true},
		{field: "num.io.threads", target: "4", cause: nobody, intended: false},
		{field: "offsets.topic.replication.factor", target: "3", cause: explicit, intended: true},
		{field: "transaction.state.log.min.isr", target: "2", cause: explicit, intended: true},
		{field: "transaction.state.log.replication.factor", target: "3", cause: explicit, intended: true},
	} {
		w.what, w.object, w.source = parity.BrokerConfig, "brokers", "–"
		check(t, report, w)
	}
	if got := report.Counts()[2]; got != (parity.Count{What: parity.BrokerConfig, Compared: 8, Different: 8, NotIntended: 1}) {
		t.Errorf("got %+v", got)
	}
}

// What no plan of today does must be told all the same if one of tomorrow does it.
func TestWhatNobodyAskedForIsTold(t *testing.T) {
	for _, c := range []struct {
		name  string
		spoil func(p *plan.Plan)
		want  want
	}{
		{
			"other partitions", func(p *plan.Plan) { p.Topics[0].Partitions = 7 },
			want{parity.Topic, "orders", "partitions", "6", "7", nobody, false},
		},
		{
			"other replicas than the override's", func(p *plan.Plan) {
				p.Topics[0].Replicas = 1
			},
			want{parity.Topic, "orders", "replicas", "3", "1", nobody, false},
		},
		{
			"another value than the override's", func(p *plan.Plan) { p.Topics[0].Config["retention.ms"] = "8" },
			want{parity.Topic, "orders", "config.retention.ms", "–", "8", nobody, false},
		},
		{
			"a lost topic", func(p *plan.Plan) { p.Topics = nil },
			want{parity.Topic, "orders", "existence", "exists", "–", nobody, false},
		},
		{
			"a topic from nowhere", func(p *plan.Plan) { p.Inventory.Topics = nil },
			want{parity.Topic, "orders", "existence", "–", "exists", nobody, false},
		},
		{
			"a lost label", func(p *plan.Plan) { p.Topics[0].Labels = nil },
			want{parity.Topic, "orders", "labels.team", "yard", "–", nobody, false},
		},
		{
			"another KafkaTopic", func(p *plan.Plan) { p.Topics[0].Resource = "other" },
			want{parity.Topic, "orders", "KafkaTopic", "orders", "other", nobody, false},
		},
		{
			"a lost user", func(p *plan.Plan) { p.Users = nil },
			want{parity.User, "billing", "existence", "exists", "–", nobody, false},
		},
		{
			"another authentication", func(p *plan.Plan) {
				p.Users[0].Spec.Authentication = &v1beta2.KafkaUserAuthentication{Type: "tls"}
			},
			want{parity.User, "billing", "authentication.type", "scram-sha-512", "tls", nobody, false},
		},
		{
			"another ACL", func(p *plan.Plan) {
				p.Users[0].Spec.Authorization = &v1beta2.KafkaUserAuthorization{Type: "simple", ACLs: []v1beta2.ACLRule{{Operation: "All", Resource: v1beta2.ACLRuleResource{Type: "cluster"}}}}
			},
			want{parity.User, "billing", "authorization.acls: allow All on cluster from *", "–", "present", nobody, false},
		},
		{
			"a broker setting without a reason", func(p *plan.Plan) {
				p.Kafka.Spec["kafka"].(map[string]any)["config"].(map[string]any)["num.io.threads"] = int64(4)
			},
			want{parity.BrokerConfig, "brokers", "num.io.threads", "–", "4", nobody, false},
		},
		{
			"a broker setting of a block with a reason for another", func(p *plan.Plan) {
				config := p.Kafka.Spec["kafka"].(map[string]any)["config"].(map[string]any)
				config["num.io.threads"] = int64(4)
				p.Kafka.Differences = append(p.Kafka.Differences, plan.Difference{Path: "kafka.config", Target: config, Reason: "of another setting"})
			},
			want{parity.BrokerConfig, "brokers", "num.io.threads", "–", "4", nobody, false},
		},
		{
			"another effective retention without a reason", func(p *plan.Plan) {
				p.Kafka.Spec["kafka"].(map[string]any)["config"].(map[string]any)["log.retention.minutes"] = int64(1)
			},
			want{parity.Retention, "orders", "retention.ms", "604800000", "60000", "log.retention.minutes: " + nobody, false},
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			orders := topic("orders")
			orders.Labels = map[string]string{"team": "yard"}
			p := decide(t, source{topics: []inventory.Topic{orders}, users: []inventory.User{user("billing", allow("Read", "orders"))}},
				"topics: {overrides: [{name: orders, replicas: 2, config: {retention.ms: 5}}]}")
			p.Topics[0].Replicas = 3
			delete(p.Topics[0].Config, "retention.ms")
			c.spoil(p)
			report := parity.Compare(p)
			check(t, report, c.want)
			if findings := report.Findings(); len(findings.Open()) == 0 {
				t.Error("there is no finding")
			}
		})
	}
}

func TestTheMirrorsOwnUserIsIntended(t *testing.T) {
	p := decide(t, source{users: []inventory.User{user("billing"), user("cutover-mirror", allow("All", "*"))}}, "")
	p.Mirror.User = "cutover-mirror"
	report := parity.Compare(p)
	check(t, report, want{parity.User, "cutover-mirror", "existence", "exists", "exists", "", true})
	check(t, report, want{parity.User, "cutover-mirror", "authorization.acls: allow All on topic * (literal) from *", "present", "–", "the mirror's own user", true})
	if got := unintended(report); len(got) > 0 {
		t.Errorf("got %v", got)
	}
}
