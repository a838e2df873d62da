// Package clock waits.
package clock

import (
	"context"
	"time"
)

// Wait waits for a time, or until the context ends, whose error it then gives.
func Wait(ctx context.Context, d time.Duration) error {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-timer.C:
		return nil
	}
}
