package fetch

import (
	"context"
	"crypto/sha256"
	"crypto/tls"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"time"

	getter "github.com/hashicorp/go-getter/v2"
)

const maxRedirects = 5

// downloadHTTPS loads what an https or s3 address names into file. Nothing about it is
// verified yet.
func (f *Fetcher) downloadHTTPS(ctx context.Context, address address, file string) error {
	header, err := f.authorize(address)
	if err != nil {
		return err
	}
	client := f.client(address)
	defer client.CloseIdleConnections()
	https := &getter.HttpGetter{
		Client: client, Header: header,
		Netrc: false, XTerraformGetDisabled: true, DoNotCheckHeadFirst: true,
		ReadTimeout: f.options.Limits.Timeout,
		// One byte more than the limit, so that a file that goes over it can be told
		// from one that just fits: go-getter cuts off without an error.
		MaxBytes: f.options.Limits.Download + 1,
	}
	_, err = only(https).Get(ctx, &getter.Request{Src: address.url.String(), Dst: file, GetMode: getter.ModeFile})
	if err != nil && exceeds(file, f.options.Limits.Download) {
		return tooLarge{"more than " + inMiB(f.options.Limits.Download)}
	}
	return err
}

// only is a go-getter client that knows one getter and unpacks nothing.
func only(one getter.Getter) *getter.Client {
	return &getter.Client{
		Getters:         []getter.Getter{one},
		Decompressors:   map[string]getter.Decompressor{},
		DisableSymlinks: true,
	}
}

func exceeds(file string, limit int64) bool {
	info, err := os.Stat(file)
	return err == nil && info.Size() > limit
}

func (f *Fetcher) client(address address) *http.Client {
	return &http.Client{
		Transport: &http.Transport{
			Proxy:             f.options.Proxy,
			TLSClientConfig:   &tls.Config{RootCAs: f.options.RootCAs, MinVersion: tls.VersionTLS12},
			ForceAttemptHTTP2: true,
			// The checksum is that of the bytes sent: a .tar.gz that is served with
			// Content-Encoding: gzip must not be unzipped on the way.
			DisableCompression:  true,
			TLSHandshakeTimeout: 15 * time.Second,
		},
		CheckRedirect: redirects(address.transport),
	}
}

// redirects follows a few redirects from https to https, none from s3: its signature
// is made for one host, and its session token is no header that Go would hold back.
func redirects(way transport) func(*http.Request, []*http.Request) error {
	return func(next *http.Request, earlier []*http.Request) error {
		to := bare(next.URL.String())
		switch {
		case way == overS3:
			return failure{"the server redirects to " + to, "use the address of the bucket's own region"}
		case next.URL.Scheme != "https":
			return failure{"the server redirects to " + to + ", which is not https", "ask for the file's https address"}
		case len(earlier) > maxRedirects:
			return failure{fmt.Sprintf("the server redirects more than %d times", maxRedirects), "give the address where it ends"}
		}
		// Go names the page before in Referer, with its query and so with its token.
		next.Header.Del("Referer")
		return nil
	}
}

// verifyFile holds a download against the limit and its checksum.
func verifyFile(file string, limit int64, want string) error {
	if exceeds(file, limit) {
		return tooLarge{"more than " + inMiB(limit)}
	}
	opened, err := os.Open(file)
	if err != nil {
		return fmt.Errorf("read the download: %w", err)
	}
	hash := sha256.New()
	_, err = io.Copy(hash, opened)
	if err := errors.Join(err, opened.Close()); err != nil {
		return fmt.Errorf("read the download: %w", err)
	}
	if got := "sha256:" + hex.EncodeToString(hash.Sum(nil)); got != want {
		return mismatch{want: want, got: got}
	}
	return nil
}
