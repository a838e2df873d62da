// Package fetch brings what a Migration names by URL into the folder vendor/ beside
// it, and proves offline that what lies there is still what was fetched.
//
// Only [Vendor] and [Fetcher.Fetch] touch the network. Everything they bring is pinned
// beforehand, by a sha256 checksum or a Git commit, and recorded in vendor/cutover.lock
// with a digest of the files it became; [Verify] and [Open] need nothing but the files.
//
// Downloads go through go-getter v2 with what is unsafe in its defaults turned off: no
// guessing of addresses, no local files, no netrc, no X-Terraform-Get, no redirect
// away from https, no symlinks, and limits on bytes, files and time. Git and archives are
// handled here: go-getter's Git getter always fetches submodules and takes the whole
// process' environment, and its unpackers turn symlinks into files without a word.
package fetch

import (
	"context"
	"errors"
	"fmt"
	"time"

	"cutover/generator/finding"
	"cutover/generator/migration"
)

// Request is one location that a Migration names, under the name it is vendored as.
type Request struct {
	// Name is the location's place in the Migration, such as "source.inventory". It is
	// unique, and becomes the name of the folder below vendor/.
	Name string
	// Location is a URL with its pin. A location that is a path needs no fetching.
	Location migration.Location
	// File is the Migration's file, for messages. It may be empty.
	File string
}

// Limits bound what one request may cost.
type Limits struct {
	// Download is the most bytes that are read from the network or kept of a Git fetch.
	Download int64
	// Files is the most entries an archive or a commit may hold, folders included.
	Files int
	// Unpacked is the most bytes that the files of an archive or a commit may add up to.
	Unpacked int64
	// Timeout ends a request, unpacking included.
	Timeout time.Duration
}

// DefaultLimits suit exports and charts: 256 MiB to load, 10,000 files and 512 MiB
// unpacked, two minutes.
func DefaultLimits() Limits {
	return Limits{Download: 256 << 20, Files: 10_000, Unpacked: 512 << 20, Timeout: 2 * time.Minute}
}

// Fetcher fetches locations within limits. It is safe for concurrent use.
type Fetcher struct {
	options Options
}

// New gives a Fetcher. Zero limits in options become those of [DefaultLimits], one by one.
func New(options Options) *Fetcher {
	defaults := DefaultLimits()
	limits := &options.Limits
	limits.Download = orDefault(limits.Download, defaults.Download)
	limits.Files = orDefault(limits.Files, defaults.Files)
	limits.Unpacked = orDefault(limits.Unpacked, defaults.Unpacked)
	limits.Timeout = orDefault(limits.Timeout, defaults.Timeout)
	if options.Now == nil {
		options.Now = time.Now
	}
	return &Fetcher{options: options}
}

func orDefault[T int | int64 | time.Duration](value, otherwise T) T {
	if value == 0 {
		return otherwise
	}
	return value
}

// Fetch brings one location into dir/vendor/<name> and gives the record that belongs
// in the lock file, which it does not write. What stood there before is replaced as a
// whole once the new files are complete and verified; on an error nothing has changed.
//
// Errors are of type [finding.Finding] and never carry a URL's user, password or query,
// except that the end of ctx is returned as such.
func (f *Fetcher) Fetch(ctx context.Context, request Request, dir string) (Locked, error) {
	stage, err := openStage(dir)
	if err != nil {
		return Locked{}, err
	}
	defer stage.close()
	locked, err := f.bring(ctx, request, stage)
	if err != nil {
		return Locked{}, err
	}
	if err := stage.install(locked.Name); err != nil {
		return Locked{}, errors.Join(err, stage.undo())
	}
	return locked, nil
}

var errTimeout = errors.New("time limit")

// bring fetches, verifies and unpacks one location within the stage.
func (f *Fetcher) bring(ctx context.Context, request Request, stage *stage) (Locked, error) {
	address, err := parse(request)
	if err != nil {
		return Locked{}, err
	}
	limited, cancel := context.WithTimeoutCause(ctx, f.options.Limits.Timeout, errTimeout)
	defer cancel()
	locked, err := f.load(limited, request, address, stage)
	switch {
	case err == nil:
		return locked, nil
	case ctx.Err() != nil:
		return Locked{}, fmt.Errorf("fetch %s: %w", request.Name, context.Cause(ctx))
	case errors.Is(context.Cause(limited), errTimeout):
		return Locked{}, request.problem(ruleFailed,
			fmt.Sprintf("%s did not arrive within %s", address.redacted(), f.options.Limits.Timeout),
			"try again when the server is faster, or fetch it by hand and give its path")
	}
	return Locked{}, address.explain(request, err)
}

func (f *Fetcher) load(ctx context.Context, request Request, address address, stage *stage) (Locked, error) {
	tree, err := stage.tree(request.Name)
	if err != nil {
		return Locked{}, err
	}
	defer tree.root.Close() //nolint:errcheck // a handle on a folder holds no data back
	tree.limits = f.options.Limits
	file, err := f.download(ctx, address, stage, tree)
	if err != nil {
		return Locked{}, err
	}
	if file != "" {
		if err := tree.settle(ctx, file, address.file()); err != nil {
			return Locked{}, err
		}
	}
	return tree.lock(request, address)
}

// download gives the file that was loaded, or "" when the address named a folder, whose
// files are then in the tree already.
func (f *Fetcher) download(ctx context.Context, address address, stage *stage, tree *tree) (string, error) {
	if address.transport == overGit {
		return f.downloadGit(ctx, address, stage, tree)
	}
	file := stage.path("download")
	if err := f.downloadHTTPS(ctx, address, file); err != nil {
		return "", err
	}
	return file, verifyFile(file, f.options.Limits.Download, address.pin)
}

func (r Request) problem(rule, message, hint string) finding.Finding {
	return finding.Finding{
		Rule: rule, Severity: finding.Error, File: r.File, Line: r.Location.Line,
		Object: r.Name, Message: message, Hint: hint,
	}
}
