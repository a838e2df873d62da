package capture_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/twmb/franz-go/pkg/kadm"
	"github.com/twmb/franz-go/pkg/kfake"
	"github.com/twmb/franz-go/pkg/kgo"
	"github.com/twmb/franz-go/pkg/kmsg"
	"github.com/twmb/franz-go/pkg/kversion"
	"github.com/twmb/franz-go/pkg/sasl/plain"

	"cutover/generator/inventory"
	"cutover/live/capture"
)

func brokers(t *testing.T, options ...kfake.Opt) *kfake.Cluster {
	t.Helper()
	cluster, err := kfake.NewCluster(append(options, kfake.NumBrokers(2))...)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(cluster.Close)
	return cluster
}

func client(t *testing.T, cluster *kfake.Cluster, options ...kgo.Opt) *kgo.Client {
	t.Helper()
	client, err := kgo.NewClient(append(options, kgo.SeedBrokers(cluster.ListenAddrs()...), kgo.RetryTimeout(5*time.Second))...)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(client.Close)
	return client
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// fill gives a cluster topics, records, a group that is 3 records behind on one partition
// and has committed no other, and a configuration of its own.
func fill(t *testing.T, client *kgo.Client) {
	t.Helper()
	ctx := context.Background()
	admin := kadm.NewClient(client)
	week := "604800000"
	_, err := admin.CreateTopic(ctx, 3, 1, map[string]*string{"retention.ms": &week}, "orders")
	must(t, err)
	_, err = admin.CreateTopic(ctx, 1, 1, nil, "audit")
	must(t, err)
	for i := range 5 {
		record := &kgo.Record{Topic: "orders", Partition: 0, Value: fmt.Append(nil, i)}
		must(t, client.ProduceSync(ctx, record).FirstErr())
	}
	var offsets kadm.Offsets
	offsets.AddOffset("orders", 0, 2, -1)
	must(t, admin.CommitAllOffsets(ctx, "billing", offsets))
}

func producing(extra ...kgo.Opt) []kgo.Opt {
	return append(extra, kgo.RecordPartitioner(kgo.ManualPartitioner()))
}

func TestASnapshotHoldsWhatTheBrokersKnow(t *testing.T) {
	client := client(t, brokers(t), producing()...)
	fill(t, client)
	ctx := context.Background()
	admin := kadm.NewClient(client)
	quotas := []kadm.AlterClientQuotaEntry{{Entity: kadm.ClientQuotaEntity{{Type: "user", Name: kadm.StringPtr("alice")}}, Ops: []kadm.AlterClientQuotaOp{{Key: "producer_byte_rate", Value: 1048576}}}}
	_, err := admin.AlterClientQuotas(ctx, quotas)
	must(t, err)
	_, err = admin.AlterUserSCRAMs(ctx, nil, []kadm.UpsertSCRAM{{User: "alice", Mechanism: kadm.ScramSha512, Iterations: 4096, Password: "wonderland-1865"}})
	must(t, err)
	_, err = admin.AlterBrokerConfigs(ctx, []kadm.AlterConfig{{Op: kadm.SetConfig, Name: "log.retention.ms", Value: kadm.StringPtr("86400000")}})
	must(t, err)

	snapshot, err := capture.Kafka(ctx, client)
	must(t, err)
	seen := snapshot.Inventory()
	want := []inventory.BrokerTopic{
		{Name: "audit", Partitions: 1, Replicas: 1, Config: map[string]string{}},
		{Name: "orders", Partitions: 3, Replicas: 1, Config: map[string]string{"retention.ms": "604800000"}},
	}
	if difference := cmp.Diff(want, withoutInternal(seen.Topics)); difference != "" {
		t.Error(difference)
	}
	if difference := cmp.Diff([]inventory.Group{{Name: "billing", State: "Empty", Topics: []string{"orders"}}}, seen.Groups); difference != "" {
		t.Error(difference)
	}
	if len(seen.Users) != 1 || seen.Users[0].Name != "alice" || !seen.Users[0].Password || *seen.Users[0].Spec.Quotas.ProducerByteRate != 1048576 {
		t.Errorf("got users %+v", seen.Users)
	}
	// The fake brokers have no common default; each has it as its own.
	if len(seen.Configs) != 3 || seen.Configs[0].Broker != "" || seen.Configs[1].Config["log.retention.ms"] != "86400000" {
		t.Errorf("got %+v", seen.Configs)
	}
	totals := snapshot.Totals()
	if wanted := (capture.Totals{Topics: 2, Partitions: 4, Groups: 1, Records: 5, Lag: 3, Uncommitted: 2}); totals != wanted {
		t.Errorf("got %+v, want %+v", totals, wanted)
	}
	again, err := capture.Kafka(ctx, client)
	must(t, err)
	if difference := cmp.Diff(seen, again.Inventory()); difference != "" {
		t.Errorf("a second snapshot of the same cluster differs: %s", difference)
	}
	if strings.Contains(fmt.Sprintf("%+v", snapshot), "wonderland") {
		t.Error("the snapshot holds a password")
	}
}

func withoutInternal(topics []inventory.BrokerTopic) []inventory.BrokerTopic {
	return slices.DeleteFunc(slices.Clone(topics), func(t inventory.BrokerTopic) bool { return strings.HasPrefix(t.Name, "__") })
}

func TestBrokersOfKafka24SayWhatTheyDoNotTell(t *testing.T) {
	client := client(t, brokers(t, kfake.MaxVersions(kversion.V2_4_0())), producing()...)
	fill(t, client)
	snapshot, err := capture.Kafka(context.Background(), client)
	must(t, err)
	seen := snapshot.Inventory()
	var told []string
	for _, u := range seen.Unseen {
		told = append(told, u.What)
		if len(u.Gates) > 0 {
			t.Errorf("%s: %v is unprovable for what no broker of this version tells", u.What, u.Gates)
		}
	}
	slices.Sort(told)
	if got := strings.Join(told, "; "); got != "quotas; transactional producers; users with a SCRAM password" {
		t.Errorf("got %s", got)
	}
	if seen.QuotasSeen || seen.PasswordsSeen || len(seen.Groups) != 1 || len(withoutInternal(seen.Topics)) != 2 {
		t.Errorf("got %+v", seen)
	}
}

func TestATransactionalProducerMarksItsTopics(t *testing.T) {
	tests := map[string]struct {
		options []kfake.Opt
		open    bool // else ended, and the brokers list the producer
	}{
		"its transaction has ended": {nil, false},
		"it is open":                {nil, true},
		"it is open, and brokers list no producers (Kafka 2.4)": {[]kfake.Opt{kfake.MaxVersions(kversion.V2_4_0())}, true},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			ctx := context.Background()
			cluster := brokers(t, test.options...)
			plain := client(t, cluster, producing()...)
			fill(t, plain)
			transactional := client(t, cluster, producing(kgo.TransactionalID("ledger"))...)
			must(t, transactional.BeginTransaction())
			must(t, transactional.ProduceSync(ctx, &kgo.Record{Topic: "audit", Value: []byte("x")}).FirstErr())
			if !test.open {
				must(t, transactional.EndTransaction(ctx, kgo.TryCommit))
				cluster.ControlKey(kmsg.DescribeProducers.Int16(), func(request kmsg.Request) (kmsg.Response, error, bool) {
					cluster.KeepControl() // each leader is asked
					return remembers(request), nil, true
				})
			}
			snapshot, err := capture.Kafka(ctx, plain)
			must(t, err)
			for _, topic := range withoutInternal(snapshot.Inventory().Topics) {
				if topic.Transactional != (topic.Name == "audit") {
					t.Errorf("%s: transactional %v", topic.Name, topic.Transactional)
				}
			}
		})
	}
}

// remembers answers as brokers do that know of audit an idempotent producer, and a
// transactional one whose transaction has ended.
func remembers(asked kmsg.Request) kmsg.Response {
	request := asked.(*kmsg.DescribeProducersRequest)
	response := request.ResponseKind().(*kmsg.DescribeProducersResponse)
	for _, topic := range request.Topics {
		answer := kmsg.NewDescribeProducersResponseTopic()
		answer.Topic = topic.Topic
		for _, number := range topic.Partitions {
			partition := kmsg.NewDescribeProducersResponseTopicPartition()
			partition.Partition = number
			idempotent := kmsg.NewDescribeProducersResponseTopicPartitionActiveProducer()
			idempotent.ProducerID, idempotent.CoordinatorEpoch, idempotent.CurrentTxnStartOffset = 1, -1, -1
			partition.ActiveProducers = append(partition.ActiveProducers, idempotent)
			if topic.Topic == "audit" {
				ended := idempotent
				ended.ProducerID, ended.CoordinatorEpoch = 2, 0
				partition.ActiveProducers = append(partition.ActiveProducers, ended)
			}
			answer.Partitions = append(answer.Partitions, partition)
		}
		response.Topics = append(response.Topics, answer)
	}
	return response
}

func TestAMemberShowsWhatItIsAssigned(t *testing.T) {
	cluster := brokers(t)
	fill(t, client(t, cluster, producing()...))
	member := client(t, cluster, kgo.ConsumerGroup("live"), kgo.ConsumeTopics("audit"), kgo.ClientID("worker-1"))
	ctx, cancel := context.WithTimeout(context.Background(), 20*time.Second)
	defer cancel()
	for {
		poll, stop := context.WithTimeout(ctx, 200*time.Millisecond)
		member.PollFetches(poll)
		stop()
		snapshot, err := capture.Kafka(ctx, client(t, cluster))
		must(t, err)
		i := slices.IndexFunc(snapshot.Groups, func(g capture.Group) bool { return g.Name == "live" && g.State == "Stable" })
		if i < 0 {
			continue
		}
		group := snapshot.Groups[i]
		if len(group.Members) != 1 || group.Members[0].Client != "worker-1" || !slices.Equal(group.Members[0].Topics, []string{"audit"}) {
			t.Errorf("got %+v", group)
		}
		j := slices.IndexFunc(snapshot.Inventory().Groups, func(g inventory.Group) bool { return g.Name == "live" })
		if !slices.Equal(snapshot.Inventory().Groups[j].Topics, []string{"audit"}) {
			t.Errorf("got %+v", snapshot.Inventory().Groups[j])
		}
		return
	}
}

func TestACLsBecomeTheWordsOfAKafkaUser(t *testing.T) {
	cluster := brokers(t, kfake.EnableSASL(), kfake.EnableACLs(), kfake.Superuser("PLAIN", "admin", "pw"))
	as := kgo.SASL(plain.Auth{User: "admin", Pass: "pw"}.AsMechanism())
	client := client(t, cluster, producing(as)...)
	fill(t, client)
	request := kmsg.NewPtrCreateACLsRequest()
	for _, principal := range []string{"User:bob", "User:CN=carol", "User:CN=x,O=elsewhere", "Group:ops"} {
		creation := kmsg.NewCreateACLsRequestCreation()
		creation.Principal, creation.Host = principal, "*"
		creation.ResourceType, creation.ResourceName, creation.ResourcePatternType = kmsg.ACLResourceTypeTopic, "or", kmsg.ACLResourcePatternTypePrefixed
		creation.Operation, creation.PermissionType = kmsg.ACLOperationRead, kmsg.ACLPermissionTypeAllow
		request.Creations = append(request.Creations, creation)
	}
	_, err := request.RequestWith(context.Background(), client)
	must(t, err)
	snapshot, err := capture.Kafka(context.Background(), client)
	must(t, err)
	seen := snapshot.Inventory()
	got := make(map[string]string)
	for _, user := range seen.Users {
		kind := "none"
		if user.Spec.Authentication != nil {
			kind = user.Spec.Authentication.Type
		}
		if user.Spec.Authorization != nil {
			rule := user.Spec.Authorization.ACLs[0]
			got[user.Name] = fmt.Sprintf("%s %s %s %s %s", kind, rule.Operation, rule.Resource.Type, rule.Resource.Name, rule.Resource.PatternType)
		}
	}
	want := map[string]string{
		"bob": "scram-sha-512 Read topic or prefix", "carol": "tls Read topic or prefix", "CN=x,O=elsewhere": "none Read topic or prefix",
	}
	if difference := cmp.Diff(want, got); difference != "" {
		t.Error(difference)
	}
	if !seen.ACLsSeen || !slices.ContainsFunc(seen.Unseen, func(u inventory.Unseen) bool { return strings.Contains(u.What, "Group:ops") }) {
		t.Errorf("got %+v", seen.Unseen)
	}
}

func TestAUserThatMayOnlyDescribeTopicsIsToldWhatItMisses(t *testing.T) {
	describe := kfake.ACL{Resource: kmsg.ACLResourceTypeTopic, Name: "orders", Pattern: kmsg.ACLResourcePatternTypeLiteral, Operation: kmsg.ACLOperationDescribe, Allow: true}
	cluster := brokers(t, kfake.EnableSASL(), kfake.EnableACLs(), kfake.Superuser("PLAIN", "admin", "pw"), kfake.User("PLAIN", "viewer", "pw", describe))
	fill(t, client(t, cluster, producing(kgo.SASL(plain.Auth{User: "admin", Pass: "pw"}.AsMechanism()))...))
	viewer := client(t, cluster, kgo.SASL(plain.Auth{User: "viewer", Pass: "pw"}.AsMechanism()))
	snapshot, err := capture.Kafka(context.Background(), viewer)
	must(t, err)
	seen := snapshot.Inventory()
	if len(seen.Topics) != 1 || seen.Topics[0].Name != "orders" || seen.Topics[0].Partitions != 3 || seen.Topics[0].Config != nil {
		t.Errorf("got %+v", seen.Topics)
	}
	if totals := snapshot.Totals(); totals.Records != 5 {
		t.Errorf("got %+v", totals)
	}
	var told strings.Builder
	for _, u := range seen.Unseen {
		fmt.Fprintf(&told, "%s: %v\n", u.What, u.Gates)
	}
	for _, want := range []string{"other topics and groups: [inventory-complete]", "configuration of orders: [retention-parity]", "ACLs", "quotas", "SCRAM", "dynamic configuration of brokers: [retention-parity]"} {
		if !strings.Contains(told.String(), want) {
			t.Errorf("it does not say %q:\n%s", want, told.String())
		}
	}
	if seen.ACLsSeen || seen.QuotasSeen || seen.PasswordsSeen {
		t.Error("what is hidden counts as seen")
	}
}

func TestABrokerThatIsGoneIsAnError(t *testing.T) {
	cluster := brokers(t)
	client := client(t, cluster)
	must(t, client.Ping(context.Background()))
	cluster.Close()
	ctx, cancel := context.WithTimeout(context.Background(), 3*time.Second)
	defer cancel()
	if snapshot, err := capture.Kafka(ctx, client); err == nil {
		t.Errorf("got %+v", snapshot)
	}
}
