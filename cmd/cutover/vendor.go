package main

import (
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
			content, err := lock.Marshal()
			if err != nil {
				return err
			}
			return s.result(content)
		},
	}
}
