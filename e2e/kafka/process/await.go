package process

import (
	"context"
	"fmt"
	"time"
)

// pause is the time between two looks: short beside what is waited for, long beside a look.
const pause = 300 * time.Millisecond

// Await looks until look returns nil, or until ctx ends: then it returns look's last error.
func Await(ctx context.Context, what string, look func(context.Context) error) error {
	timer := time.NewTicker(pause)
	defer timer.Stop()
	for {
		err := look(ctx)
		if err == nil {
			return nil
		}
		select {
		case <-ctx.Done():
			return fmt.Errorf("%s: %w (%w)", what, err, context.Cause(ctx))
		case <-timer.C:
		}
	}
}

// AwaitRunning is Await for as long as the program runs.
func (p *Process) AwaitRunning(ctx context.Context, look func(context.Context) error) error {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	go func() {
		select {
		case <-p.done:
			cancel(p.Ended())
		case <-ctx.Done():
		}
	}()
	return Await(ctx, p.name+" is not ready", look)
}
