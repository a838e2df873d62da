package sidecar

import (
	"context"
	"testing"

	"github.com/argoproj/argo-cd/v2/cmpserver/apiclient"
	"github.com/argoproj/argo-cd/v2/pkg/apis/application/v1alpha1"
	"github.com/argoproj/argo-cd/v2/util/cmp"
	retry "github.com/grpc-ecosystem/go-grpc-middleware/retry"
	"google.golang.org/protobuf/types/known/emptypb"
)

// Client is Argo CD's own client of a sidecar, used as argocd-repo-server uses it.
type Client struct {
	api apiclient.ConfigManagementPluginServiceClient
}

// Request is one call for an Application.
type Request struct {
	// Repository is the folder of the checked out repository, Path the Application's
	// folder, which is the same or below.
	Repository, Path string
	// Parameters are those of the Application's spec.source.plugin, nil for none.
	Parameters v1alpha1.ApplicationSourcePluginParameters
}

// Connect connects to the sidecar until the test ends.
func (s *Sidecar) Connect(t testing.TB) *Client {
	t.Helper()
	connection, api, err := apiclient.NewConfigManagementPluginClientSet(s.Socket()).NewConfigManagementPluginClient()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := connection.Close(); err != nil {
			t.Error(err)
		}
	})
	return &Client{api: api}
}

// Text is a parameter that holds text.
func Text(name, value string) v1alpha1.ApplicationSourcePluginParameter {
	return v1alpha1.ApplicationSourcePluginParameter{Name: name, String_: &value}
}

// Match asks whether the plugin is meant for the repository, and whether it looks at all.
func (c *Client) Match(ctx context.Context, r Request) (*apiclient.RepositoryResponse, error) {
	stream, err := c.api.MatchRepository(ctx, retry.Disable())
	if err != nil {
		return nil, err
	}
	if err := r.send(ctx, stream); err != nil {
		return nil, err
	}
	return stream.CloseAndRecv()
}

// Parameters asks what parameters the plugin announces.
func (c *Client) Parameters(ctx context.Context, r Request) (*apiclient.ParametersAnnouncementResponse, error) {
	stream, err := c.api.GetParametersAnnouncement(ctx, retry.Disable())
	if err != nil {
		return nil, err
	}
	if err := r.send(ctx, stream); err != nil {
		return nil, err
	}
	return stream.CloseAndRecv()
}

// Generate asks for the Application's objects, each a JSON document.
func (c *Client) Generate(ctx context.Context, r Request) ([]string, error) {
	stream, err := c.api.GenerateManifest(ctx, retry.Disable())
	if err != nil {
		return nil, err
	}
	if err := r.send(ctx, stream); err != nil {
		return nil, err
	}
	response, err := stream.CloseAndRecv()
	if err != nil {
		return nil, err
	}
	return response.Manifests, nil
}

// WantsGitCredentials tells whether the plugin is given the credentials of repositories.
func (c *Client) WantsGitCredentials(ctx context.Context) (bool, error) {
	response, err := c.api.CheckPluginConfiguration(ctx, &emptypb.Empty{})
	if err != nil {
		return false, err
	}
	return response.ProvideGitCreds, nil
}

// send streams the repository with the environment that argocd-repo-server sets.
func (r Request) send(ctx context.Context, stream cmp.StreamSender) error {
	parameters, err := r.Parameters.Environ()
	if err != nil {
		return err
	}
	env := append([]string{
		"ARGOCD_APP_NAME=yard-target",
		"ARGOCD_APP_NAMESPACE=streams",
		"ARGOCD_APP_REVISION=0123456789012345678901234567890123456789",
		"ARGOCD_APP_SOURCE_PATH=.",
		"KUBE_VERSION=1.36",
	}, parameters...)
	return cmp.SendRepoStream(ctx, r.Path, r.Repository, stream, env, nil)
}
