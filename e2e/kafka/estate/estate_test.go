package estate

import "testing"

func TestEveryTopicIsReadAndNoGroupReadsOneTwice(t *testing.T) {
	for _, e := range []Estate{{Topics: 100, Partitions: 100, Groups: 200, Reads: 2}, {Topics: 100, Partitions: 100, Groups: 200, Reads: 5}, {Topics: 4, Partitions: 3, Groups: 4, Reads: 2}} {
		read := make(map[string]bool)
		for group := range e.Groups {
			own := make(map[string]bool)
			for _, topic := range e.TopicsOf(group) {
				read[topic], own[topic] = true, true
			}
			if len(own) != e.Reads {
				t.Errorf("%+v: %s reads %d topics", e, e.Group(group), len(own))
			}
		}
		if len(read) != e.Topics {
			t.Errorf("%+v: %d topics are read", e, len(read))
		}
	}
}
