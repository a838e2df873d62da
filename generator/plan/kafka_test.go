package plan_test

import (
	"encoding/json"
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strings"
	"testing"

	"cutover/generator/finding"
	"cutover/generator/inventory"
	"cutover/generator/plan"
	"cutover/generator/strimzi"
)

// edit replaces parts of kafkaSpec, which must be there.
func edit(t testing.TB, pairs ...string) string {
	t.Helper()
	text := kafkaSpec
	for i := 0; i < len(pairs); i += 2 {
		if !strings.Contains(text, pairs[i]) {
			t.Fatalf("the spec has no %q", pairs[i])
		}
		text = strings.Replace(text, pairs[i], pairs[i+1], 1)
	}
	return text
}

// kafkaOf plans the target's Kafka for a spec of the source.
func kafkaOf(t testing.TB, text, spec string) (plan.Kafka, finding.List) {
	t.Helper()
	inv := found(t)
	inv.Kafka = withSpec(t, spec)
	p, findings := decide(t, text, inv)
	return p.Kafka, findings
}

func listener(t testing.TB, k plan.Kafka, name string) map[string]any {
	t.Helper()
	listeners, _ := at(k.Spec, "kafka", "listeners").([]any)
	for _, entry := range listeners {
		if at(entry, "name") == name {
			object, _ := entry.(map[string]any)
			return object
		}
	}
	t.Fatalf("there is no listener %s in %v", name, listeners)
	return nil
}

func TestTheTargetsKafkaRunsItsOwnVersion(t *testing.T) {
	for version, want := range map[string]struct{ kafka, protocol string }{"1.7": {"2.7.0", "2.7"}, "1.8": {"2.8.0", "2.8"}} {
		t.Run(version, func(t *testing.T) {
			k, _ := kafkaOf(t, change(t, `"1.8"`, `"`+version+`"`), kafkaSpec)
			config := at(k.Spec, "kafka", "config")
			if at(k.Spec, "kafka", "version") != want.kafka || at(config, "inter.broker.protocol.version") != want.protocol || at(config, "log.message.format.version") != want.protocol {
				t.Errorf("got %v, %v", at(k.Spec, "kafka", "version"), config)
			}
		})
	}
}

func TestWhatIsBoundToTheSourcesHostsStaysBehind(t *testing.T) {
	k, _ := kafkaOf(t, declared, kafkaSpec)
	content, err := json.Marshal(k.Spec)
	if err != nil {
		t.Fatal(err)
	}
	for _, bound := range []string{"kafka.example", "b0.example", "a0.example", "advertised", "brokerCertChainAndKey", "gp2", "gp3", "ssd"} {
		if strings.Contains(string(content), bound) {
			t.Errorf("%s travelled: %s", bound, content)
		}
	}
	external := listener(t, k, "external")
	if _, ok := external["configuration"]; ok || external["type"] != "route" || external["tls"] != true {
		t.Errorf("got %v", external)
	}
}

func TestAddressesOfEveryListenerTypeStayBehind(t *testing.T) {
	for _, test := range []struct{ name, external, gone, kept string }{
		{"a load balancer's address", "{type: loadbalancer, overrides: {bootstrap: {loadBalancerIP: 10.1.1.1}, brokers: [{broker: 1, loadBalancerIP: 10.1.1.2}]}}", "10.1.1", "loadbalancer"},
		{"node ports", "{type: nodeport, overrides: {bootstrap: {nodePort: 32100}, brokers: [{broker: 1, nodePort: 32101, advertisedPort: 3, advertisedHost: h}]}}", "3210", "nodeport"},
		{"alternative names", "{type: loadbalancer, overrides: {bootstrap: {address: boot.example}}}", "boot.example", "loadbalancer"},
		{"a DNS annotation", "{type: loadbalancer, overrides: {bootstrap: {dnsAnnotations: {external-dns.alpha.kubernetes.io/hostname: k.example, keep.me: x}}}}", "k.example", "keep.me"},
	} {
		t.Run(test.name, func(t *testing.T) {
			inv := found(t)
			inv.Kafka = withSpec(t, kafkaSpec)
			kafka, _ := inv.Kafka.Spec["kafka"].(map[string]any)
			listeners, _ := kafka["listeners"].(map[string]any)
			listeners["external"] = parse(t, test.external)
			p, _ := decide(t, declared, inv)
			got := fmt.Sprint(listener(t, p.Kafka, "external"))
			if strings.Contains(got, test.gone) || !strings.Contains(got, test.kept) {
				t.Errorf("got %s, want it without %s and with %s", got, test.gone, test.kept)
			}
		})
	}
}

func TestARouteNeedsOpenShiftOnTheTarget(t *testing.T) {
	inv := found(t)
	errs := refuse(t, change(t, "openshift-4.8", "kubernetes-1.21"), inv)
	wantOne(t, errs, "listener-route", "", finding.Error)
	decide(t, change(t, "openshift-4.8", "kubernetes-1.21", "  storageClass: fast\n", "  storageClass: fast\n  listeners:\n  - {name: tls, port: 9093, type: internal, tls: true, authentication: {type: scram-sha-512}}\n"), inv)
}

func TestDeclaredListenersReplaceThoseOfTheSource(t *testing.T) {
	k, _ := kafkaOf(t, change(t, "  storageClass: fast\n", "  storageClass: fast\n  listeners:\n  - {name: only, port: 9095, type: internal, tls: true}\n"), kafkaSpec)
	if listeners, _ := at(k.Spec, "kafka", "listeners").([]any); len(listeners) != 1 {
		t.Errorf("got %v", listeners)
	}
	listener(t, k, "only")
}

func TestListenersThatV1Beta2RefusesAreErrors(t *testing.T) {
	for _, test := range []struct{ name, listeners, rule string }{
		{"a name with capitals", "[{name: TLS, port: 9093, type: internal, tls: true}]", "listener-name"},
		{"a name of twelve letters", "[{name: abcdefghijkl, port: 9093, type: internal, tls: true}]", "listener-name"},
		{"a port below 9092", "[{name: tls, port: 9000, type: internal, tls: true}]", "listener-port"},
		{"two listeners on one port", "[{name: a, port: 9093, type: internal, tls: true}, {name: b, port: 9093, type: internal, tls: false}]", "listener-port"},
	} {
		t.Run(test.name, func(t *testing.T) {
			errs := refuse(t, change(t, "  storageClass: fast\n", "  storageClass: fast\n  listeners: "+test.listeners+"\n"), found(t))
			if len(errs) == 0 || !strings.HasPrefix(errs[0].Rule, "listener") || errs[0].File != "migration.yaml" {
				t.Errorf("got %+v", errs)
			}
		})
	}
}

func TestEveryVolumeHasTheTargetsStorageClass(t *testing.T) {
	k, _ := kafkaOf(t, declared, kafkaSpec)
	want := []any{
		map[string]any{"id": int64(0), "type": "persistent-claim", "size": "100Gi", "class": "fast", "deleteClaim": false},
		map[string]any{"id": int64(1), "type": "persistent-claim", "size": "100Gi", "class": "fast"},
	}
	if got := at(k.Spec, "kafka", "storage", "volumes"); !reflect.DeepEqual(got, any(want)) {
		t.Errorf("got %v, want %v", got, want)
	}
	if got := at(k.Spec, "zookeeper", "storage", "class"); got != "fast" {
		t.Errorf("ZooKeeper's class is %v", got)
	}
}

func TestEphemeralStorageHasNoClass(t *testing.T) {
	k, _ := kafkaOf(t, declared, edit(t, "{type: persistent-claim, size: 10Gi, class: gp2}", "{type: ephemeral}"))
	if got := at(k.Spec, "zookeeper", "storage"); !reflect.DeepEqual(got, any(map[string]any{"type": "ephemeral"})) {
		t.Errorf("got %v", got)
	}
}

func TestWithoutAStorageClassTheSourcesIsDroppedWithAWarning(t *testing.T) {
	k, findings := kafkaOf(t, change(t, "  storageClass: fast\n", ""), kafkaSpec)
	if _, ok := at(k.Spec, "zookeeper", "storage").(map[string]any)["class"]; ok {
		t.Error("the source's class travelled")
	}
	wantOne(t, findings, "storage-class", "", finding.Warning)
}

func TestZooKeeperIsMadeOdd(t *testing.T) {
	for _, test := range []struct {
		source, declared string
		want             int64
	}{
		{"3", "", 3}, {"2", "", 3}, {"4", "", 5}, {"1", "", 1}, {"3", "zookeeperReplicas: 5", 5}, {"4", "zookeeperReplicas: 3", 3},
	} {
		t.Run(test.source+" and "+test.declared, func(t *testing.T) {
			k, _ := kafkaOf(t, change(t, "  storageClass: fast\n", "  storageClass: fast\n  "+test.declared+"\n"),
				edit(t, "zookeeper:\n  replicas: 3\n", "zookeeper:\n  replicas: "+test.source+"\n"))
			if got, _ := at(k.Spec, "zookeeper", "replicas").(int64); got != test.want {
				t.Errorf("got %v, want %d", at(k.Spec, "zookeeper", "replicas"), test.want)
			}
		})
	}
}

func TestReplicationFitsTheBrokers(t *testing.T) {
	for _, test := range []struct {
		name    string
		brokers int32
		config  string
		want    map[string]int64
		absent  []string
	}{
		{"three brokers keep three", 3, "default.replication.factor: 3", map[string]int64{
			"default.replication.factor": 3, "offsets.topic.replication.factor": 3, "transaction.state.log.replication.factor": 3, "transaction.state.log.min.isr": 2}, []string{"min.insync.replicas"}},
		{"two brokers take two, of which one may be away", 2, "min.insync.replicas: 2", map[string]int64{
			"default.replication.factor": 2, "offsets.topic.replication.factor": 2, "transaction.state.log.replication.factor": 2, "transaction.state.log.min.isr": 1, "min.insync.replicas": 1}, nil},
		{"one broker takes one", 1, "", map[string]int64{
			"default.replication.factor": 1, "offsets.topic.replication.factor": 1, "transaction.state.log.replication.factor": 1, "transaction.state.log.min.isr": 1}, nil},
		{"what fits is kept", 5, "default.replication.factor: 2", map[string]int64{"default.replication.factor": 2, "offsets.topic.replication.factor": 3}, nil},
		{"numbers written as text count", 2, `default.replication.factor: "3"`, map[string]int64{"default.replication.factor": 2}, nil},
	} {
		t.Run(test.name, func(t *testing.T) {
			inv := found(t)
			for i := range inv.Topics {
				inv.Topics[i].Replicas = 1
			}
			inv.Kafka = withSpec(t, edit(t, "  config:\n", "  config:\n    "+test.config+"\n"))
			p, _ := decide(t, change(t, "  storageClass: fast\n", fmt.Sprintf("  storageClass: fast\n  replicas: %d\n", test.brokers)), inv)
			config, _ := at(p.Kafka.Spec, "kafka", "config").(map[string]any)
			for key, want := range test.want {
				if got, _ := config[key].(int64); got != want {
					t.Errorf("%s is %v, want %d", key, config[key], want)
				}
			}
			for _, key := range test.absent {
				if value, ok := config[key]; ok {
					t.Errorf("%s was set to %v", key, value)
				}
			}
			if got := at(p.Kafka.Spec, "kafka", "replicas"); got != int64(test.brokers) {
				t.Errorf("%v brokers", got)
			}
			if _, ok := at(p.Kafka.Spec, "cruiseControl").(map[string]any); ok != (test.brokers > 1) {
				t.Errorf("Cruise Control there: %t, with %d brokers", ok, test.brokers)
			}
		})
	}
}

func TestRetentionOfTheSourceIsKept(t *testing.T) {
	for _, test := range []struct {
		name, version, config, key string
		want                       any
	}{
		{"what the source set travels", "2.4.0", "", "log.retention.hours", int64(72)},
		{"a day of offsets before Kafka 2.0 is pinned", "1.1.0", "", "offsets.retention.minutes", "1440"},
		{"a week of offsets since Kafka 2.0 is the target's default too", "2.4.0", "", "offsets.retention.minutes", nil},
		{"what was set is not overwritten", "1.1.0", "offsets.retention.minutes: 5", "offsets.retention.minutes", int64(5)},
		{"equal defaults are not pinned", "2.4.0", "", "log.segment.bytes", nil},
		{"retention in milliseconds travels", "2.4.0", "log.retention.ms: 9223372036854775807", "log.retention.ms", "9223372036854775807"},
	} {
		t.Run(test.name, func(t *testing.T) {
			k, _ := kafkaOf(t, change(t, "  cluster: old\n", "  cluster: old\n  version: "+test.version+"\n"), edit(t, "  config:\n", "  config:\n    "+test.config+"\n"))
			if got := at(k.Spec, "kafka", "config", test.key); got != test.want {
				t.Errorf("%s is %v, want %v", test.key, got, test.want)
			}
		})
	}
}

func TestAnUnknownSourceVersionIsAWarning(t *testing.T) {
	inv := found(t)
	inv.Kafka = withSpec(t, edit(t, "  version: 2.4.0\n", ""))
	inv.Kafka.Version = ""
	_, findings := decide(t, declared, inv)
	wantOne(t, findings, "source-version", "", finding.Warning)
}

func TestBrokerConfigSetBesideTheResourceTravels(t *testing.T) {
	inv := found(t)
	inv.Kafka.Config = map[string]string{"log.retention.hours": "72", "log.retention.ms": "9223372036854775807", "ssl.keystore.location": "/x", "log.message.format.version": "2.0"}
	p, findings := decide(t, declared, inv)
	config, _ := at(p.Kafka.Spec, "kafka", "config").(map[string]any)
	if config["log.retention.ms"] != "9223372036854775807" || config["log.message.format.version"] != "2.8" {
		t.Errorf("got %v", config)
	}
	if _, ok := config["ssl.keystore.location"]; ok {
		t.Error("a setting that Strimzi owns travelled")
	}
	wantOne(t, findings, "broker-config-beside-resource", "broker config log.retention.ms", finding.Note)
	if found := about(findings, "broker-config-beside-resource", "broker config log.retention.hours"); len(found) > 0 {
		t.Errorf("what the resource says was taken for set beside it: %v", found)
	}
}

func TestNumbersOfEveryFormAreKnownToStandInTheResource(t *testing.T) {
	for written, text := range map[string]string{"6.048e+08": "604800000", "0x10": "16", "true": "true", "0.50": "0.50", "9223372036854775807": "9223372036854775807"} {
		t.Run(written, func(t *testing.T) {
			inv := found(t)
			inv.Kafka = withSpec(t, edit(t, "  config:\n", "  config:\n    some.setting: "+written+"\n"))
			inv.Kafka.Config["some.setting"] = text
			_, findings := decide(t, declared, inv)
			if found := about(findings, "broker-config-beside-resource", "broker config some.setting"); len(found) > 0 {
				t.Errorf("it stands in the resource: %v", found)
			}
		})
	}
}

func TestConfigThatStrimziOwnsIsDropped(t *testing.T) {
	k, _ := kafkaOf(t, declared, edit(t, "  config:\n", "  config:\n    broker.id: 1\n    advertised.host.name: h\n    zookeeper.connect: z:2181\n    ssl.cipher.suites: x\n"))
	config, _ := at(k.Spec, "kafka", "config").(map[string]any)
	for _, key := range []string{"broker.id", "advertised.host.name", "zookeeper.connect"} {
		if _, ok := config[key]; ok {
			t.Errorf("%s travelled", key)
		}
	}
	if config["ssl.cipher.suites"] != "x" {
		t.Error("an exception that Strimzi allows was dropped")
	}
	if config["auto.create.topics.enable"] != "false" {
		t.Errorf("clients may create topics: %v", config["auto.create.topics.enable"])
	}
}

func TestFollowersFetchTheLargestRecordOfAnyTopic(t *testing.T) {
	for _, test := range []struct {
		name, config string
		topic        string
		want         any
	}{
		{"a usual size needs nothing", "", "1000", nil},
		{"a large topic", "", "5000000", int64(5000000)},
		{"a large broker limit", "message.max.bytes: 7000000", "5000000", int64(7000000)},
		{"a limit that is large enough stays", "replica.fetch.max.bytes: 8000000", "5000000", int64(8000000)},
	} {
		t.Run(test.name, func(t *testing.T) {
			inv := found(t)
			inv.Kafka = withSpec(t, edit(t, "  config:\n", "  config:\n    "+test.config+"\n"))
			if key, value, ok := strings.Cut(test.config, ": "); ok {
				inv.Kafka.Config[key] = value
			}
			inv.Topics[3].Config["max.message.bytes"] = test.topic
			p, _ := decide(t, declared, inv)
			if got := at(p.Kafka.Spec, "kafka", "config", "replica.fetch.max.bytes"); got != test.want {
				t.Errorf("got %v, want %v", got, test.want)
			}
		})
	}
}

func TestThePatchOfTheMigrationHasTheLastWord(t *testing.T) {
	patch := "  storageClass: fast\n  kafka:\n    kafka:\n      config: {auto.create.topics.enable: null, num.partitions: 5}\n      rack: {topologyKey: zone}\n    kafkaExporter: null\n"
	k, _ := kafkaOf(t, change(t, "  storageClass: fast\n", patch), kafkaSpec)
	config, _ := at(k.Spec, "kafka", "config").(map[string]any)
	if _, ok := config["auto.create.topics.enable"]; ok {
		t.Error("null does not remove")
	}
	if _, ok := k.Spec["kafkaExporter"]; ok {
		t.Error("null does not remove a whole section")
	}
	if fmt.Sprint(config["num.partitions"]) != "5" || at(k.Spec, "kafka", "rack", "topologyKey") != "zone" || config["log.retention.hours"] != int64(72) {
		t.Errorf("got %v", k.Spec["kafka"])
	}
}

func TestAPatchThatSaysWhatIsThereIsNoDifference(t *testing.T) {
	k, _ := kafkaOf(t, change(t, "  storageClass: fast\n", "  storageClass: fast\n  kafka: {kafka: {replicas: 3, config: {log.retention.hours: 72}}}\n"), kafkaSpec)
	for _, d := range k.Differences {
		if d.Path == "kafka.replicas" || d.Path == "kafka.config.log.retention.hours" {
			t.Errorf("listed as a difference: %+v", d)
		}
	}
}

func TestAPatchThatTakesKafkaItselfAwayIsAnError(t *testing.T) {
	for _, patch := range []string{"{kafka: null}", "{kafka: text}", "{kafka: {listeners: null}}", "{kafka: {listeners: text}}", "{kafka: {config: text}}", "{zookeeper: null}", "{entityOperator: text}"} {
		t.Run(patch, func(t *testing.T) {
			m := load(t, change(t, "  storageClass: fast\n", "  storageClass: fast\n  kafka: "+patch+"\n"))
			defer func() {
				if problem := recover(); problem != nil {
					t.Errorf("it panics: %v", problem)
				}
			}()
			_, _, err := plan.New(m, found(t))
			if strings.HasPrefix(patch, "{kafka: {config") || strings.HasPrefix(patch, "{entityOperator") || strings.HasPrefix(patch, "{zookeeper") {
				return // the schema of the chart refuses these
			}
			if len(finding.From(err)) == 0 {
				t.Errorf("got %v, want findings", err)
			}
		})
	}
}

func TestASpecWithoutItsSectionsDoesNotPanic(t *testing.T) {
	for _, spec := range []string{"{}", "kafka: {}", "kafka: {replicas: 3}\nzookeeper: {}", "kafka: {listeners: {}}", "kafka: {storage: {type: jbod, volumes: [x]}}", "zookeeper: {replicas: text}"} {
		t.Run(spec, func(t *testing.T) {
			inv := found(t)
			inv.Kafka = withSpec(t, spec+"\n")
			defer func() {
				if problem := recover(); problem != nil {
					t.Errorf("it panics: %v", problem)
				}
			}()
			if _, _, err := plan.New(load(t, declared), inv); err != nil && len(finding.From(err)) == 0 {
				t.Errorf("the error carries no finding: %v", err)
			}
		})
	}
}

func TestProbesOfZeroAreErrorsOfTheSource(t *testing.T) {
	inv := found(t)
	inv.Kafka = withSpec(t, edit(t, "  metrics: {lowercaseOutputName: true}\n", "  metrics: {lowercaseOutputName: true}\n  livenessProbe: {initialDelaySeconds: 15, timeoutSeconds: 0}\n"))
	errs := refuse(t, declared, inv)
	if len(errs) != 1 || !strings.Contains(errs[0].Message, "livenessProbe") {
		t.Errorf("got %v", errs)
	}
}

func TestOnlyConfigMapsThatAreStillReferredToTravel(t *testing.T) {
	inv := found(t)
	inv.Kafka = withSpec(t, edit(t, "  metrics: {lowercaseOutputName: true}\n", "  logging: {type: external, name: broker-logging}\n"))
	inv.ConfigMaps = []inventory.ConfigMap{{Name: "broker-logging", Data: map[string]string{"log4j.properties": "a=b"}}, {Name: "old-metrics", Data: map[string]string{"x": "y"}}}
	p, findings := decide(t, declared, inv)
	if want := []plan.NamedText{{Name: "broker-logging", Data: map[string]string{"log4j.properties": "a=b"}}}; !reflect.DeepEqual(p.Kafka.ConfigMaps, want) {
		t.Errorf("got %v, want %v", p.Kafka.ConfigMaps, want)
	}
	if open := findings.Open(); len(open) > 0 {
		t.Errorf("got %v", open)
	}
}

func TestAConfigMapThatNobodyBringsIsAWarning(t *testing.T) {
	inv := found(t)
	inv.Kafka = withSpec(t, edit(t, "  metrics: {lowercaseOutputName: true}\n", "  logging: {type: external, name: broker-logging}\n"))
	_, findings := decide(t, declared, inv)
	wantOne(t, findings, "configmap-missing", "ConfigMap broker-logging", finding.Warning)
}

func TestWhatTheConversionFindsIsTold(t *testing.T) {
	inv := found(t)
	inv.Kafka = withSpec(t, edit(t, "  metrics: {lowercaseOutputName: true}\n", "  template: {perPodService: {loadBalancerSourceRanges: [10.0.0.0/8]}}\n"))
	kafka, _ := inv.Kafka.Spec["kafka"].(map[string]any)
	listeners, _ := kafka["listeners"].(map[string]any)
	listeners["external"] = map[string]any{"type": "loadbalancer"}
	_, findings := decide(t, declared, inv)
	if i := slices.IndexFunc(findings, func(f finding.Finding) bool { return f.Rule == "convert-widened" }); i < 0 {
		t.Errorf("the conversion's warning is lost: %v", findings)
	}
}

func TestPlacementOfTheSourcesNodesAsksForADecision(t *testing.T) {
	spec := edit(t, "  metrics: {lowercaseOutputName: true}\n", "  tolerations: [{key: dedicated, operator: Exists}]\n")
	_, findings := kafkaOf(t, declared, spec)
	wantOne(t, findings, "placement", "kafka.template.pod.tolerations", finding.Warning)
	_, findings = kafkaOf(t, change(t, "  storageClass: fast\n", "  storageClass: fast\n  kafka: {kafka: {template: {pod: {tolerations: null}}}}\n"), spec)
	if asked := about(findings, "placement", "kafka.template.pod.tolerations"); len(asked) > 0 {
		t.Errorf("the patch decided it: %v", asked)
	}
}

func TestBrokersAreSpreadOverHosts(t *testing.T) {
	k, _ := kafkaOf(t, declared, kafkaSpec)
	for _, component := range []string{"kafka", "zookeeper"} {
		rules, _ := at(k.Spec, component, "template", "pod", "affinity", "podAntiAffinity", "requiredDuringSchedulingIgnoredDuringExecution").([]any)
		if len(rules) != 1 || !strings.Contains(fmt.Sprint(rules[0]), "strimzi.io/name") || !strings.Contains(fmt.Sprint(rules[0]), "new-"+component) {
			t.Errorf("%s: got %v", component, rules)
		}
		if got := at(k.Spec, component, "template", "podDisruptionBudget", "maxUnavailable"); got != int64(1) {
			t.Errorf("%s: %v may be away", component, got)
		}
	}
}

// specs are sources of many shapes, old and new.
func specs(t testing.TB) map[string]string {
	t.Helper()
	return map[string]string{
		"the usual":           kafkaSpec,
		"two nodes":           edit(t, "zookeeper:\n  replicas: 3", "zookeeper:\n  replicas: 2"),
		"minimal":             "kafka: {replicas: 3, listeners: {plain: {}}, storage: {type: ephemeral}}\nzookeeper: {replicas: 3, storage: {type: ephemeral}}\n",
		"v1beta2's listeners": "kafka: {replicas: 3, listeners: [{name: tls, port: 9093, type: internal, tls: true, authentication: {type: tls}}], storage: {type: ephemeral}}\nzookeeper: {replicas: 3, storage: {type: ephemeral}}\ncruiseControl: {config: {a.b: 1}}\n",
		"images and placement": edit(t, "  metrics: {lowercaseOutputName: true}\n",
			"  image: registry.example/kafka\n  affinity: {podAntiAffinity: {preferredDuringSchedulingIgnoredDuringExecution: [{weight: 1}]}, nodeAffinity: {x: y}}\n  jvmOptions: {-Xmx: 4g}\n  rack: {topologyKey: zone}\n"),
		"own exporter and authorities": kafkaSpec + "kafkaExporter: {topicRegex: a.*, image: x}\nclusterCa: {generateCertificateAuthority: false}\nclientsCa: {generateCertificateAuthority: false}\n",
		"the old topic operator":       strings.Replace(kafkaSpec, "entityOperator:\n  topicOperator: {}\n  userOperator: {}\n", "topicOperator: {watchedNamespace: other, image: x, resources: {limits: {cpu: 1}}}\n", 1),
		"owned config":                 edit(t, "  config:\n", "  config:\n    broker.id: 1\n    min.insync.replicas: 3\n    default.replication.factor: 5\n    log.retention.ms: 9223372036854775807\n    x.y: null\n"),
	}
}

// flat gives every leaf of plain values by its path; lists and empty mappings are leaves.
func flat(into map[string]any, path string, value any) {
	object, ok := value.(map[string]any)
	if !ok || len(object) == 0 {
		into[path] = value
		return
	}
	for key, child := range object {
		flat(into, strings.TrimPrefix(path+"."+key, "."), child)
	}
}

func converted(t testing.TB, kafka inventory.Kafka, p *plan.Plan) map[string]any {
	t.Helper()
	source, err := kafka.Resource()
	if err != nil {
		t.Fatal(err)
	}
	conversion, err := strimzi.Convert(source, p.Version)
	if err != nil {
		t.Fatal(err)
	}
	return specOf(t, conversion)
}

func TestEveryDifferenceFromTheSourceIsListedWithItsReason(t *testing.T) {
	patches := map[string]string{
		"no patch": "", "a patch": "  kafka: {kafka: {config: {num.partitions: 5, auto.create.topics.enable: null}, rack: {topologyKey: z}}, kafkaExporter: {topicRegex: b.*}, entityOperator: {template: {pod: {}}}}\n",
		"one broker": "  replicas: 1\n", "six brokers": "  replicas: 6\n  zookeeperReplicas: 5\n",
		"own listeners": "  listeners: [{name: in, port: 9095, type: internal, tls: true}]\n",
	}
	for name, spec := range specs(t) {
		for _, patch := range slices.Sorted(maps.Keys(patches)) {
			t.Run(name+" with "+patch, func(t *testing.T) {
				inv := found(t)
				inv.Kafka = withSpec(t, spec)
				for i := range inv.Topics {
					inv.Topics[i].Replicas = 1
				}
				p, _ := decide(t, change(t, "  storageClass: fast\n", "  storageClass: fast\n"+patches[patch]), inv)
				checkDifferences(t, converted(t, inv.Kafka, p), p.Kafka)
			})
		}
	}
}

// checkDifferences holds the list against every leaf of both specs.
func checkDifferences(t *testing.T, source map[string]any, k plan.Kafka) {
	t.Helper()
	before, after := map[string]any{}, map[string]any{}
	flat(before, "", source)
	flat(after, "", k.Spec)
	listed := func(path string) bool {
		return slices.ContainsFunc(k.Differences, func(d plan.Difference) bool {
			return d.Path == path || strings.HasPrefix(path, d.Path+".") || strings.HasPrefix(d.Path, path+".")
		})
	}
	for _, leaves := range []map[string]any{before, after} {
		for path := range leaves {
			if fmt.Sprint(before[path]) != fmt.Sprint(after[path]) && !listed(path) && path != "kafka.listeners" {
				t.Errorf("%s changed from %v to %v and is not listed", path, before[path], after[path])
			}
		}
	}
	for _, d := range k.Differences {
		if d.Reason == "" {
			t.Errorf("%s is listed without a reason", d.Path)
		}
		if reflect.DeepEqual(d.Source, d.Target) {
			t.Errorf("%s is listed and the same on both sides", d.Path)
		}
	}
}
