package inventory

import (
	"context"
	"crypto/pbkdf2"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"runtime"
	"sync"
)

const (
	digestRounds = 10_000
	digestBytes  = 16
)

// Digest gives the digest by which the values of two clusters' Secrets can be compared:
// PBKDF2 with HMAC-SHA256, 10,000 rounds, 16 bytes in hexadecimal, salted with the Secret's
// namespace, name and key. A target's value is compared under the source's namespace and
// name.
func Digest(namespace, name, key string, value []byte) (string, error) {
	salt := fmt.Sprintf("cutover/%s/%s/%s", namespace, name, key)
	sum, err := pbkdf2.Key(sha256.New, string(value), []byte(salt), digestRounds, digestBytes)
	if err != nil {
		return "", fmt.Errorf("digest key %s of Secret %s/%s: %w", key, namespace, name, err)
	}
	return hex.EncodeToString(sum), nil
}

// digestTask is one value to digest, and the place for the result.
type digestTask struct {
	secret *Secret
	key    int
	value  []byte
}

// digestAll computes digests on all processors; each goes to its own place, so that the
// result does not depend on their order.
func digestAll(ctx context.Context, tasks []digestTask) error {
	queue := make(chan int)
	errs := make([]error, len(tasks))
	var workers sync.WaitGroup
	for range runtime.GOMAXPROCS(0) {
		workers.Go(func() {
			for i := range queue {
				secret := tasks[i].secret
				key := &secret.Keys[tasks[i].key]
				key.Digest, errs[i] = Digest(secret.Namespace, secret.Name, key.Name, tasks[i].value)
			}
		})
	}
	var stopped error
	for i := range tasks {
		if stopped = ctx.Err(); stopped != nil {
			break
		}
		queue <- i
	}
	close(queue)
	workers.Wait()
	return errors.Join(append(errs, stopped)...)
}
