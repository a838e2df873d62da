package plan_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"cutover/generator/plan"
)

func returnMirrorOf(t testing.TB, p *plan.Plan, batch int) plan.ReturnMirror {
	t.Helper()
	i := slices.IndexFunc(p.ReturnMirrors, func(m plan.ReturnMirror) bool { return m.Batch == batch })
	if i < 0 {
		t.Fatalf("batch %d has no reverse mirror", batch)
	}
	return p.ReturnMirrors[i]
}

func TestNothingIsMirroredBackUnasked(t *testing.T) {
	p, _ := decide(t, declared, found(t))
	if len(p.ReturnMirrors) > 0 {
		t.Errorf("got %v", p.ReturnMirrors)
	}
}

func TestABatchThatProducesNothingHasNoReverseMirror(t *testing.T) {
	p, _ := decide(t, mirrored(t, consumersFirst(t)), found(t))
	if len(p.ReturnMirrors) != 1 || p.ReturnMirrors[0].Batch != 2 {
		t.Errorf("got %+v", p.ReturnMirrors)
	}
}

func TestNoTwoMirrorsShareAName(t *testing.T) {
	eachShape(t, func(t *testing.T, p *plan.Plan) {
		seen := map[string]bool{}
		mirrors := []plan.Mirror{p.Mirror}
		for _, m := range p.ReturnMirrors {
			mirrors = append(mirrors, m.Mirror)
			if m.SourceAlias != p.Mirror.TargetAlias || m.TargetAlias == p.Mirror.SourceAlias {
				t.Errorf("%s copies from %s to %s", m.Name, m.SourceAlias, m.TargetAlias)
			}
		}
		for _, m := range mirrors {
			names := []string{m.Name, m.TargetAlias, m.OffsetSyncsTopic(), m.StorageTopic("configs"), m.StorageTopic("offsets"), m.StorageTopic("status")}
			slices.Sort(names)
			for _, name := range slices.Compact(names) { // a mirror's own name may be its alias
				if seen[name] {
					t.Errorf("%s is taken", name)
				}
				seen[name] = true
			}
		}
	})
}

func TestTheOnlyBatchHasAMirrorWithoutANumber(t *testing.T) {
	p, _ := decide(t, mirrored(t, shapes(t)["no batches"]), found(t))
	m := returnMirrorOf(t, p, 1)
	if m.Name != "freight-return" || m.Release() != "target-return-mirror" || m.AccessRelease() != "source-return-access" || m.User != "freight-return" || m.Secret() != "freight-return-source" {
		t.Errorf("got %+v", m)
	}
	p, _ = decide(t, mirrored(t, declared), found(t))
	if m := returnMirrorOf(t, p, 2); m.Name != "freight-return-2" || m.Release() != "target-return-mirror-2" || m.AccessRelease() != "source-return-access-2" {
		t.Errorf("got %+v", m)
	}
}

func TestAReverseMirrorCopiesWhatItsBatchProducesAndNothingOlder(t *testing.T) {
	p, _ := decide(t, mirrored(t, declared), found(t))
	m := returnMirrorOf(t, p, 1)
	if m.TopicsPattern != "accepted,orders,released,ticks" {
		t.Errorf("it copies %s", m.TopicsPattern)
	}
	for key, want := range map[string]any{
		"consumer.auto.offset.reset": "latest", "consumer.isolation.level": "read_committed", "sync.topic.configs.enabled": "false", "sync.topic.acls.enabled": "false",
		"replication.policy.class": p.Mirror.SourceConfig["replication.policy.class"],
	} {
		if m.SourceConfig[key] != want {
			t.Errorf("%s is %v, want %v", key, m.SourceConfig[key], want)
		}
	}
	if p.Mirror.SourceConfig["consumer.auto.offset.reset"] != "earliest" {
		t.Error("the forward mirror was changed with it")
	}
	if phase := returnOf(t, p, "184-return-mirror-start"); phase.Positions != plan.RecordedPositions {
		t.Errorf("it begins at %q", phase.Positions)
	}
}

func TestTopicNamesAreLiteralInTheReverseMirrorsPattern(t *testing.T) {
	inv := found(t)
	inv.Topics = append(inv.Topics, topic("a.b"))
	p, _ := decide(t, mirrored(t, change(t, "produces: [ledger]", "produces: [ledger, a.b]")), inv)
	if m := returnMirrorOf(t, p, 2); m.TopicsPattern != `a\.b,ledger` {
		t.Errorf("got %s", m.TopicsPattern)
	}
}

func TestTheReverseMirrorsOwnTopicsFitTheSourcesBrokers(t *testing.T) {
	inv := found(t)
	inv.Kafka.Brokers = 1
	p, _ := decide(t, mirrored(t, strings.Replace(declared, "  storageClass: fast\n", "  storageClass: fast\n  replicas: 3\n", 1)), inv)
	m := returnMirrorOf(t, p, 1)
	if m.ReplicationFactor != 1 || m.WorkerConfig["offset.storage.replication.factor"] != int64(1) || m.SourceConfig["replication.factor"] != int64(1) || m.SourceConfig["offset-syncs.topic.replication.factor"] != int64(3) {
		t.Errorf("got %d, %v and %v", m.ReplicationFactor, m.WorkerConfig, m.SourceConfig)
	}
}

func TestTheReverseMirrorsUserWritesNoMoreThanItsBatchDid(t *testing.T) {
	p, _ := decide(t, mirrored(t, declared), found(t))
	user := p.ReturnMirrorUser(returnMirrorOf(t, p, 2))
	if user.Name != "freight-return-2" || user.Spec.Authentication.Type != "scram-sha-512" || user.Spec.Authorization == nil {
		t.Fatalf("got %+v", user)
	}
	var writes []string
	for _, acl := range user.Spec.Authorization.ACLs {
		if acl.Resource.Name == "*" || (acl.Resource.PatternType != "literal" && acl.Resource.Type != "cluster") {
			t.Errorf("it may %s %+v", acl.Operation, acl.Resource)
		}
		if acl.Operation == "Write" {
			writes = append(writes, fmt.Sprint(acl.Resource.Type, " ", acl.Resource.Name))
		}
	}
	want := []string{"topic freight-return-2-configs", "topic freight-return-2-offsets", "topic freight-return-2-status", "topic ledger"}
	if !slices.Equal(writes, want) {
		t.Errorf("it writes %q, want %q", writes, want)
	}
}

func TestTheReverseMirrorsSecretIsAmongThoseToBring(t *testing.T) {
	p, _ := decide(t, mirrored(t, declared), found(t))
	i := slices.IndexFunc(p.Secrets, func(s plan.SecretNeed) bool { return s.Name == "freight-return-2-source" })
	if i < 0 {
		t.Fatalf("got %+v", p.Secrets)
	}
	if s := p.Secrets[i]; s.Namespace != "streams" || s.From != "kafka/freight-return-2" || s.Phase != "284" || !slices.Equal(s.Keys, []string{"password"}) || !strings.Contains(s.How, "phase 283") {
		t.Errorf("got %+v", s)
	}
	if p, _ := decide(t, mirrored(t, shapes(t)["no user"]), found(t)); slices.ContainsFunc(p.Secrets, func(s plan.SecretNeed) bool { return strings.Contains(s.Name, "return") }) {
		t.Errorf("without a user: got %+v", p.Secrets)
	}
}
