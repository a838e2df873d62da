package fetch

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strconv"
	"strings"
)

// repository is a bare Git repository that is made for one fetch.
type repository struct {
	dir     string
	address address
	limits  Limits
	// program is the path of git.
	program string
	// environment is all that git gets to know of the world.
	environment []string
}

func (f *Fetcher) repository(dir string, address address) (*repository, error) {
	home := filepath.Join(dir, "home")
	if err := os.MkdirAll(home, 0o755); err != nil {
		return nil, err
	}
	program, err := gitProgram(f.options.variable("PATH"))
	return &repository{
		dir: dir, address: address, limits: f.options.Limits, program: program,
		environment: append(f.options.environment(gitVariables()...), gitEnvironment(home, address.url)...),
	}, err
}

// remote is the repository's URL without credentials.
func (r *repository) remote() string { return bare(r.address.url.String()) }

// plainAttributes outrank the repository's own .gitattributes, by which git archive
// would leave files out, put others' text in, or change line ends.
const plainAttributes = "* -export-ignore -export-subst -text -eol -ident -filter -working-tree-encoding\n"

// fetch brings the pinned commit. Servers that hand out no commit by its hash, or
// speak the dumb protocol, are asked for all branches and tags instead.
func (r *repository) fetch(ctx context.Context) error {
	if err := r.run(ctx, nil, "init", "--quiet", "--bare", "--template=", "."); err != nil {
		return err
	}
	info := filepath.Join(r.dir, "info")
	if err := os.MkdirAll(info, 0o755); err != nil {
		return err
	}
	if err := os.WriteFile(filepath.Join(info, "attributes"), []byte(plainAttributes), 0o644); err != nil {
		return err
	}
	fetch := []string{"fetch", "--quiet", "--no-tags", "--no-recurse-submodules", "--no-write-fetch-head"}
	err := r.runLimited(ctx, append(fetch, "--depth=1", "--", r.remote(), r.address.pin)...)
	var refused gitFailure
	if errors.As(err, &refused) && refused.fullFetchHelps() {
		err = r.runLimited(ctx, append(fetch, "--", r.remote(), "+refs/heads/*:refs/heads/*", "+refs/tags/*:refs/tags/*")...)
	}
	if err != nil {
		return err
	}
	return r.verify(ctx)
}

// verify makes sure that the pin is a commit that is here: Git names objects by their
// content, so what bears the name is what was pinned.
func (r *repository) verify(ctx context.Context) error {
	var kind bytes.Buffer
	if err := r.run(ctx, &kind, "cat-file", "-t", r.address.pin); err != nil {
		return failure{"no branch or tag of the repository holds commit " + r.address.pin, "look whether it was pushed, and whether it is this repository"}
	}
	if got := strings.TrimSpace(kind.String()); got != "commit" {
		return failure{fmt.Sprintf("%s is a %s, not a commit", r.address.pin, got), "give what git rev-parse NAME^{commit} prints"}
	}
	return nil
}

// folderMode is that of a folder in a Git tree.
const folderMode = "040000"

// object is what lies at a path in a commit.
type object struct {
	mode, hash string
	size       int64
}

func (r *repository) object(ctx context.Context, within string) (object, error) {
	if within == "" {
		return object{mode: folderMode, hash: r.address.pin}, nil
	}
	var listing bytes.Buffer
	if err := r.run(ctx, &listing, "ls-tree", "-z", "--long", "--full-tree", r.address.pin, "--", within); err != nil {
		return object{}, err
	}
	entry, _, _ := strings.Cut(listing.String(), "\t")
	fields := strings.Fields(entry)
	if len(fields) != 4 {
		return object{}, failure{"the commit holds nothing at " + within, "look at the path after //"}
	}
	size, _ := strconv.ParseInt(fields[3], 10, 64) // a folder's size is "-"
	return object{mode: fields[0], hash: fields[2], size: size}, nil
}

// archive unpacks a commit's folder while git archive writes it.
func (r *repository) archive(ctx context.Context, folder object, tree *tree) error {
	reader, writer := io.Pipe()
	unpacked := make(chan error, 1)
	go func() {
		err := tree.unpackTar(ctx, reader)
		if err == nil {
			// Git pads the archive beyond its end, and would stop at a closed pipe.
			_, err = io.Copy(io.Discard, reader)
		}
		_ = reader.CloseWithError(err)
		unpacked <- err
	}()
	err := r.run(ctx, writer, "archive", "--format=tar", folder.hash)
	_ = writer.CloseWithError(err)
	if cause := <-unpacked; cause != nil {
		return cause
	}
	return err
}

// file writes one file of the commit.
func (r *repository) file(ctx context.Context, blob object, name string) error {
	if blob.size > r.limits.Unpacked {
		return tooLarge{"more than " + inMiB(r.limits.Unpacked)}
	}
	file, err := os.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o644)
	if err != nil {
		return err
	}
	err = r.run(ctx, file, "cat-file", "blob", blob.hash)
	return errors.Join(err, file.Close())
}
