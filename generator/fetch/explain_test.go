package fetch

import (
	"fmt"
	"io/fs"
	"net/url"
	"strings"
	"syscall"
	"testing"

	"cutover/generator/finding"
)

func TestAFullDiskIsNoFaultOfTheServer(t *testing.T) {
	a := address{transport: overHTTPS, url: &url.URL{Scheme: "https", Host: "h", Path: "/f"}}
	err := fmt.Errorf("write f: %w", asDamaged(&fs.PathError{Op: "write", Path: "f", Err: syscall.ENOSPC}))
	findings := finding.From(a.explain(Request{Name: "source.inventory"}, err))
	if len(findings) != 1 || !strings.Contains(findings[0].Message, "no space left") || !strings.Contains(findings[0].Hint, "make room") {
		t.Errorf("got %+v", findings)
	}
}

func TestForeignMessagesLoseWhatURLsCarry(t *testing.T) {
	own, err := url.Parse("https://alice:s%2Fcret@h/f?token=hu+sh&lone")
	if err != nil {
		t.Fatal(err)
	}
	a := address{transport: overHTTPS, url: own}
	for text, want := range map[string]string{
		`Get "https://other/x?sig=abc#d": refused`:           `Get "https://other/x": refused`,
		"fatal: unable to access 'https://bob:pw@other/r/':": "fatal: unable to access 'https://other/r/':",
		"dial s/cret, s%2Fcret, hu sh, hu+sh, hu%20sh":       "dial …, …, …, …, …",
		"token lone of alice":                                "token … of …",
		"nothing to hide":                                    "nothing to hide",
	} {
		if got := a.scrub(text); got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
}
