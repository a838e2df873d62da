package secret_test

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	core "k8s.io/api/core/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/client-go/kubernetes/fake"
	clienttesting "k8s.io/client-go/testing"

	"cutover/generator/finding"
	"cutover/generator/plan"
	"cutover/live/secret"
)

// values are what must be in no output: the same on no two keys.
func value(name, key string) []byte { return []byte("value-of-" + name + "-" + key) }

func object(namespace, name string, keys ...string) *core.Secret {
	s := &core.Secret{ObjectMeta: metav1.ObjectMeta{Namespace: namespace, Name: name}, Data: make(map[string][]byte)}
	for _, key := range keys {
		s.Data[key] = value(name, key)
	}
	return s
}

// decided is a plan with one need of every sort.
func decided() *plan.Plan {
	p := &plan.Plan{Secrets: []plan.SecretNeed{
		{Name: "freight-cluster-ca", Namespace: "streams", Keys: []string{"ca.key"}, From: "kafka/freight-cluster-ca", Phase: "030", How: "copy it"},
		{Name: "freight-cluster-ca-cert", Namespace: "streams", Keys: []string{"ca.crt"}, From: "kafka/freight-cluster-ca-cert", Phase: "030", How: "copy it"},
		{Name: "registry", Namespace: "streams", Phase: "030", How: "create it"},
		{Name: "mirror-source", Namespace: "streams", Keys: []string{"password"}, From: "kafka/mirror", Phase: "090", How: "phase 010 makes it"},
		{Name: "source-ca", Namespace: "streams", Keys: []string{"root.pem"}, From: "kafka/freight-cluster-ca-cert", Phase: "090", How: "the source's certificate"},
		{Name: "alice", Namespace: "streams", Keys: []string{"password"}, From: "kafka/alice", Phase: "060", How: "before the KafkaUser"},
		{Name: "bob", Namespace: "streams", Keys: []string{"user.crt", "user.key", "user.p12"}, Phase: "060", How: "made anew"},
		{Name: "back-source", Namespace: "streams", Keys: []string{"password"}, From: "kafka/back", Phase: "184", How: "on the way back"},
	}}
	p.Kafka.Name, p.Kafka.Namespace = "freight", "streams"
	p.ReturnMirrors = make([]plan.ReturnMirror, 1)
	p.ReturnMirrors[0].User = "back"
	return p
}

func source() *fake.Clientset {
	return fake.NewClientset(object("kafka", "freight-cluster-ca", "ca.key"), object("kafka", "freight-cluster-ca-cert", "ca.crt", "ca.p12", "ca.password"),
		object("kafka", "mirror", "password", "sasl.jaas.config"), object("kafka", "alice", "password", "sasl.jaas.config"))
}

// target honours dry runs, as an API server does and the fake clients do not, and counts
// the writes that were tried and made.
func target(objects ...runtime.Object) (client *fake.Clientset, tried, made *int) {
	client, tried, made = fake.NewClientset(objects...), new(int), new(int)
	count := func(dry []string) bool {
		if len(dry) > 0 {
			*tried++
			return true
		}
		*made++
		return false
	}
	client.PrependReactor("create", "secrets", func(action clienttesting.Action) (bool, runtime.Object, error) {
		create := action.(clienttesting.CreateActionImpl)
		return count(create.GetCreateOptions().DryRun), create.GetObject(), nil
	})
	client.PrependReactor("update", "secrets", func(action clienttesting.Action) (bool, runtime.Object, error) {
		update := action.(clienttesting.UpdateActionImpl)
		return count(update.GetUpdateOptions().DryRun), update.GetObject(), nil
	})
	return client, tried, made
}

func clusters(source, target *fake.Clientset) secret.Clusters {
	return secret.Clusters{Source: source.CoreV1(), Target: target.CoreV1()}
}

// states gives rows as NAME KEY STATE.
func states(rows []secret.Row) []string {
	var all []string
	for _, row := range rows {
		state := fmt.Sprintf("%s %s %s", row.Name, row.Key, row.State)
		if row.Written {
			state += " written"
		}
		all = append(all, state)
	}
	return all
}

func TestWhatIsWantedFollowsThePlanAndTheChoice(t *testing.T) {
	tests := map[string]struct {
		choice secret.Choice
		want   []string
	}{
		"all of the way forth": {secret.Choice{}, []string{"freight-cluster-ca from ", "freight-cluster-ca-cert from ", "registry from ",
			"alice from kafka/alice", "bob from ", "mirror-source from kafka/mirror", "source-ca from kafka/freight-cluster-ca-cert"}},
		"with the authorities, before one phase": {secret.Choice{Authorities: true, Phase: "060"}, []string{"freight-cluster-ca from kafka/freight-cluster-ca",
			"freight-cluster-ca-cert from kafka/freight-cluster-ca-cert", "registry from ", "alice from kafka/alice", "bob from "}},
		"before the first": {secret.Choice{Phase: "000"}, nil},
		"on the way back, when asked": {secret.Choice{Phase: "184"}, []string{"freight-cluster-ca from ", "freight-cluster-ca-cert from ", "registry from ",
			"alice from kafka/alice", "bob from ", "mirror-source from kafka/mirror", "source-ca from kafka/freight-cluster-ca-cert", "back-source from kafka/back"}},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			var got []string
			for _, want := range secret.Wants(decided(), test.choice) {
				got = append(got, want.Name+" from "+strings.Trim(want.From.Namespace+"/"+want.From.Name, "/"))
			}
			if difference := cmp.Diff(test.want, got); difference != "" {
				t.Error(difference)
			}
		})
	}
}

func TestTwoNeedsOfOneSecretAreOne(t *testing.T) {
	p := decided()
	p.Secrets = []plan.SecretNeed{
		{Name: "s", Namespace: "n", Keys: []string{"a"}, From: "kafka/x", Phase: "090"},
		{Name: "s", Namespace: "n", Keys: []string{"b"}, From: "kafka/x", Phase: "060"},
	}
	wants := secret.Wants(p, secret.Choice{})
	if len(wants) != 1 || len(wants[0].Keys) != 2 || wants[0].Phase != "060" {
		t.Errorf("got %+v", wants)
	}
}

func TestComparingSaysHowEachKeyStands(t *testing.T) {
	alice := object("streams", "alice", "password")
	alice.Data["password"] = value("alice", "password")
	alice.Labels = map[string]string{"strimzi.io/kind": "KafkaUser", "strimzi.io/cluster": "freight"}
	mirror := object("streams", "mirror-source", "password") // another value than the source's
	unlabelled := object("streams", "freight-cluster-ca")
	unlabelled.Data["ca.key"] = value("freight-cluster-ca", "ca.key")
	there, tried, made := target(alice, mirror, unlabelled, object("streams", "registry", ".dockerconfigjson"))
	rows, err := secret.Compare(context.Background(), clusters(source(), there), secret.Wants(decided(), secret.Choice{Authorities: true}))
	if err != nil {
		t.Fatal(err)
	}
	want := []string{
		"freight-cluster-ca ca.key unlabelled", "freight-cluster-ca-cert ca.crt missing", "registry  present", "alice password equal",
		"bob user.crt operator", "bob user.key operator", "bob user.p12 operator", "mirror-source password different", "source-ca root.pem missing",
	}
	if difference := cmp.Diff(want, states(rows)); difference != "" {
		t.Error(difference)
	}
	for _, row := range rows {
		if row.State == secret.Equal && row.SourceDigest != row.TargetDigest || row.State == secret.Different && row.SourceDigest == row.TargetDigest {
			t.Errorf("%s: digests %s and %s", row.Name, row.SourceDigest, row.TargetDigest)
		}
		if (row.How == "") != row.State.Settled() {
			t.Errorf("%s is %s, and told: %q", row.Name, row.State, row.How)
		}
	}
	if *tried+*made > 0 {
		t.Error("comparing writes")
	}
}

func TestWhatTheSourceLacksIsNeverSettled(t *testing.T) {
	there, _, _ := target(object("streams", "mirror-source", "password"))
	rows, err := secret.Compare(context.Background(), clusters(fake.NewClientset(), there), secret.Wants(decided(), secret.Choice{}))
	if err != nil {
		t.Fatal(err)
	}
	for _, row := range rows {
		if row.Name == "mirror-source" && row.State != secret.Unproven || row.Name == "alice" && row.State != secret.Nowhere || row.Name == "registry" && row.State != secret.Nowhere {
			t.Errorf("%s is %s", row.Name, row.State)
		}
	}
}

func TestCopyingBringsWhatIsMissingOnce(t *testing.T) {
	there, tried, made := target()
	wants := secret.Wants(decided(), secret.Choice{Authorities: true})
	both := clusters(source(), there)
	rows, err := secret.Copy(context.Background(), both, wants, false)
	if err != nil {
		t.Fatal(err)
	}
	want := []string{
		"freight-cluster-ca ca.key equal written", "freight-cluster-ca-cert ca.crt equal written", "registry  nowhere", "alice password equal written",
		"bob user.crt operator", "bob user.key operator", "bob user.p12 operator", "mirror-source password equal written", "source-ca root.pem equal written",
	}
	if difference := cmp.Diff(want, states(rows)); difference != "" {
		t.Error(difference)
	}
	if *tried != 5 || *made != 5 {
		t.Errorf("%d writes were tried and %d made, want 5 of each", *tried, *made)
	}
	for _, test := range []struct {
		name, key, from     string
		labels, annotations map[string]string
	}{
		{"freight-cluster-ca", "ca.key", "freight-cluster-ca", map[string]string{"strimzi.io/kind": "Kafka", "strimzi.io/cluster": "freight"}, map[string]string{"strimzi.io/ca-key-generation": "0"}},
		{"freight-cluster-ca-cert", "ca.crt", "freight-cluster-ca-cert", map[string]string{"strimzi.io/kind": "Kafka", "strimzi.io/cluster": "freight"}, map[string]string{"strimzi.io/ca-cert-generation": "0"}},
		{"alice", "password", "alice", map[string]string{"strimzi.io/kind": "KafkaUser", "strimzi.io/cluster": "freight"}, nil},
		{"mirror-source", "password", "mirror", nil, nil},
		{"source-ca", "root.pem", "freight-cluster-ca-cert", nil, nil},
	} {
		got, err := there.CoreV1().Secrets("streams").Get(context.Background(), test.name, metav1.GetOptions{})
		if err != nil {
			t.Fatal(err)
		}
		fromKey := test.key
		if test.key == "root.pem" {
			fromKey = "ca.crt"
		}
		if len(got.Data) != 1 || string(got.Data[test.key]) != string(value(test.from, fromKey)) || got.Type != core.SecretTypeOpaque {
			t.Errorf("%s holds other keys or values than it should", test.name)
		}
		if len(got.Labels) != len(test.labels) || len(got.Annotations) != len(test.annotations) || cmp.Diff(test.labels, got.Labels) != "" && test.labels != nil || cmp.Diff(test.annotations, got.Annotations) != "" && test.annotations != nil {
			t.Errorf("%s has labels %v and annotations %v", test.name, got.Labels, got.Annotations)
		}
	}
	again, err := secret.Copy(context.Background(), both, wants, false)
	if err != nil || *made != 5 || slices.ContainsFunc(again, func(row secret.Row) bool { return row.Written }) {
		t.Errorf("a second copy wrote: %v, %v", states(again), err)
	}
}

func TestAnotherValueIsOverwrittenOnlyByForce(t *testing.T) {
	alice := object("streams", "alice", "password", "theirs")
	alice.Data["password"] = []byte("chosen-on-the-target")
	for _, force := range []bool{false, true} {
		t.Run(fmt.Sprintf("force %v", force), func(t *testing.T) {
			there, _, _ := target(alice.DeepCopy())
			rows, err := secret.Copy(context.Background(), clusters(source(), there), secret.Wants(decided(), secret.Choice{}), force)
			if err != nil {
				t.Fatal(err)
			}
			i := slices.IndexFunc(rows, func(row secret.Row) bool { return row.Name == "alice" })
			got, err := there.CoreV1().Secrets("streams").Get(context.Background(), "alice", metav1.GetOptions{})
			if err != nil {
				t.Fatal(err)
			}
			wantState, wantValue := secret.Different, "chosen-on-the-target"
			if force {
				wantState, wantValue = secret.Equal, string(value("alice", "password"))
			}
			if rows[i].State != wantState || rows[i].Written != force || string(got.Data["password"]) != wantValue || len(got.Data["theirs"]) == 0 {
				t.Errorf("it is %s, written %v", rows[i].State, rows[i].Written)
			}
			if !force && len(got.Labels) > 0 {
				t.Error("a Secret of others was labelled")
			}
		})
	}
}

func TestNothingIsWrittenWhereOneWriteWouldFail(t *testing.T) {
	there, _, made := target()
	there.PrependReactor("create", "secrets", func(action clienttesting.Action) (bool, runtime.Object, error) {
		created := action.(clienttesting.CreateActionImpl).GetObject().(*core.Secret)
		if created.Name != "source-ca" {
			return false, nil, nil
		}
		content, _ := json.Marshal(created.Data) // an admission webhook that repeats what it got
		return true, nil, apierrors.NewForbidden(schema.GroupResource{Resource: "secrets"}, created.Name, fmt.Errorf("policy: %s", content))
	})
	_, err := secret.Copy(context.Background(), clusters(source(), there), secret.Wants(decided(), secret.Choice{Authorities: true}), false)
	found := finding.From(err)
	if len(found) != 1 || found[0].Rule != "secret-refused" || !strings.Contains(found[0].Message, "Forbidden") || *made != 0 {
		t.Errorf("got %v, %d writes", err, *made)
	}
	leaks(t, err.Error()+found[0].Hint)
}

func TestNoValueIsInAnyOutput(t *testing.T) {
	there, _, _ := target(object("streams", "alice", "password"))
	for _, force := range []bool{false, true} {
		rows, err := secret.Copy(context.Background(), clusters(source(), there), secret.Wants(decided(), secret.Choice{Authorities: true}), force)
		if err != nil {
			t.Fatal(err)
		}
		content, err := json.Marshal(rows)
		if err != nil {
			t.Fatal(err)
		}
		leaks(t, string(content)+fmt.Sprintf("%+v", rows))
	}
}

// leaks fails where a text holds a value, plain or in base64.
func leaks(t *testing.T, text string) {
	t.Helper()
	if strings.Contains(text, "value-of-") || strings.Contains(text, base64.StdEncoding.EncodeToString([]byte("value-of-"))[:8]) {
		t.Errorf("a value is in: %s", text)
	}
}

func TestAnAPIServerThatRefusesIsAFinding(t *testing.T) {
	for name, test := range map[string]struct {
		err  error
		want string
	}{
		"forbidden": {apierrors.NewForbidden(schema.GroupResource{Resource: "secrets"}, "alice", nil), "Forbidden"},
		"no answer": {fmt.Errorf("dial tcp: connection refused"), "does not answer"},
		"no reason": {&apierrors.StatusError{ErrStatus: metav1.Status{Code: 418, Message: "value-of-alice-password"}}, "status 418"},
	} {
		t.Run(name, func(t *testing.T) {
			here := source()
			here.PrependReactor("get", "secrets", func(clienttesting.Action) (bool, runtime.Object, error) { return true, nil, test.err })
			there, _, _ := target()
			_, err := secret.Compare(context.Background(), clusters(here, there), secret.Wants(decided(), secret.Choice{}))
			found := finding.From(err)
			if len(found) != 1 || !strings.Contains(found[0].Message, test.want) || found[0].Hint == "" {
				t.Errorf("got %v", err)
			}
			leaks(t, err.Error())
		})
	}
}
