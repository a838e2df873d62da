package fetch_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"cutover/generator/fetch"
	"cutover/generator/migration"
)

func s3Request(url string) fetch.Request {
	return fetch.Request{
		Name: "source.inventory", File: "migration.yaml",
		Location: migration.Location{URL: url, Checksum: sum([]byte(export)), AllowS3: true, Line: 7},
	}
}

func TestAnObjectIsAskedForWithASignatureOfTheEnvironmentsKeys(t *testing.T) {
	var asked []*http.Request
	server, _ := serve(t, fetch.Limits{}, func(w http.ResponseWriter, r *http.Request) {
		asked = append(asked, r)
		fmt.Fprint(w, export)
	})
	fetcher := fetch.New(fetch.Options{
		RootCAs:     trust(server),
		Environment: []string{"AWS_ACCESS_KEY_ID=old", "AWS_ACCESS_KEY_ID=AKID", "AWS_SECRET_ACCESS_KEY=hush", "AWS_SESSION_TOKEN=passing", "AWS_REGION=eu-west-1"},
		Now:         func() time.Time { return time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC) },
	})
	dir := t.TempDir()
	locked, err := fetcher.Fetch(t.Context(), s3Request("s3::"+server.URL+"/bucket/my%20export.yaml?versionId=v1"), dir)
	if err != nil {
		t.Fatal(err)
	}
	if locked.URL != "s3::"+server.URL+"/bucket/my%20export.yaml" || locked.Path != "source.inventory/my export.yaml" {
		t.Errorf("got %+v", locked)
	}
	authorization := asked[0].Header.Get("Authorization")
	want := "AWS4-HMAC-SHA256 Credential=AKID/20260102/eu-west-1/s3/aws4_request,SignedHeaders=host;x-amz-content-sha256;x-amz-date;x-amz-security-token,Signature="
	if !strings.HasPrefix(authorization, want) || asked[0].Header.Get("X-Amz-Security-Token") != "passing" {
		t.Errorf("got %q", authorization)
	}
}

func TestS3NeitherFollowsRedirectsNorShowsItsKeys(t *testing.T) {
	server, _ := serve(t, fetch.Limits{}, func(w http.ResponseWriter, r *http.Request) {
		http.Redirect(w, r, "https://other.invalid/export.yaml?X-Amz-Signature=hush", http.StatusTemporaryRedirect)
	})
	fetcher := fetch.New(fetch.Options{
		RootCAs:     trust(server),
		Environment: []string{"AWS_ACCESS_KEY_ID=AKID", "AWS_SECRET_ACCESS_KEY=hush"},
	})
	found := refused(t, fetcher, s3Request("s3::"+server.URL+"/bucket/export.yaml"))
	says(t, found, "fetch-failed", "redirects to https://other.invalid/export.yaml")
	if text := found.Error() + found.Hint; strings.Contains(text, "hush") || strings.Contains(text, "AKID/") {
		t.Errorf("keys are shown: %s", text)
	}
}
