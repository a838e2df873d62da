// Package exporter is a stand-in for Kafka Exporter (danielqsj/kafka_exporter), which these
// tests cannot have as a program. It emits that exporter's documented series, from the same
// cluster, and nothing else of it.
package exporter

import (
	"context"
	"fmt"
	"net"
	"net/http"
	"strings"
	"time"

	"github.com/twmb/franz-go/pkg/kadm"
)

// Release is what a version of Kafka Exporter emits.
type Release struct {
	// Members tells that it counts the members of groups, as from 1.3.0 on.
	Members bool
}

// scrapeLimit is how long one scrape may take.
const scrapeLimit = 4 * time.Second

// Exporter serves /metrics for one cluster.
type Exporter struct {
	admin    *kadm.Client
	release  Release
	listener net.Listener
	server   *http.Server
}

// Start serves metrics of the cluster that the client administrates, on a free loopback port.
// The client is closed with it.
func Start(admin *kadm.Client, release Release) (*Exporter, error) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, fmt.Errorf("start exporter: %w", err)
	}
	e := &Exporter{admin: admin, release: release, listener: listener}
	e.server = &http.Server{Handler: e, ReadHeaderTimeout: scrapeLimit}
	go func() { _ = e.server.Serve(listener) }() // it returns when Stop is called
	return e, nil
}

// Stop ends it.
func (e *Exporter) Stop() {
	_ = e.server.Close()
	e.admin.Close()
}

// Address is where it listens.
func (e *Exporter) Address() string { return e.listener.Addr().String() }

// ServeHTTP answers a scrape.
func (e *Exporter) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	ctx, cancel := context.WithTimeout(r.Context(), scrapeLimit)
	defer cancel()
	text, err := e.scrape(ctx)
	if err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "text/plain; version=0.0.4")
	_, _ = w.Write([]byte(text))
}

func (e *Exporter) scrape(ctx context.Context) (string, error) {
	topics, err := e.admin.ListTopicsWithInternal(ctx)
	if err != nil {
		return "", fmt.Errorf("topics: %w", err)
	}
	starts, err := e.admin.ListStartOffsets(ctx, topics.Names()...)
	if err != nil {
		return "", fmt.Errorf("first offsets: %w", err)
	}
	ends, err := e.admin.ListEndOffsets(ctx, topics.Names()...)
	if err != nil {
		return "", fmt.Errorf("last offsets: %w", err)
	}
	brokers, err := e.admin.ListBrokers(ctx)
	if err != nil {
		return "", fmt.Errorf("brokers: %w", err)
	}
	var out page
	out.gauge("kafka_brokers", len(brokers))
	topicSeries(&out, topics, starts, ends)
	if err := e.groups(ctx, &out, topics, ends); err != nil {
		return "", err
	}
	return out.text.String(), nil
}

func topicSeries(out *page, topics kadm.TopicDetails, starts, ends kadm.ListedOffsets) {
	for _, topic := range topics.Sorted() {
		out.gauge("kafka_topic_partitions", len(topic.Partitions), "topic", topic.Topic)
		for _, p := range topic.Partitions.Sorted() {
			labels := []string{"topic", topic.Topic, "partition", fmt.Sprint(p.Partition)}
			out.gauge("kafka_topic_partition_leader", p.Leader, labels...)
			out.gauge("kafka_topic_partition_replicas", len(p.Replicas), labels...)
			out.gauge("kafka_topic_partition_in_sync_replica", len(p.ISR), labels...)
			out.gauge("kafka_topic_partition_leader_is_preferred", one(len(p.Replicas) > 0 && p.Replicas[0] == p.Leader), labels...)
			out.gauge("kafka_topic_partition_under_replicated_partition", one(len(p.ISR) < len(p.Replicas)), labels...)
			if at, ok := ends.Lookup(topic.Topic, p.Partition); ok && at.Err == nil {
				out.gauge("kafka_topic_partition_current_offset", at.Offset, labels...)
			}
			if at, ok := starts.Lookup(topic.Topic, p.Partition); ok && at.Err == nil {
				out.gauge("kafka_topic_partition_oldest_offset", at.Offset, labels...)
			}
		}
	}
}

// groups writes what groups have committed. A group consumes a topic if it has committed on
// one of its partitions; those where it has not have offset and lag -1.
func (e *Exporter) groups(ctx context.Context, out *page, topics kadm.TopicDetails, ends kadm.ListedOffsets) error {
	groups, err := e.admin.DescribeGroups(ctx)
	if err != nil {
		return fmt.Errorf("groups: %w", err)
	}
	for _, group := range groups.Sorted() {
		if group.ProtocolType != "consumer" && group.ProtocolType != "" {
			continue // Connect's workers are a group too
		}
		if e.release.Members {
			out.gauge("kafka_consumergroup_members", len(group.Members), "consumergroup", group.Group)
		}
		committed, err := e.admin.FetchOffsets(ctx, group.Group)
		if err != nil {
			return fmt.Errorf("offsets of group %s: %w", group.Group, err)
		}
		for _, topic := range topics.Sorted() {
			if len(committed[topic.Topic]) > 0 {
				groupSeries(out, group.Group, topic, committed, ends)
			}
		}
	}
	return nil
}

func groupSeries(out *page, group string, topic kadm.TopicDetail, committed kadm.OffsetResponses, ends kadm.ListedOffsets) {
	var offsets, lags int64
	for _, p := range topic.Partitions.Sorted() {
		offset, lag := int64(-1), int64(-1)
		end, known := ends.Lookup(topic.Topic, p.Partition)
		if at, ok := committed.Lookup(topic.Topic, p.Partition); ok && at.Err == nil && at.At >= 0 && known && end.Err == nil {
			offset, lag = at.At, end.Offset-at.At
			offsets, lags = offsets+offset, lags+lag
		}
		labels := []string{"consumergroup", group, "topic", topic.Topic, "partition", fmt.Sprint(p.Partition)}
		out.gauge("kafka_consumergroup_current_offset", offset, labels...)
		out.gauge("kafka_consumergroup_lag", lag, labels...)
	}
	out.gauge("kafka_consumergroup_current_offset_sum", offsets, "consumergroup", group, "topic", topic.Topic)
	out.gauge("kafka_consumergroup_lag_sum", lags, "consumergroup", group, "topic", topic.Topic)
}

func one(is bool) int {
	if is {
		return 1
	}
	return 0
}

// page is an answer in Prometheus's text format.
type page struct {
	text strings.Builder
}

// gauge writes one value; labels are names and values in turn. No name of a topic or a group
// needs more than %q escapes.
func (p *page) gauge(name string, value any, labels ...string) {
	p.text.WriteString(name)
	for i := 0; i+1 < len(labels); i += 2 {
		before := ","
		if i == 0 {
			before = "{"
		}
		fmt.Fprintf(&p.text, "%s%s=%q", before, labels[i], labels[i+1])
	}
	if len(labels) > 0 {
		p.text.WriteString("}")
	}
	fmt.Fprintf(&p.text, " %v\n", value)
}
