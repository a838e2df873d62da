package consumergroups

import (
	"maps"
	"testing"
)

const printed = `
Consumer group 'ledger' has no active members.

GROUP           TOPIC           PARTITION  CURRENT-OFFSET  LOG-END-OFFSET  LAG             CONSUMER-ID     HOST            CLIENT-ID
ledger          payments        1          7               9               2               -               -               -
ledger          payments        0          9               9               0               -               -               -

GROUP           TOPIC           PARTITION  CURRENT-OFFSET  LOG-END-OFFSET  LAG             CONSUMER-ID     HOST            CLIENT-ID
office          tickets         0          4               5               1               app-1           /10.0.0.1       app
office          tickets         1          -               5               -               app-1           /10.0.0.1       app
`

func TestTheTablesOfTheToolAreSummedByGroup(t *testing.T) {
	got, err := Parse([]byte(printed))
	if err != nil {
		t.Fatal(err)
	}
	if want := map[string]Lag{"ledger": {2, 2}, "office": {1, 1}}; !maps.Equal(got, want) {
		t.Errorf("Parse gives %v, want %v", got, want)
	}
}

func TestWhatIsNoTableIsRefused(t *testing.T) {
	if got, err := Parse([]byte("Error: Executing consumer group command failed due to timeout\n")); err == nil {
		t.Errorf("Parse gives %v for an error message", got)
	}
}
