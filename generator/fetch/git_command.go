package fetch

import (
	"bytes"
	"context"
	"encoding/base64"
	"errors"
	"io"
	"io/fs"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"
)

// gitVariables are what Git may know of the environment it runs in: where it is, whom
// it trusts and through whom it reaches the network. HOME is not among them, so neither
// the user's configuration and stored credentials nor a netrc file count.
func gitVariables() []string {
	return []string{
		"PATH", "SYSTEMROOT", "TMPDIR", "TMP", "TEMP",
		"GIT_SSL_CAINFO", "GIT_SSL_CAPATH", "SSL_CERT_FILE", "SSL_CERT_DIR",
		"HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy", "NO_PROXY", "no_proxy",
	}
}

// gitEnvironment is what is fixed for every Git command. A user and password go in as a
// header for the one host, by environment: other processes can read arguments.
func gitEnvironment(home string, u *url.URL) []string {
	environment := []string{
		"HOME=" + home, "XDG_CONFIG_HOME=" + home, "LC_ALL=C",
		"GIT_CONFIG_NOSYSTEM=1", "GIT_CONFIG_GLOBAL=" + os.DevNull, "GIT_ATTR_NOSYSTEM=1",
		"GIT_TERMINAL_PROMPT=0", "GIT_ASKPASS=", "SSH_ASKPASS=", "GIT_ALLOW_PROTOCOL=https",
	}
	if u.User == nil {
		return environment
	}
	password, _ := u.User.Password()
	token := base64.StdEncoding.EncodeToString([]byte(u.User.Username() + ":" + password))
	return append(environment, "GIT_CONFIG_COUNT=1",
		"GIT_CONFIG_KEY_0=http.https://"+u.Host+"/.extraHeader",
		"GIT_CONFIG_VALUE_0=Authorization: Basic "+token)
}

// gitSettings stand before every command's own arguments.
func gitSettings() []string {
	return []string{
		"-c", "http.followRedirects=false", "-c", "http.sslVerify=true", "-c", "protocol.version=2",
		"-c", "credential.helper=", "-c", "core.hooksPath=" + os.DevNull,
		"-c", "gc.auto=0", "-c", "maintenance.auto=false",
	}
}

// gitProgram finds git in the folders of a PATH, of which relative ones do not count.
func gitProgram(path string) (string, error) {
	for _, folder := range filepath.SplitList(path) {
		if !filepath.IsAbs(folder) {
			continue
		}
		if program, err := exec.LookPath(filepath.Join(folder, "git")); err == nil {
			return program, nil
		}
	}
	return "", failure{"git is not on the PATH", "install git 2.31 or newer, or use an https archive with checksum"}
}

// run runs one Git command in the repository, with the fixed environment alone.
func (r *repository) run(ctx context.Context, stdout io.Writer, arguments ...string) error {
	command := exec.CommandContext(ctx, r.program, append(gitSettings(), arguments...)...) //nolint:gosec // git itself, with arguments that were checked
	command.Dir, command.Env, command.Stdout = r.dir, r.environment, stdout
	var complaint bytes.Buffer
	command.Stderr = &complaint
	command.WaitDelay = 5 * time.Second
	endTogether(command)
	if err := command.Run(); err != nil {
		return gitFailure{text: r.address.scrub(complaint.String())}
	}
	return nil
}

// runLimited runs a fetch and watches how much it brings: Git itself knows no limit.
func (r *repository) runLimited(ctx context.Context, arguments ...string) error {
	over := tooLarge{"more than " + inMiB(r.limits.Download)}
	watched, stop := context.WithCancelCause(ctx)
	defer stop(nil)
	go func() {
		ticker := time.NewTicker(100 * time.Millisecond)
		defer ticker.Stop()
		for r.size() <= r.limits.Download {
			select {
			case <-watched.Done():
				return
			case <-ticker.C:
			}
		}
		stop(over)
	}()
	err := r.run(watched, nil, arguments...)
	if errors.Is(context.Cause(watched), over) || r.size() > r.limits.Download {
		return over
	}
	return err
}

// size adds up what lies in the repository. Files that go while it counts do not count.
func (r *repository) size() int64 {
	var total int64
	_ = filepath.WalkDir(r.dir, func(_ string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return nil //nolint:nilerr // a temporary file of git is gone
		}
		if info, err := entry.Info(); err == nil {
			total += info.Size()
		}
		return nil
	})
	return total
}

// gitFailure is what Git said, without credentials, before it failed.
type gitFailure struct{ text string }

func (e gitFailure) Error() string { return "git: " + e.last() }

// last is the line that says most: the last that begins with fatal or error, which is
// where Git's own words are, or the last one.
func (e gitFailure) last() string {
	last := "git failed without a word"
	for line := range strings.Lines(e.text) {
		line = strings.TrimSpace(line)
		if strings.HasPrefix(line, "fatal: ") || strings.HasPrefix(line, "error: ") {
			last = line
		}
	}
	return last
}

// fullFetchHelps tells whether the server just does not hand out single commits.
func (e gitFailure) fullFetchHelps() bool {
	return strings.Contains(e.text, "unadvertised object") || strings.Contains(e.text, "does not support shallow")
}

func (e gitFailure) explanation() (rule, predicate, hint string) {
	causes := []struct{ text, what, hint string }{
		{"not our ref", "the repository does not have the commit", "look whether it was pushed, and whether it is this repository"},
		{"unable to update url base", "the repository has moved", "give the address that the server redirects to; many end in .git"},
		{"returned error: 30", "the repository has moved", "give the address that the server redirects to; many end in .git"},
		{"could not read Username", "the server asks for a sign-in", "use a repository that may be read, or fetch it by hand and give its path"},
		{"Authentication failed", "the server refuses the sign-in", "look whether its token still holds"},
		{"returned error: 403", "the server refuses the sign-in", "look whether its token still holds"},
		{"not found", "there is no such repository", "look at its spelling; some servers say so too where a sign-in is missing"},
		{"Could not resolve host", "the host has no address", "look at its spelling, and at proxy and DNS"},
		{"certificate", "the server's certificate is not trusted", "name the file with its authority in GIT_SSL_CAINFO"},
	}
	for _, cause := range causes {
		if strings.Contains(e.text, cause.text) {
			return failure{cause.what, cause.hint}.explanation()
		}
	}
	return failure{e.last(), "try again; if it stays so, fetch it by hand and give its path"}.explanation()
}
