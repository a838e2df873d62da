package main

import (
	"bytes"
	"fmt"
	"net/http"
	"os"

	"github.com/spf13/cobra"

	"cutover/generator/fetch"
	"cutover/generator/workspace"
)

func newVendor(s streams, p printer) *cobra.Command {
	return &cobra.Command{
		Use:   "vendor [DIR]",
		Short: "Fetch what migration.yaml names by URL into vendor/",
		Long: `vendor is the only command that uses the network. It fetches every location that
migration.yaml gives as a URL, checks it against its checksum or commit, and writes it to
vendor/ with a lock file of digests, from which all other commands work offline.`,
		Example: `  cutover vendor
  cutover vendor examples/freight`,
		Args: cobra.MaximumNArgs(1),
		RunE: func(command *cobra.Command, args []string) error {
			dir := folder(args)
			_, m, err := workspace.Migration(dir)
			if err != nil {
				return err
			}
			requests := workspace.Requests(m)
			p.printf("fetching %d locations\n", len(requests))
			fetcher := fetch.New(fetch.Options{Environment: os.Environ(), Proxy: http.ProxyFromEnvironment})
			lock, err := fetch.Vendor(command.Context(), fetcher, dir, requests)
			if err != nil {
				return err
			}
			return s.result(vendored(lock))
		},
	}
}

func vendored(lock fetch.Lock) []byte {
	var out bytes.Buffer
	for _, locked := range lock.Locations {
		fmt.Fprintf(&out, "%s  %s/%s  %d files  %s\n", locked.Name, fetch.Folder, locked.Path, locked.Files, locked.Digest)
	}
	fmt.Fprintf(&out, "vendored %d locations; next: commit %s, then cutover generate\n", len(lock.Locations), fetch.Folder)
	return out.Bytes()
}
