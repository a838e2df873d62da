// Package consumergroups runs kafka-consumer-groups.sh, as its script would, and reads what
// it prints.
package consumergroups

import (
	"bufio"
	"bytes"
	"context"
	"fmt"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"

	"cutover/e2e/kafka/java"
)

// Lag is what the tool says of one group: the sum over the partitions for which it has a
// figure, and how many those are. For others it prints "-".
type Lag struct {
	Records    int64
	Partitions int
}

// options are those that kafka-consumer-groups.sh and kafka-run-class.sh give to the JVM.
func options() []string {
	return []string{"-Xmx256M", "-server", "-XX:+UseG1GC", "-XX:MaxGCPauseMillis=20", "-XX:InitiatingHeapOccupancyPercent=35",
		"-XX:+ExplicitGCInvokesConcurrent", "-Djava.awt.headless=true"}
}

// DescribeAll runs the tool with --describe --all-groups and returns what it printed. module
// is the folder of jars, such as kafka-2.8.0.
func DescribeAll(ctx context.Context, runtime java.Runtime, module, bootstrap string) ([]byte, error) {
	args := append(options(), "-cp", filepath.Join(runtime.Folder, module, "*"), "kafka.admin.ConsumerGroupCommand",
		"--bootstrap-server", bootstrap, "--describe", "--all-groups", "--timeout", "120000")
	cmd := exec.CommandContext(ctx, filepath.Join(runtime.Folder, "java"), args...) //nolint:gosec // the test chooses the program
	var stdout, stderr bytes.Buffer
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	if err := cmd.Run(); err != nil {
		return nil, fmt.Errorf("kafka-consumer-groups.sh: %w\n%s", err, stderr.Bytes())
	}
	return stdout.Bytes(), nil
}

// Parse reads the tables that DescribeAll gives, by group.
func Parse(output []byte) (map[string]Lag, error) {
	const group, lag, least = 0, 5, 6 // columns: GROUP TOPIC PARTITION CURRENT-OFFSET LOG-END-OFFSET LAG …
	all := make(map[string]Lag)
	lines := bufio.NewScanner(bytes.NewReader(output))
	for lines.Scan() {
		fields := strings.Fields(lines.Text())
		if len(fields) < least || fields[group] == "GROUP" || strings.HasPrefix(lines.Text(), "Consumer group ") {
			continue
		}
		if fields[lag] == "-" {
			continue
		}
		records, err := strconv.ParseInt(fields[lag], 10, 64)
		if err != nil {
			return nil, fmt.Errorf("kafka-consumer-groups.sh: %q is no row of its table: %w", lines.Text(), err)
		}
		sum := all[fields[group]]
		sum.Records += records
		sum.Partitions++
		all[fields[group]] = sum
	}
	return all, lines.Err()
}
