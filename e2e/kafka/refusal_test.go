package kafka_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/twmb/franz-go/pkg/kadm"

	"cutover/e2e/kafka/broker"
	"cutover/e2e/kafka/estate"
	"cutover/e2e/kafka/java"
	"cutover/e2e/kafka/process"
	"cutover/e2e/kafka/product"
)

// TestRefusalsChangeNothing gives cutover what is wrong, on real clusters that ask for a
// login: it must say what is wrong and where, end as documented, and leave all as it was.
func TestRefusalsChangeNothing(t *testing.T) {
	g := newGround(t)
	t.Run("a wrong password", g.wrongPassword)
	t.Run("a broker that nobody reaches", g.unreachable)
	t.Run("a user who may not", g.missingACL)
	t.Run("a group that the cluster does not know", g.unknownGroup)
	t.Run("clocks that differ", g.clockSkew)
	t.Run("a broker that dies while it is asked", g.dyingBroker)
}

// The users of both clusters, and what they may: passwords holds their passwords.
const (
	mover    = "mover"     // all that cutover needs
	noGroups = "no-groups" // not describe groups
	noTopics = "no-topics" // not describe topics
	halfway  = "halfway"   // commit for one group alone
)

func passwords() map[string]string {
	return map[string]string{mover: "kept-1f4a", noGroups: "kept-2b7c", noTopics: "kept-3d9e", halfway: "kept-4a0b"}
}

// ground is a small estate on a source, and its copy on a target, as a mirror would leave it.
type ground struct {
	estate         estate.Estate
	source, target *broker.Cluster
	binary, folder string
	began          time.Time
}

func newGround(t *testing.T) *ground {
	t.Helper()
	runtime, ok := java.FromEnvironment()
	if !ok {
		t.Skip("CUTOVER_KAFKA is not set: ./run sets it")
	}
	g := &ground{folder: scratch(t), began: time.Now(), estate: estate.Estate{Topics: 4, Partitions: 3, Groups: 4, Reads: 2, Records: 5, Since: time.Now().Add(-time.Minute).Truncate(time.Second)}}
	_, err := product.Build(t.Context(), "../..", subfolder(t, g.folder, "bin"))
	check(t, err)
	g.binary = filepath.Join(g.folder, "bin", "cutover")
	check(t, g.estate.Write(g.folder))
	g.source = g.cluster(t, runtime, "source", "2.4.0", 3)
	g.target = g.cluster(t, runtime, "target", "2.8.0", 1)
	check(t, g.estate.Commit(t.Context(), g.source, drainedCommits))
	g.logf(t, "both clusters run")
	return g
}

// cluster starts a cluster with users, and fills it.
func (g *ground) cluster(t *testing.T, runtime java.Runtime, name, version string, brokers int) *broker.Cluster {
	t.Helper()
	replicas := fmt.Sprint(min(brokers, 2))
	c, err := broker.Start(t.Context(), broker.Options{
		Name: name, Java: runtime, Version: version, Brokers: brokers, Folder: subfolder(t, g.folder, name), Users: passwords(),
		JVM: []string{"-Xmx256m"}, ZooKeeperJVM: []string{"-Xmx128m"},
		Config: map[string]string{
			"offsets.topic.replication.factor": replicas, "offsets.topic.num.partitions": "6", "transaction.state.log.replication.factor": "1", "transaction.state.log.min.isr": "1",
			"transaction.state.log.num.partitions": "3", "auto.create.topics.enable": "false",
		},
	})
	check(t, err)
	t.Cleanup(c.Stop)
	check(t, g.estate.Create(t.Context(), c, int16(min(brokers, 2)))) //nolint:gosec // 1 or 2
	check(t, g.estate.Fill(t.Context(), c))
	admin, err := c.Admin()
	check(t, err)
	defer admin.Close()
	// The first question about any group has brokers make the topic of commits.
	check(t, process.Await(t.Context(), "the topic of commits", func(ctx context.Context) error {
		asked := admin.FetchManyOffsets(ctx, g.estate.Group(0))
		return asked.Error()
	}))
	for _, acls := range []*kadm.ACLBuilder{
		allow(mover, noGroups, halfway).Topics("*").Operations(kadm.OpRead, kadm.OpDescribe, kadm.OpDescribeConfigs),
		allow(mover, noGroups, noTopics, halfway).Clusters().Operations(kadm.OpDescribe),
		allow(mover, noTopics, halfway).Groups("*").Operations(kadm.OpDescribe),
		allow(mover).Groups("*").Operations(kadm.OpRead),
		allow(halfway).Groups(g.estate.Group(0)).Operations(kadm.OpRead),
	} {
		made, err := admin.CreateACLs(t.Context(), acls)
		check(t, err)
		for _, one := range made {
			check(t, one.Err)
		}
	}
	return c
}

func allow(users ...string) *kadm.ACLBuilder {
	principals := make([]string, len(users))
	for i, user := range users {
		principals[i] = "User:" + user
	}
	return kadm.NewACLs().Allow(principals...).AllowHosts().ResourcePatternType(kadm.ACLPatternLiteral)
}

func (g *ground) logf(t *testing.T, format string, args ...any) {
	t.Helper()
	t.Logf("%5.1fs  %s", time.Since(g.began).Seconds(), fmt.Sprintf(format, args...))
}

// login is who comes to a cluster, and with which password.
type login struct{ bootstrap, user, password string }

func (g *ground) login(c *broker.Cluster, user string) login {
	return login{c.Secured(), user, passwords()[user]}
}

// connections writes how cutover reaches both clusters.
func connections(t *testing.T, source, target login) string {
	t.Helper()
	folder := t.TempDir()
	text := "apiVersion: cutover/v1alpha1\nkind: Connections\n"
	for name, to := range map[string]login{"source": source, "target": target} {
		check(t, os.WriteFile(filepath.Join(folder, name+".password"), []byte(to.password+"\n"), 0o600))
		text += fmt.Sprintf("%s:\n  kafka: {bootstrap: %q, sasl: {mechanism: scram-sha-512, username: %s, passwordFile: %s.password}}\n", name, to.bootstrap, to.user, name)
	}
	file := filepath.Join(folder, "connections.yaml")
	check(t, os.WriteFile(file, []byte(text), 0o600))
	return file
}

// command is a command of cutover for the estate; code is what it is documented to end with.
type command struct {
	name string
	args []string
	code int
}

// commands are those that ask brokers. One that would change something is among them.
func (g *ground) commands(t *testing.T, connections string) []command {
	t.Helper()
	all := []command{
		{"verify", []string{"verify", g.folder, "--phase", estate.Drained, "--wait", "10s", "--quiet-for", "1s"}, 2},
		{"offsets plan", []string{"offsets", "plan", g.folder, "--phase", estate.Align}, 1},
		{"offsets apply", []string{"offsets", "apply", g.folder, "--phase", estate.Align, "--file", filepath.Join(t.TempDir(), "offsets.json")}, 1},
		{"inventory", []string{"inventory", "-f", filepath.Join(g.folder, "export")}, 1},
		{"estimate", []string{"estimate", g.folder, "--sample", "0s"}, 1},
	}
	for i := range all {
		all[i].args = append(all[i].args, "--connections", connections)
	}
	return all
}

// refuse runs a command and wants its exit code, its words, no password, and no change.
func (g *ground) refuse(t *testing.T, c command, words ...string) string {
	t.Helper()
	before := g.state(t)
	began := time.Now()
	said := g.run(t, c)
	g.logf(t, "%s ended with %d after %.1f s:\n%s", c.name, c.code, time.Since(began).Seconds(), indent(said))
	expectWords(t, c.name, said, words...)
	if after := g.state(t); after != before {
		t.Errorf("%s has changed a cluster:\nbefore\n%s\nafter\n%s", c.name, before, after)
	}
	return said
}

// run gives all that a command says, stdout first.
func (g *ground) run(t *testing.T, c command) string {
	t.Helper()
	var stdout, stderr strings.Builder
	cmd := exec.CommandContext(t.Context(), g.binary, c.args...) //nolint:gosec // the test chooses the program
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	err := cmd.Run()
	said := stdout.String() + stderr.String()
	if ended := (*exec.ExitError)(nil); err != nil && !errors.As(err, &ended) {
		t.Fatal(err)
	}
	if code := cmd.ProcessState.ExitCode(); code != c.code {
		t.Errorf("%s ended with %d, want %d:\n%s", c.name, code, c.code, indent(said))
	}
	for user, password := range passwords() {
		if strings.Contains(said, password) {
			t.Errorf("%s tells the password of %s", c.name, user)
		}
	}
	return said
}

func expectWords(t *testing.T, name, said string, words ...string) {
	t.Helper()
	for _, word := range words {
		if !strings.Contains(said, word) {
			t.Errorf("%s does not say %q:\n%s", name, word, indent(said))
		}
	}
}

func indent(text string) string {
	return "          " + strings.ReplaceAll(strings.TrimSpace(text), "\n", "\n          ")
}

// wrongPassword logs in to one cluster, then the other, with the right password and more.
func (g *ground) wrongPassword(t *testing.T) {
	wrong := func(l login) login { l.password += "-mistyped"; return l }
	source, target := g.login(g.source, mover), g.login(g.target, mover)
	words := []string{"the brokers refuse the user name or the password", "hint: check username, password file and mechanism"}
	for _, c := range g.commands(t, connections(t, wrong(source), target)) {
		g.refuse(t, c, append(words, "the source's Kafka "+g.source.Secured())...)
	}
	for _, c := range g.commands(t, connections(t, source, wrong(target))) {
		if strings.HasPrefix(c.name, "offsets") || c.name == "estimate" {
			g.refuse(t, c, append(words, "the target's Kafka "+g.target.Secured())...)
		}
	}
}

func (g *ground) unreachable(t *testing.T) {
	ports, err := process.FreePorts(1)
	check(t, err)
	nowhere := login{fmt.Sprintf("127.0.0.1:%d", ports[0]), mover, passwords()[mover]}
	for _, c := range g.commands(t, connections(t, nowhere, g.login(g.target, mover))) {
		g.refuse(t, c, "the source's Kafka "+nowhere.bootstrap, "no broker can be reached", "connection refused", "hint: check address and port, and that the brokers run")
	}
}

// missingACL asks as users who lack one right each.
func (g *ground) missingACL(t *testing.T) {
	by := func(source, target string) []command {
		return g.commands(t, connections(t, g.login(g.source, source), g.login(g.target, target)))
	}
	verify, plan, apply, inventory, estimate := 0, 1, 2, 3, 4
	blind := by(noGroups, noGroups)
	blind[inventory].code, blind[estimate].code = 0, 0
	g.refuse(t, blind[verify], "unknown", "group reader-000 on the source: its offsets are not told: GROUP_AUTHORIZATION_FAILED", "hint: give the user Describe on the groups")
	for _, c := range blind[plan : apply+1] {
		g.refuse(t, c, g.source.Secured(), "on the cluster that", "GROUP_AUTHORIZATION_FAILED", "hint: give it an ACL: Describe on the cluster, on topics and on groups")
	}
	g.refuse(t, blind[inventory], "the brokers refuse to describe them", "give the user Describe on group *")
	g.refuse(t, blind[estimate], "4 topics with 12 partitions")

	blind = by(noTopics, noTopics)
	g.refuse(t, blind[verify], "unknown", "the source's Kafka "+g.source.Secured(), "topics estate.000, estate.001, estate.002, estate.003: TOPIC_AUTHORIZATION_FAILED", "hint: give it an ACL")
	for _, c := range blind[plan : apply+1] {
		g.refuse(t, c, g.source.Secured(), "logs on the cluster that groups leave: topics estate.000", "TOPIC_AUTHORIZATION_FAILED", "hint: give it an ACL")
	}

	// He may commit for the first group, and for no other: then not for the first either.
	half := by(mover, halfway)
	half[plan].code = 0
	g.refuse(t, half[plan], "24 due")
	g.refuse(t, half[apply], "reader-001", "nothing was set", "may not commit for groups", "the target's Kafka", "Read on topics and groups to set offsets")
}
