package broker

import "testing"

func TestUsersBringAListenerThatAsksForThem(t *testing.T) {
	c := Cluster{ports: []int{20001, 20002}}
	if got := c.access(1); len(got) != 1 || got["listeners"] != "PLAINTEXT://127.0.0.1:20002" || c.Secured() != "" {
		t.Errorf("without users: %v, secured %q", got, c.Secured())
	}
	c.options.Users, c.securedPorts = map[string]string{"mover": "kept"}, []int{20003, 20004}
	got := c.access(1)
	if got["listeners"] != "PLAINTEXT://127.0.0.1:20002,SASL_PLAINTEXT://127.0.0.1:20004" || got["authorizer.class.name"] == "" || c.Secured() != "127.0.0.1:20003,127.0.0.1:20004" {
		t.Errorf("with users: %v, secured %q", got, c.Secured())
	}
}
