package fetch

import (
	"crypto/x509"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"
)

// Options are what a [Fetcher] takes from the world around it. Nothing is read from
// the process' own environment.
type Options struct {
	// Limits bound each request.
	Limits Limits
	// RootCAs are trusted for https and s3; the system's where nil. Git takes its own
	// from GIT_SSL_CAINFO in Environment.
	RootCAs *x509.CertPool
	// Proxy chooses the proxy of https and s3 requests, as http.ProxyFromEnvironment
	// does; none where nil.
	Proxy func(*http.Request) (*url.URL, error)
	// Environment is KEY=VALUE, as os.Environ gives it. Git is handed the few variables
	// that concern where it is, its proxy and its authorities; s3 reads the AWS_
	// credentials and region.
	Environment []string
	// Now dates the signature of s3 requests; time.Now where nil.
	Now func() time.Time
}

// variable gives the value of one environment variable, or "".
func (o Options) variable(name string) string {
	for _, entry := range slices.Backward(o.Environment) {
		if key, value, found := strings.Cut(entry, "="); found && key == name {
			return value
		}
	}
	return ""
}

// environment gives the entries whose names are listed.
func (o Options) environment(names ...string) []string {
	var entries []string
	for _, entry := range o.Environment {
		if key, _, found := strings.Cut(entry, "="); found && slices.Contains(names, key) {
			entries = append(entries, entry)
		}
	}
	return entries
}
