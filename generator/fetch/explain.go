package fetch

import (
	"cmp"
	"crypto/tls"
	"errors"
	"fmt"
	"io/fs"
	"net"
	"net/url"
	"regexp"
	"slices"
	"strings"

	"cutover/generator/finding"
)

// explained is an error that says what an address did, as the predicate of a sentence
// whose subject is the address.
type explained interface {
	error
	explanation() (rule, predicate, hint string)
}

// tooLarge says which limit a download went over.
type tooLarge struct{ what string }

func (e tooLarge) Error() string { return e.what }

func (e tooLarge) explanation() (rule, predicate, hint string) {
	return ruleTooLarge, "brings " + e.what, "name a smaller part, such as one folder of the repository, or fetch it by hand and give its path"
}

// damaged says what in an archive is refused.
type damaged struct{ what string }

func (e damaged) Error() string { return e.what }

func (e damaged) explanation() (rule, predicate, hint string) {
	return ruleArchive, "is not unpacked: " + e.what, "pack plain files and folders alone, and pin the new archive"
}

// mismatch is a download that is not what its checksum promises.
type mismatch struct{ want, got string }

func (e mismatch) Error() string { return "want " + e.want + ", got " + e.got }

func (e mismatch) explanation() (rule, predicate, hint string) {
	return ruleChecksum, "has checksum " + e.got + ", not " + e.want,
		"if the file was meant to change, look at it and write the new checksum; a server may also have sent a sign-in page"
}

// failure is a fetch that failed for a reason that is known and can be told as it is.
type failure struct{ what, hint string }

func (e failure) Error() string { return e.what }

func (e failure) explanation() (rule, predicate, hint string) {
	return ruleFailed, "cannot be fetched: " + e.what, e.hint
}

func inMiB(bytes int64) string {
	if bytes < 1<<20 {
		return fmt.Sprintf("%d bytes", bytes)
	}
	return fmt.Sprintf("%d MiB", bytes>>20)
}

// explain makes a finding of what went wrong with an address, without a word of what
// may be secret in it.
func (a address) explain(request Request, err error) error {
	var found finding.Finding
	if errors.As(err, &found) {
		return found
	}
	var known explained
	if !errors.As(err, &known) {
		known = a.failure(err)
	}
	rule, predicate, hint := known.explanation()
	return request.problem(rule, a.redacted()+" "+predicate, hint)
}

var statusPattern = regexp.MustCompile(`bad response code: (\d{3})`)

// failure names the cause of a network error.
func (a address) failure(err error) failure {
	if match := statusPattern.FindStringSubmatch(err.Error()); match != nil {
		return statusFailure(match[1])
	}
	var certificate *tls.CertificateVerificationError
	var name *net.DNSError
	var network *net.OpError
	var disk *fs.PathError
	switch {
	case errors.As(err, &disk):
		return failure{"the disk refuses to hold it: " + disk.Err.Error(), "make room, or look at who may write beside migration.yaml"}
	case errors.As(err, &certificate):
		return failure{"the server's certificate is not trusted", "add its authority to the system's; verification cannot be turned off"}
	case errors.As(err, &name):
		return failure{fmt.Sprintf("the host %s has no address", name.Name), "look at its spelling, and at proxy and DNS"}
	case errors.As(err, &network):
		return failure{a.scrub(network.Error()), "look whether the host can be reached from here, and at the proxy"}
	}
	var request *url.Error
	if errors.As(err, &request) {
		err = request.Err
	}
	return failure{a.scrub(err.Error()), "try again; if it stays so, fetch it by hand and give its path"}
}

func statusFailure(status string) failure {
	hints := map[string]string{
		"401": "the server asks for a sign-in: use a URL that may be read, such as one that was signed",
		"403": "the server refuses: a signed URL may have run out; make a new one",
		"404": "look at the URL's spelling; some servers say so too where a sign-in is missing",
		"410": "the file was removed: find its new place",
		"429": "the server asks to wait: try again later",
	}
	hint, ok := hints[status]
	if !ok {
		hint = "try again later, or fetch it by hand and give its path"
	}
	return failure{"the server answers " + status, hint}
}

var urlPattern = regexp.MustCompile(`[A-Za-z][A-Za-z0-9+.-]*://[^\s"'<>]+`)

// scrub takes out of a foreign message every URL's user, password and query, and each
// secret of this address wherever else it stands.
func (a address) scrub(text string) string {
	for _, secret := range a.secrets() {
		text = strings.ReplaceAll(text, secret, "…")
	}
	return urlPattern.ReplaceAllStringFunc(text, bare)
}

// bare gives a URL without user, password, query and fragment.
func bare(raw string) string {
	parsed, err := url.Parse(raw)
	if err != nil {
		return "…"
	}
	return (&url.URL{Scheme: parsed.Scheme, Host: parsed.Host, Path: parsed.Path}).String()
}

// secrets lists what in the address must not be shown, in its plain and encoded forms,
// longest forms first.
func (a address) secrets() []string {
	var secrets []string
	add := func(text string) {
		if text != "" {
			secrets = append(secrets, text, url.QueryEscape(text), url.PathEscape(text))
		}
	}
	add(a.url.RawQuery)
	for key, values := range a.url.Query() {
		if strings.Join(values, "") == "" {
			values = []string{key} // a token may stand alone
		}
		for _, value := range values {
			add(value)
		}
	}
	if a.url.User != nil {
		add(a.url.User.String())
		add(a.url.User.Username())
		password, _ := a.url.User.Password()
		add(password)
	}
	slices.SortFunc(secrets, func(a, b string) int {
		return cmp.Or(cmp.Compare(len(b), len(a)), cmp.Compare(a, b))
	})
	return secrets
}
