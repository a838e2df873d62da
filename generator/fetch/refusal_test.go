package fetch_test

import (
	"strings"
	"testing"

	"cutover/generator/fetch"
	"cutover/generator/migration"
)

func TestWhatIsNotPinnedHTTPSOrGitIsRefusedBeforeAnyRequest(t *testing.T) {
	checksum := "sha256:" + strings.Repeat("0a", 32)
	commit := strings.Repeat("0b", 20)
	tests := map[string]struct {
		location migration.Location
		rule     string
		text     string
	}{
		"plain http":                     {migration.Location{URL: "http://hush@h/f", Checksum: checksum}, "location-refused", "http is refused"},
		"a file URL":                     {migration.Location{URL: "file:///etc/passwd", Checksum: checksum}, "location-refused", "local files"},
		"a forced file":                  {migration.Location{URL: "file::/etc/passwd", Checksum: checksum}, "location-refused", "local files"},
		"a forced file by https":         {migration.Location{URL: "file::https://h/f", Checksum: checksum}, "location-refused", "local files"},
		"Mercurial":                      {migration.Location{URL: "hg::https://h/r", Checksum: checksum}, "location-refused", "Mercurial"},
		"Google's storage":               {migration.Location{URL: "gcs::https://h/o", Checksum: checksum}, "location-refused", "signurl"},
		"an OCI registry":                {migration.Location{URL: "oci://h/chart", Checksum: checksum}, "location-refused", "helm pull"},
		"an unknown scheme":              {migration.Location{URL: "gopher://h/f", Checksum: checksum}, "location-refused", "not supported"},
		"an unknown forced getter":       {migration.Location{URL: "zip::https://h/f", Checksum: checksum}, "location-refused", "not supported"},
		"two forced getters":             {migration.Location{URL: "git::git::https://h/r", Commit: commit}, "location-refused", "over https alone"},
		"a short form of GitHub":         {migration.Location{URL: "github.com/o/n", Commit: commit}, "location-refused", "git::https://github.com/OWNER/NAME.git"},
		"a forced short form":            {migration.Location{URL: "git::github.com/o/n", Commit: commit}, "location-refused", "over https alone"},
		"an scp-like address":            {migration.Location{URL: "git@github.com:o/n.git", Commit: commit}, "location-refused", "not guessed"},
		"a Windows path":                 {migration.Location{URL: `C:\export.yaml`, Checksum: checksum}, "location-refused", "under path"},
		"git over ssh":                   {migration.Location{URL: "git::ssh://git@h/r", Commit: commit}, "location-refused", "over https alone"},
		"git over http":                  {migration.Location{URL: "git::http://h/r", Commit: commit}, "location-refused", "http is refused"},
		"git over its ext transport":     {migration.Location{URL: "git::ext::sh -c touch% x", Commit: commit}, "location-refused", "over https alone"},
		"git of a local folder":          {migration.Location{URL: "git::file:///r", Commit: commit}, "location-refused", "over https alone"},
		"git with an ssh key":            {migration.Location{URL: "git::https://h/r?sshkey=hush", Commit: commit}, "location-refused", "no parameters"},
		"git with a ref":                 {migration.Location{URL: "git::https://h/r?ref=--upload-pack=x", Commit: commit}, "location-refused", "field commit"},
		"git without a commit":           {migration.Location{URL: "git::https://h/r"}, "location-unpinned", "git rev-parse"},
		"git with a branch for commit":   {migration.Location{URL: "git::https://h/r", Commit: "main"}, "location-unpinned", "40 digits"},
		"git with an option for commit":  {migration.Location{URL: "git::https://h/r", Commit: "--upload-pack=touch x"}, "location-unpinned", "40 digits"},
		"git with a checksum":            {migration.Location{URL: "git::https://h/r", Commit: commit, Checksum: checksum}, "location-unpinned", "remove checksum"},
		"git with .. after the //":       {migration.Location{URL: "git::https://h/r//../x", Commit: commit}, "location-refused", "leads out"},
		"git with an encoded ..":         {migration.Location{URL: "git::https://h/r//a/%2e%2e/%2e%2e/x", Commit: commit}, "location-refused", "leads out"},
		"https without a checksum":       {migration.Location{URL: "https://h/f"}, "location-unpinned", "sha256sum"},
		"https with an md5":              {migration.Location{URL: "https://h/f", Checksum: "md5:" + strings.Repeat("0", 32)}, "location-unpinned", "sha256sum"},
		"https with a bare digest":       {migration.Location{URL: "https://h/f", Checksum: strings.Repeat("0a", 32)}, "location-unpinned", "sha256:HEX"},
		"https with a checksum file":     {migration.Location{URL: "https://h/f?checksum=file:https://h/sums", Checksum: checksum}, "location-refused", "field checksum"},
		"https with a reserved word":     {migration.Location{URL: "https://h/f?archive=zip", Checksum: checksum}, "location-refused", "reserved"},
		"https with a commit":            {migration.Location{URL: "https://h/f", Checksum: checksum, Commit: commit}, "location-unpinned", "remove commit"},
		"https with a folder chosen":     {migration.Location{URL: "https://h/f.tgz//x", Checksum: checksum}, "location-refused", "only git::"},
		"https that ends in a folder":    {migration.Location{URL: "https://h/f/", Checksum: checksum}, "location-refused", "no file name"},
		"https without a path":           {migration.Location{URL: "https://h", Checksum: checksum}, "location-refused", "no file name"},
		"https with an encoded ..":       {migration.Location{URL: "https://h/a/%2e%2e", Checksum: checksum}, "location-refused", "no file name"},
		"https with an encoded newline":  {migration.Location{URL: "https://h/a%0Ab", Checksum: checksum}, "location-refused", "no file name"},
		"https without a host":           {migration.Location{URL: "https:///f", Checksum: checksum}, "location-refused", "cannot be read"},
		"https that does not parse":      {migration.Location{URL: "https://u:hush @h/f", Checksum: checksum}, "location-refused", "cannot be read"},
		"s3 that was not asked for":      {migration.Location{URL: "s3::https://b.s3.amazonaws.com/k", Checksum: checksum}, "location-refused", "allowS3"},
		"s3 over http":                   {migration.Location{URL: "s3::http://b.s3.amazonaws.com/k", Checksum: checksum, AllowS3: true}, "location-refused", "http is refused"},
		"s3 by its own scheme":           {migration.Location{URL: "s3://b/k", Checksum: checksum, AllowS3: true}, "location-refused", "s3::https://"},
		"s3 with keys in the URL":        {migration.Location{URL: "s3::https://h/k?aws_access_key_secret=hush", Checksum: checksum, AllowS3: true}, "location-refused", "AWS_ACCESS_KEY_ID"},
		"s3 with a user in the URL":      {migration.Location{URL: "s3::https://id:hush@h/k", Checksum: checksum, AllowS3: true}, "location-refused", "AWS_ACCESS_KEY_ID"},
		"s3 without keys in environment": {migration.Location{URL: "s3::https://h/k", Checksum: checksum, AllowS3: true}, "fetch-failed", "no AWS credentials"},
		"a URL beside a path":            {migration.Location{URL: "https://h/f", Path: "f", Checksum: checksum}, "location-refused", "not both"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			test.location.Line = 7
			found := refused(t, fetch.New(fetch.Options{}), fetch.Request{Name: "source.inventory", File: "migration.yaml", Location: test.location})
			says(t, found, test.rule, test.text)
			if strings.Contains(found.Error()+found.Hint, "hush") {
				t.Errorf("a secret is shown: %s", found.Error())
			}
		})
	}
}

func TestNamesThatAreNoFolderAreRefused(t *testing.T) {
	for _, name := range []string{"", ".", "..", "../x", "a/b", "a..b", ".hidden", "cutover.lock", "a b", "a\nb", `a\b`} {
		asked := request("https://h/f", "sha256:"+strings.Repeat("0a", 32))
		asked.Name = name
		says(t, refused(t, fetch.New(fetch.Options{}), asked), "location-refused", "cannot be a folder's name")
	}
}
