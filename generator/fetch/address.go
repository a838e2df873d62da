package fetch

import (
	"io/fs"
	"net/url"
	"path"
	"regexp"
	"strings"

	getter "github.com/hashicorp/go-getter/v2"
)

// transport is the way an address is fetched.
type transport string

const (
	overHTTPS transport = "https"
	overGit   transport = "git::https"
	overS3    transport = "s3::https"
)

// address is a location taken apart and found acceptable.
type address struct {
	transport transport
	// url is without the transport's prefix and without within. It may carry credentials.
	url *url.URL
	// within is the folder or file in a Git repository, slash separated; "" is all of it.
	within string
	// pin is the lower case checksum (sha256:HEX) or commit.
	pin string
}

var (
	namePattern     = regexp.MustCompile(`^[A-Za-z0-9]([A-Za-z0-9_-]|\.[A-Za-z0-9_-])*$`)
	forcedPattern   = regexp.MustCompile(`^([A-Za-z0-9]+)::(.*)$`)
	schemePattern   = regexp.MustCompile(`^([A-Za-z][A-Za-z0-9+.-]*)://`)
	checksumPattern = regexp.MustCompile(`^sha256:[0-9a-f]{64}$`)
	commitPattern   = regexp.MustCompile(`^[0-9a-f]{40}$`)
)

// parse takes a request's location apart and refuses whatever is not https, Git over
// https, or permitted s3, with the pin that belongs to it.
func parse(request Request) (address, error) {
	if !namePattern.MatchString(request.Name) || request.Name == path.Base(LockFile) {
		return address{}, request.problem(ruleRefused, "the name cannot be a folder's name", "use letters, digits, dots, - and _")
	}
	location := request.Location
	if location.Path != "" {
		return address{}, request.problem(ruleRefused, "a location is a path or a URL, not both", "remove one of the two")
	}
	forced, rest := "", location.URL
	if match := forcedPattern.FindStringSubmatch(rest); match != nil {
		forced, rest = strings.ToLower(match[1]), match[2]
	}
	scheme := ""
	if match := schemePattern.FindStringSubmatch(rest); match != nil {
		scheme = strings.ToLower(match[1])
	}
	a := address{transport: transport(scheme)}
	if forced != "" {
		a.transport = transport(forced + "::" + scheme)
	}
	if a.transport != overHTTPS && a.transport != overGit && a.transport != overS3 {
		refusal := refusalOf(string(a.transport), forced, scheme)
		return address{}, request.problem(ruleRefused, refusal.reason, refusal.hint)
	}
	return a.complete(request, rest)
}

// complete reads the URL itself, once its transport is known.
func (a address) complete(request Request, rest string) (address, error) {
	if a.transport == overGit {
		rest, a.within = getter.SourceDirSubdir(rest)
	}
	parsed, err := url.Parse(rest)
	if err != nil || parsed.Hostname() == "" {
		// The parser's own message quotes the URL, and with it what may be secret.
		return address{}, request.problem(ruleRefused, "the URL cannot be read", "write it as https://host/path, with special characters percent-encoded")
	}
	parsed.Fragment, parsed.RawFragment = "", ""
	parsed.Scheme = "https"
	// go-getter writes the query anew, and so it stands nowhere in another form.
	parsed.RawQuery = parsed.Query().Encode()
	a.url = parsed
	for _, check := range []func(*address, Request) error{(*address).checkQuery, (*address).checkPath, (*address).checkPin} {
		if err := check(&a, request); err != nil {
			return address{}, err
		}
	}
	return a, nil
}

func (a *address) checkQuery(request Request) error {
	for key := range a.url.Query() {
		refusal, refused := queryRefusal(a.transport, key)
		if refused {
			return request.problem(ruleRefused, refusal.reason, refusal.hint)
		}
	}
	if a.transport == overS3 && a.url.User != nil {
		return request.problem(ruleRefused, "an s3 URL carries a user", hintAWS)
	}
	if a.transport == overS3 && !request.Location.AllowS3 {
		return request.problem(ruleRefused, "s3 is not permitted for this location",
			"set allowS3: true beside the URL, or use an https URL that the bucket's owner signed")
	}
	return nil
}

func (a *address) checkPath(request Request) error {
	if a.transport == overGit {
		within, err := url.PathUnescape(a.within)
		within = strings.Trim(within, "/")
		if err != nil || (within != "" && !safePath(within)) {
			return request.problem(ruleRefused, "the folder after // leads out of the repository", "name a folder or file within it, without ..")
		}
		a.within = within
		return nil
	}
	if strings.Contains(a.url.EscapedPath(), "//") {
		return request.problem(ruleRefused, "the URL's path holds //, by which a folder within a download is chosen", "give the file's own URL; only git:: URLs choose a folder")
	}
	if !safePath(a.file()) || strings.HasSuffix(a.url.Path, "/") {
		return request.problem(ruleRefused, "the URL's path ends in no file name", "give the URL of a file")
	}
	return nil
}

func (a *address) checkPin(request Request) error {
	location := request.Location
	if a.transport == overGit {
		a.pin = strings.ToLower(location.Commit)
		if !commitPattern.MatchString(a.pin) {
			return request.problem(rulePin, "a git URL needs the commit it stands for", "add commit: with all 40 digits, as git rev-parse HEAD prints them; branches and tags move")
		}
		if location.Checksum != "" {
			return request.problem(rulePin, "a git URL is pinned by its commit, not by a checksum", "remove checksum")
		}
		return nil
	}
	a.pin = strings.ToLower(location.Checksum)
	if !checksumPattern.MatchString(a.pin) {
		return request.problem(rulePin, "a URL needs the checksum of what it brings", "add checksum: sha256:HEX, as sha256sum FILE prints it")
	}
	if location.Commit != "" {
		return request.problem(rulePin, "only a git:: URL has a commit", "remove commit, or write git:: before the URL of a repository")
	}
	return nil
}

// file is the name under which a single file is kept.
func (a address) file() string {
	if a.transport == overGit {
		return path.Base(a.within)
	}
	return path.Base(a.url.Path)
}

// redacted is the address without user, password, query and fragment.
func (a address) redacted() string {
	prefix, _, _ := strings.Cut(string(a.transport), "https")
	shown := url.URL{Scheme: a.url.Scheme, Host: a.url.Host, Path: a.url.Path, RawPath: a.url.RawPath}
	if a.within == "" {
		return prefix + shown.String()
	}
	return prefix + shown.String() + "//" + (&url.URL{Path: a.within}).EscapedPath()
}

// maxDepth and maxName bound a path, so that few entries cannot make many folders.
const (
	maxDepth = 32
	maxName  = 1024
)

// safePath tells whether a slash separated path stays below its folder on every
// system, and can be written down on one line.
func safePath(name string) bool {
	if name == "." || len(name) > maxName || strings.Count(name, "/") >= maxDepth || !fs.ValidPath(name) {
		return false
	}
	return !strings.ContainsFunc(name, func(r rune) bool {
		return r < ' ' || r == 0x7f || r == '\\' || r == ':'
	})
}
