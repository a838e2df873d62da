// Command app is the program of all workloads: what it does, its environment says.
package main

import (
	"context"
	"fmt"
	"os"
	"os/signal"
	"syscall"

	"cutover/e2e/kafka/workload"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGTERM, os.Interrupt)
	defer stop()
	settings, err := workload.Parse(os.Getenv)
	if err == nil {
		err = workload.Run(ctx, settings)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1) //nolint:gocritic // nothing is left to be put in order
	}
}
