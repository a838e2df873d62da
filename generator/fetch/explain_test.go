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
