package charts_test

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"
)

func TestSampleAppsAreTheFourOfTheGuide(t *testing.T) {
	objects := render(t, "sample-apps", "")
	want := []string{
		"Deployment/producer-high", "Deployment/producer-low", "Deployment/consumer-high", "Deployment/consumer-low", "ConfigMap/try-script",
	}
	if got := kinds(objects); !reflect.DeepEqual(got, want) {
		t.Fatalf("rendered %v, want %v", got, want)
	}
	for _, object := range objects[:4] {
		if env := environment(object); env["ROLE"] == "producer" && env["ACKS"] != "all" {
			t.Errorf("%v has acks %s", kinds([]map[string]any{object}), env["ACKS"])
		}
	}
}

// environment is what a Deployment's container gets, by name.
func environment(deployment map[string]any) map[string]string {
	env := map[string]string{}
	list, _ := at(deployment, "spec", "template", "spec", "containers", 0, "env").([]any)
	for _, entry := range list {
		env[at(entry, "name").(string)] = fmt.Sprint(at(entry, "value"))
	}
	return env
}

func TestSampleAppSettingsReachTheContainer(t *testing.T) {
	cases := []struct{ name, app, key, want string }{
		{"a rate", "role: producer, messagesPerSecond: 250", "MESSAGES_PER_SECOND", "250"},
		{"a delay is a rate", "role: producer, delayMs: 40", "MESSAGES_PER_SECOND", "25"},
		{"one a second without either", "role: producer", "MESSAGES_PER_SECOND", "1"},
		{"acks of zero are not taken for none given", "role: producer, acks: 0", "ACKS", "0"},
		{"no idempotence without acks from all", "role: producer, acks: '1'", "IDEMPOTENCE", "false"},
		{"idempotence with acks from all", "role: producer", "IDEMPOTENCE", "true"},
		{"a million messages in full", "role: producer, messageCount: 1000000", "MESSAGE_COUNT", "1000000"},
		{"a group", "role: consumer, group: g", "GROUP_ID", "g"},
		{"a password user unless said otherwise", "role: consumer, group: g, user: u", "USER_TYPE", "scram-sha-512"},
		{"nobody without a user", "role: consumer, group: g", "USER_TYPE", "none"},
	}
	for _, test := range cases {
		t.Run(test.name, func(t *testing.T) {
			deployment := find(t, render(t, "sample-apps", "apps: [{name: a, topic: t, "+test.app+"}]"), "Deployment/a")
			if got := environment(deployment)[test.key]; got != test.want {
				t.Errorf("%s is %q, want %q", test.key, got, test.want)
			}
		})
	}
}

// fakeTool stands in for a tool of Kafka: it prints its name, arguments and properties.
const fakeTool = `#!/bin/sh
echo "ran ${0##*/} $*"
cat "$PROPERTIES_FILE"
`

func TestSampleAppScriptStartsTheClientAsAsked(t *testing.T) {
	base := []string{"KAFKA_BOOTSTRAP_SERVERS=kafka:9092", "TOPIC=orders"}
	producer := append(slices.Clone(base), "ROLE=producer", "MESSAGES_PER_SECOND=25", "MESSAGE_COUNT=-1", "ACKS=all", "IDEMPOTENCE=true")
	consumer := append(slices.Clone(base), "ROLE=consumer", "GROUP_ID=billing")
	cases := []struct {
		name string
		env  []string
		want []string
	}{
		{"a producer without security", producer, []string{
			"ran kafka-verifiable-producer.sh --bootstrap-server kafka:9092 --topic orders --producer.config", "--acks -1 --throughput 25 --max-messages -1 --value-prefix 1",
			"security.protocol=PLAINTEXT", "enable.idempotence=true", "retries=2147483647", "done: -1 messages sent to orders",
		}},
		{"a consumer that trusts an authority", append(consumer, "CA_FILE=/ca.crt"), []string{
			"ran kafka-verifiable-consumer.sh --bootstrap-server kafka:9092 --topic orders --group-id billing --consumer.config", "--reset-policy earliest --verbose",
			"security.protocol=SSL", "ssl.truststore.type=PEM", "ssl.truststore.location=/ca.crt",
		}},
		{"a password with quotes and backslashes", append(consumer, "USER_TYPE=scram-sha-512", "USER_NAME=u", `USER_PASSWORD=a"b\c`), []string{
			"security.protocol=SASL_PLAINTEXT", "sasl.mechanism=SCRAM-SHA-512", `username="u" password="a\\"b\\\\c";`,
		}},
		{"a password over TLS", append(consumer, "CA_FILE=/ca.crt", "USER_TYPE=scram-sha-512", "USER_NAME=u", "USER_PASSWORD=p"), []string{
			"security.protocol=SASL_SSL", "ssl.truststore.location=/ca.crt", `password="p";`,
		}},
		{"a TLS user", append(consumer, "CA_FILE=/ca.crt", "USER_TYPE=tls", "USER_KEYSTORE=/user.p12", "USER_KEYSTORE_PASSWORD=p"), []string{
			"security.protocol=SSL", "ssl.keystore.type=PKCS12", "ssl.keystore.location=/user.p12", "ssl.keystore.password=p",
		}},
		{"a TLS user without an authority is refused", append(consumer, "USER_TYPE=tls"), []string{"a TLS user needs caSecret too"}},
		{"a role nobody knows is refused", append(base, "ROLE=broker"), []string{"unknown role broker"}},
	}
	for _, test := range cases {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			output := runSample(t, test.env)
			for _, line := range test.want {
				if !strings.Contains(output, line) {
					t.Errorf("no %q in\n%s", line, output)
				}
			}
		})
	}
}

// runSample runs the script with stand-ins for Kafka's tools, tells it to stop once it has
// said that it is done, and returns what it printed.
func runSample(t *testing.T, env []string) string {
	t.Helper()
	folder := t.TempDir()
	shell := tools(t, folder, "sh", "sed", "cat", "date", "sleep")
	for _, tool := range []string{"kafka-verifiable-producer.sh", "kafka-verifiable-consumer.sh"} {
		write(t, filepath.Join(folder, "bin", tool), fakeTool, 0o755)
	}
	log, err := os.Create(filepath.Join(folder, "log"))
	if err != nil {
		t.Fatal(err)
	}
	defer log.Close()
	command := exec.CommandContext(t.Context(), shell, "sample-apps/files/app.sh")
	command.Env = append([]string{
		"PATH=" + filepath.Join(folder, "bin"), "KAFKA_HOME=" + folder, "PROPERTIES_FILE=" + filepath.Join(folder, "client.properties"),
	}, env...)
	command.Stdout, command.Stderr = log, log
	if err := command.Start(); err != nil {
		t.Fatal(err)
	}
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		_ = command.Wait()
	}()
	printed := func() []byte {
		text, err := os.ReadFile(log.Name())
		if err != nil {
			t.Error(err)
		}
		return text
	}
	for range 400 {
		select {
		case <-ended:
			return string(printed())
		case <-time.After(25 * time.Millisecond):
			if bytes.Contains(printed(), []byte("done:")) {
				_ = command.Process.Signal(syscall.SIGTERM)
			}
		}
	}
	_ = command.Process.Kill()
	t.Fatalf("the script did not end when it was told to stop:\n%s", printed())
	return ""
}
