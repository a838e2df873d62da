package fetch

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path"

	"cutover/generator/finding"
)

// Vendor makes vendor/ in the Migration's folder dir hold what the requests name, and
// nothing that only an earlier lock named. Locations that lie there unchanged under the
// same pin are not fetched again; requests whose location is a path are passed over.
// What fails is reported for every request at once.
//
// Either everything takes its place and the lock is written, or nothing changes.
// Errors are those of [Fetcher.Fetch] and [ReadLock].
func Vendor(ctx context.Context, fetcher *Fetcher, dir string, requests []Request) (Lock, error) {
	requests, err := remote(requests)
	if err != nil {
		return Lock{}, err
	}
	earlier, err := ReadLock(os.DirFS(dir))
	if err != nil {
		return Lock{}, err
	}
	stage, err := openStage(dir)
	if err != nil {
		return Lock{}, err
	}
	defer stage.close()
	lock, fresh, err := fetcher.bringAll(ctx, requests, earlier, stage)
	if err != nil {
		return Lock{}, err
	}
	if err := stage.take(lock, fresh, earlier); err != nil {
		return Lock{}, errors.Join(err, stage.undo())
	}
	return lock, nil
}

// remote gives the requests that need fetching, all of them acceptable.
func remote(requests []Request) ([]Request, error) {
	var wanted []Request
	var findings finding.List
	seen := map[string]bool{}
	for _, request := range requests {
		if request.Location.URL == "" {
			continue
		}
		if _, err := parse(request); err != nil {
			findings.Add(finding.From(err)...)
		}
		if seen[request.Name] {
			findings.Add(request.problem(ruleRefused, "two locations have this name", "name each once"))
		}
		seen[request.Name] = true
		wanted = append(wanted, request)
	}
	return wanted, findings.Err()
}

// bringAll gives the new lock, and the names of those locations that lie in the stage.
func (f *Fetcher) bringAll(ctx context.Context, requests []Request, earlier Lock, stage *stage) (Lock, []string, error) {
	var lock Lock
	var fresh []string
	var errs []error
	present := os.DirFS(stage.dir)
	for _, request := range requests {
		if entry, err := verify(present, earlier, request); err == nil {
			lock.Locations = append(lock.Locations, entry)
			continue
		}
		entry, err := f.bring(ctx, request, stage)
		if ctx.Err() != nil {
			return Lock{}, nil, err
		}
		if err != nil {
			errs = append(errs, err)
			continue
		}
		lock.Locations = append(lock.Locations, entry)
		fresh = append(fresh, entry.Name)
	}
	return lock.sorted(), fresh, errors.Join(errs...)
}

// take puts the fresh locations in place, removes what the new lock no longer names,
// and writes the lock last.
func (s *stage) take(lock Lock, fresh []string, earlier Lock) error {
	for _, name := range fresh {
		if err := s.install(name); err != nil {
			return err
		}
	}
	for _, entry := range earlier.Locations {
		if _, kept := lock.find(entry.Name); !kept {
			if err := s.prune(entry.Name); err != nil {
				return err
			}
		}
	}
	if len(lock.Locations) == 0 {
		return s.dropLock()
	}
	content, err := lock.Marshal()
	if err != nil {
		return err
	}
	return s.write(path.Base(LockFile), content)
}

// dropLock removes the lock when it would be empty, and vendor/ with it if that is all.
func (s *stage) dropLock() error {
	if err := s.root.RemoveAll(LockFile); err != nil {
		return fmt.Errorf("remove %s: %w", LockFile, err)
	}
	s.removeIfEmpty()
	return nil
}
