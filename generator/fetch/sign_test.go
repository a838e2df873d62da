package fetch

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"
)

// The examples are those of Amazon's page "Signature Calculations for the Authorization
// Header: Transferring Payload in a Single Chunk", with the keys that it invents.
func TestSignaturesAreThoseOfAmazonsOwnExamples(t *testing.T) {
	keys := awsKeys{id: "AKIAIOSFODNN7EXAMPLE", secret: "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY", region: "us-east-1"}
	at := time.Date(2013, 5, 24, 0, 0, 0, 0, time.UTC)
	tests := map[string]struct {
		url    string
		header http.Header
		want   string
	}{
		"an object's range":  {"https://examplebucket.s3.amazonaws.com/test.txt", http.Header{"Range": {"bytes=0-9"}}, "f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41"},
		"a bare parameter":   {"https://examplebucket.s3.amazonaws.com/?lifecycle", http.Header{}, "fea454ca298b7da1c68078a5d1bdbfbbe0d65c699e0f91ac7a200a0136783543"},
		"several parameters": {"https://examplebucket.s3.amazonaws.com/?max-keys=2&prefix=J", http.Header{}, "34b48302e7b5fa45bde8084f4b7868a86f0a534bc59db6670ed5711ef69dc6f7"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			u, err := url.Parse(test.url)
			if err != nil {
				t.Fatal(err)
			}
			keys.sign(u, test.header, at)
			if got := test.header.Get("Authorization"); !strings.HasSuffix(got, "Signature="+test.want) {
				t.Errorf("got %s", got)
			}
		})
	}
}

func TestTheRegionIsThatOfTheHostElseOfTheEnvironment(t *testing.T) {
	fetcher := New(Options{Environment: []string{"AWS_DEFAULT_REGION=eu-north-1"}})
	for host, want := range map[string]string{
		"b.s3.eu-west-1.amazonaws.com":           "eu-west-1",
		"s3-us-gov-west-1.amazonaws.com":         "us-gov-west-1",
		"b.s3.dualstack.eu-west-2.amazonaws.com": "eu-west-2",
		"s3.cn-north-1.amazonaws.com.cn":         "cn-north-1",
		"s3.amazonaws.com":                       "eu-north-1",
		"minio.example.com:9000":                 "eu-north-1",
	} {
		if got := fetcher.region(&url.URL{Host: host}); got != want {
			t.Errorf("%s is in %s, want %s", host, got, want)
		}
	}
	if got := New(Options{}).region(&url.URL{Host: "s3.amazonaws.com"}); got != "us-east-1" {
		t.Errorf("without any word the region is %s", got)
	}
}
