package process

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"net"
)

// Ports below the range that Linux gives to outgoing connections (32768 on): while a broker
// is down, no client can be handed its port.
const (
	firstPort = 20000
	lastPort  = 32000
)

// FreePorts finds n different loopback ports that nothing listens on.
func FreePorts(n int) ([]int, error) {
	ports := make([]int, 0, n)
	for range 100 * n {
		port := firstPort + rand.IntN(lastPort-firstPort) //nolint:gosec // a port is no secret
		listener, err := net.Listen("tcp", fmt.Sprintf("127.0.0.1:%d", port))
		if err != nil {
			continue
		}
		// Held until all are found, so that none is found twice.
		defer func() { _ = listener.Close() }()
		if ports = append(ports, port); len(ports) == n {
			return ports, nil
		}
	}
	return nil, errors.New("no free loopback ports")
}
