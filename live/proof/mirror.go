package proof

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"

	"cutover/generator/overlay"
	"cutover/generator/plan"
	"cutover/live/position"
)

// The states of connectors and tasks, in Kafka Connect's words.
const (
	running = "RUNNING"
	paused  = "PAUSED"
)

// connectorStatus is a connector as Kafka Connect's REST interface and the status of a
// KafkaMirrorMaker2 both tell of it.
type connectorStatus struct {
	Name      string `json:"name"`
	Connector struct {
		State string `json:"state"`
	} `json:"connector"`
	Tasks []struct {
		ID    int    `json:"id"`
		State string `json:"state"`
	} `json:"tasks"`
}

// mirrorKinds are the connectors that a mirror has. The one of checkpoints has no task
// where no group matches, and the one of heartbeats may be left out.
func mirrorKinds() []string {
	return []string{position.SourceConnector, "MirrorCheckpointConnector", "MirrorHeartbeatConnector"}
}

// mirrorRunning asks whether every connector and every task runs, and whether the mirror is
// no further behind than [Options.MaxLag]. The Ready condition of a KafkaMirrorMaker2 says
// nothing of failed tasks.
func mirrorRunning(ctx context.Context, q *question) error {
	m := q.Scope.Mirror
	if m == nil {
		return errors.New("the migration has no mirror")
	}
	tasks, err := q.inState(ctx, *m, running)
	if err != nil {
		return err
	}
	c, err := q.copied(ctx, *m, q.gate.Topics)
	if err != nil {
		return err
	}
	lag := c.lag()
	if lag > q.Options.MaxLag {
		q.against("the mirror is %d records behind, more than %d", lag, q.Options.MaxLag)
	}
	if len(c.stored) == 0 {
		q.against("no position is stored: nothing was copied yet, or topic %s is not that of this mirror", m.Offsets)
	}
	q.measure("lag", lag)
	q.Left = max(lag-q.Options.MaxLag, 0)
	q.Seen = fmt.Sprintf("%s; lag %d over %s", tasks, lag, count(len(c.log.end), "partition"))
	return nil
}

// mirrorPaused asks whether every connector and every task of the forward mirror is paused.
// While it runs beside a reverse one, records go in circles.
func mirrorPaused(ctx context.Context, q *question) error {
	m := q.Scope.Mirror
	if m == nil {
		return errors.New("the migration has no mirror")
	}
	tasks, err := q.inState(ctx, *m, paused)
	q.Seen = tasks
	return err
}

// inState holds all connectors and tasks of a mirror against a state, and counts.
func (q *question) inState(ctx context.Context, m overlay.ScopeMirror, state string) (string, error) {
	all, err := q.connectors(ctx, m)
	if err != nil {
		return "", err
	}
	connectors, tasks := 0, 0
	for _, kind := range mirrorKinds() {
		name := position.Connector(m.SourceAlias, m.TargetAlias, kind)
		i := slices.IndexFunc(all, func(c connectorStatus) bool { return c.Name == name })
		if i < 0 {
			if kind != "MirrorHeartbeatConnector" {
				q.against("connector %s does not exist", name)
			}
			continue
		}
		one := all[i]
		if connectors++; one.Connector.State != state {
			q.against("connector %s is %s", name, one.Connector.State)
		}
		if len(one.Tasks) == 0 && kind == position.SourceConnector {
			q.against("connector %s has no task", name)
		}
		for _, task := range one.Tasks {
			if tasks++; task.State != state {
				q.against("task %d of connector %s is %s", task.ID, name, task.State)
			}
		}
	}
	q.measure("connectors", int64(connectors))
	q.measure("tasks", int64(tasks))
	return fmt.Sprintf("%s and %s, %d not %s", count(connectors, "connector"), count(tasks, "task"), len(q.offenders), state), nil
}

// connectors gives what the mirror's Kafka Connect says of its connectors.
func (q *question) connectors(ctx context.Context, m overlay.ScopeMirror) ([]connectorStatus, error) {
	if q.Connect != nil {
		return q.Connect.connectors(ctx)
	}
	client, err := q.objects(plan.Target)
	if err != nil {
		return nil, fmt.Errorf("neither Kafka Connect's REST interface nor the KafkaMirrorMaker2 can be asked: %w", err)
	}
	object, err := client.Resource(strimziResource("kafkamirrormaker2s")).Namespace(m.Namespace).Get(ctx, m.Name, metav1.GetOptions{})
	if err != nil {
		return nil, apiError("KafkaMirrorMaker2 "+m.Namespace+"/"+m.Name, err)
	}
	if err := current(object); err != nil {
		return nil, err
	}
	var status struct {
		Status struct {
			Connectors []connectorStatus `json:"connectors"`
		} `json:"status"`
	}
	if err := runtime.DefaultUnstructuredConverter.FromUnstructured(object.Object, &status); err != nil {
		return nil, fmt.Errorf("KafkaMirrorMaker2 %s/%s: its status cannot be read: %w", m.Namespace, m.Name, err)
	}
	return status.Status.Connectors, nil
}

// connectors asks the REST interface for all connectors at once (KIP-465, Kafka 2.3).
func (c Connect) connectors(ctx context.Context) ([]connectorStatus, error) {
	address := strings.TrimRight(c.URL, "/") + "/connectors?expand=status"
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	if err != nil {
		return nil, fmt.Errorf("Kafka Connect: %w", err)
	}
	response, err := c.Client.Do(request)
	if err != nil {
		return nil, fmt.Errorf("Kafka Connect: %w", err)
	}
	defer response.Body.Close() //nolint:errcheck // nothing depends on it
	if response.StatusCode != http.StatusOK {
		return nil, fmt.Errorf("Kafka Connect answers %s with %s", address, response.Status)
	}
	var all map[string]struct {
		Status connectorStatus `json:"status"`
	}
	if err := json.NewDecoder(io.LimitReader(response.Body, 64<<20)).Decode(&all); err != nil {
		return nil, fmt.Errorf("Kafka Connect at %s: its answer cannot be read: %w", address, err)
	}
	var list []connectorStatus
	for name, one := range all {
		one.Status.Name = name
		list = append(list, one.Status)
	}
	return list, nil
}
