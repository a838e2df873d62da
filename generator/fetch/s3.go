package fetch

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"time"
)

// authorize gives the headers of a request: those of AWS Signature Version 4 for s3,
// none for https, whose user and password travel in the URL.
//
// go-getter's own s3 getter is not used: it reads the process' environment, sets no
// limit on an object's size, and follows redirects to plain http.
func (f *Fetcher) authorize(address address) (http.Header, error) {
	if address.transport != overS3 {
		return nil, nil
	}
	keys := awsKeys{
		id: f.options.variable("AWS_ACCESS_KEY_ID"), secret: f.options.variable("AWS_SECRET_ACCESS_KEY"),
		region: f.region(address.url),
	}
	if keys.id == "" || keys.secret == "" {
		return nil, failure{"the environment holds no AWS credentials", hintAWS}
	}
	header := http.Header{}
	if token := f.options.variable("AWS_SESSION_TOKEN"); token != "" {
		header.Set("X-Amz-Security-Token", token)
	}
	keys.sign(address.url, header, f.options.Now())
	return header, nil
}

var awsHostPattern = regexp.MustCompile(`(?:^|\.)s3[.-](?:dualstack\.)?([a-z]{2}(?:-[a-z]+)+-\d+)\.amazonaws\.com(?:\.cn)?$`)

// region is that of the host's name, else that of the environment, else us-east-1,
// which is where hosts without a region are.
func (f *Fetcher) region(u *url.URL) string {
	if match := awsHostPattern.FindStringSubmatch(u.Hostname()); match != nil {
		return match[1]
	}
	for _, name := range []string{"AWS_REGION", "AWS_DEFAULT_REGION"} {
		if region := f.options.variable(name); region != "" {
			return region
		}
	}
	return "us-east-1"
}

type awsKeys struct{ id, secret, region string }

// emptyPayload is the sha256 of a GET request's body.
const emptyPayload = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"

// sign adds to header what proves a GET of u at the given time (AWS Signature Version 4
// in the Authorization header). It signs all that header holds already.
func (k awsKeys) sign(u *url.URL, header http.Header, now time.Time) {
	stamp := now.UTC().Format("20060102T150405Z")
	header.Set("X-Amz-Date", stamp)
	header.Set("X-Amz-Content-Sha256", emptyPayload)

	values := map[string]string{"host": u.Host}
	for name := range header {
		values[strings.ToLower(name)] = strings.TrimSpace(header.Get(name))
	}
	names := slices.Sorted(maps.Keys(values))
	var lines strings.Builder
	for _, name := range names {
		fmt.Fprintf(&lines, "%s:%s\n", name, values[name])
	}
	signed := strings.Join(names, ";")
	request := strings.Join([]string{
		http.MethodGet, awsEncode(u.Path, true), awsQuery(u.Query()), lines.String(), signed, emptyPayload,
	}, "\n")

	scope := strings.Join([]string{stamp[:8], k.region, "s3", "aws4_request"}, "/")
	sum := sha256.Sum256([]byte(request))
	text := strings.Join([]string{"AWS4-HMAC-SHA256", stamp, scope, hex.EncodeToString(sum[:])}, "\n")
	key := []byte("AWS4" + k.secret)
	for part := range strings.SplitSeq(scope, "/") {
		key = mac(key, part)
	}
	header.Set("Authorization", fmt.Sprintf("AWS4-HMAC-SHA256 Credential=%s/%s,SignedHeaders=%s,Signature=%x",
		k.id, scope, signed, mac(key, text)))
}

func mac(key []byte, text string) []byte {
	hash := hmac.New(sha256.New, key)
	hash.Write([]byte(text))
	return hash.Sum(nil)
}

func awsQuery(query url.Values) string {
	var pairs []string
	for name, values := range query {
		for _, value := range values {
			pairs = append(pairs, awsEncode(name, false)+"="+awsEncode(value, false))
		}
	}
	slices.Sort(pairs)
	return strings.Join(pairs, "&")
}

// awsEncode percent-encodes all but the unreserved characters of RFC 3986, as the
// signature asks for and net/url does not; slashes stay in a path.
func awsEncode(text string, path bool) string {
	var encoded strings.Builder
	for i := range len(text) {
		c := text[i]
		switch {
		case 'a' <= c && c <= 'z', 'A' <= c && c <= 'Z', '0' <= c && c <= '9',
			strings.IndexByte("-._~", c) >= 0, path && c == '/':
			encoded.WriteByte(c)
		default:
			fmt.Fprintf(&encoded, "%%%02X", c)
		}
	}
	return encoded.String()
}
