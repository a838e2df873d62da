package main

import (
	"context"
	"time"

	"github.com/spf13/cobra"

	"cutover/generator/argocd"
	"cutover/generator/tree"
	"cutover/gitops/plugin"
)

func newCMP(s streams, p printer, getenv func(string) string) *cobra.Command {
	command := &cobra.Command{
		Use:   "cmp COMMAND",
		Short: "Serve Argo CD as a config management plugin",
		Long: `cmp holds what Argo CD's plugin sidecar calls, in the folder of the Application. All of it
runs the same on a laptop: errors go to standard error, results to standard output.`,
		Example: `  cutover cmp plugin > plugin.yaml
  ARGOCD_APP_PARAMETERS='[{"name":"cluster","string":"target"}]' cutover cmp generate`,
		Args: cobra.ArbitraryArgs, RunE: subcommand, DisableFlagsInUseLine: true,
	}
	command.AddCommand(newPluginYAML(s), newDiscover(s), newParameters(s), newPluginGenerate(s, p, getenv))
	return command
}

func newPluginYAML(s streams) *cobra.Command {
	return &cobra.Command{
		Use:     "plugin",
		Short:   "Print the plugin's declaration, plugin.yaml",
		Long:    "plugin prints what the sidecar expects at /home/argocd/cmp-server/config/plugin.yaml.",
		Example: "  cutover cmp plugin > plugin.yaml",
		Args:    cobra.NoArgs,
		RunE:    func(*cobra.Command, []string) error { return s.result(argocd.PluginYAML()) },
	}
}

func newDiscover(s streams) *cobra.Command {
	return &cobra.Command{
		Use:   "discover [DIR]",
		Short: "Tell whether a folder holds a generated tree",
		Long: `discover prints the folder's .cutover.sum where there is one, and nothing where there is
none, as Argo CD asks. The plugin's own declaration has no discovery: an Application names
the plugin, and no other repository is sent to it.`,
		Example: "  cutover cmp discover build/freight",
		Args:    cobra.MaximumNArgs(1),
		RunE: func(_ *cobra.Command, args []string) error {
			return withTree(args, func(files *tree.Folder) error {
				if found, err := plugin.IsTree(files); err != nil || !found {
					return err
				}
				return s.result([]byte(tree.SumFile + "\n"))
			})
		},
	}
}

func newParameters(s streams) *cobra.Command {
	return &cobra.Command{
		Use:     "parameters [DIR]",
		Short:   "Announce the plugin's parameters as JSON",
		Long:    "parameters prints the announcement that Argo CD's user interface shows.",
		Example: "  cutover cmp parameters build/freight",
		Args:    cobra.MaximumNArgs(1),
		RunE: func(_ *cobra.Command, args []string) error {
			return withTree(args, func(files *tree.Folder) error {
				announcements, err := plugin.Announce(files)
				if err != nil {
					return err
				}
				return s.json(announcements)
			})
		},
	}
}

func newPluginGenerate(s streams, p printer, getenv func(string) string) *cobra.Command {
	timeout := plugin.DefaultTimeout
	command := &cobra.Command{
		Use:   "generate [DIR]",
		Short: "Stream one cluster's objects to Argo CD",
		Long: `generate reads the Application's parameters from ARGOCD_APP_PARAMETERS (cluster, and
optionally phase) and prints the same bytes as cutover render, after all of them were
checked: a stream is whole, or there is none and the exit code is not 0. PARAM_* is not read.`,
		Example: `  ARGOCD_APP_PARAMETERS='[{"name":"cluster","string":"source"}]' cutover cmp generate build/freight`,
		Args:    cobra.MaximumNArgs(1),
		RunE: func(command *cobra.Command, args []string) error {
			parameters, err := plugin.ReadParameters(getenv(plugin.ParametersVariable))
			if err != nil {
				return err
			}
			ctx, cancel := context.WithTimeout(command.Context(), timeout)
			defer cancel()
			return withTree(args, func(files *tree.Folder) error {
				return pluginStream(ctx, s, p, files, parameters)
			})
		},
	}
	command.Flags().DurationVar(&timeout, "timeout", timeout.Round(time.Second), "give up after this time; below Argo CD's own 60s")
	return command
}

func pluginStream(ctx context.Context, s streams, p printer, files *tree.Folder, parameters plugin.Parameters) error {
	stream, err := plugin.Generate(ctx, files, parameters)
	if err != nil {
		return err
	}
	if parameters.Phase != "" {
		p.printf("as of phase %s, as the Application's parameter asks, whatever Git has reached\n", parameters.Phase)
	}
	return s.result(stream)
}

// withTree opens the folder that a command is given, or the present one.
func withTree(args []string, use func(*tree.Folder) error) error {
	opened, err := tree.Open(folder(args))
	if err != nil {
		return err
	}
	defer opened.Close() //nolint:errcheck // read only
	return use(opened)
}
