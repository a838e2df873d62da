package charts_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// fakeOC stands in for oc: it lists the plans of a file, marks a patched plan as approved
// there, and lets the CSV succeed once its plan is approved. Every call is logged.
const fakeOC = `#!/bin/sh
echo "$*" >>"$FAKE/calls"
case "$*" in
  *"get installplans"*)
    [ ! -e "$FAKE/broken" ] || { echo 'forbidden' >&2; exit 1; }
    cat "$FAKE/plans" ;;
  *"patch installplans"*)
    plan=$5
    sed "s/^$plan|false|/$plan|true|/" "$FAKE/plans" >"$FAKE/next"
    mv "$FAKE/next" "$FAKE/plans" ;;
  *"get clusterserviceversions"*)
    [ -e "$FAKE/stuck" ] || ! grep -q "|true|$STARTING_CSV\$" "$FAKE/plans" || printf Succeeded ;;
  *"get subscriptions"*) printf 'UpgradePending no operators found' ;;
  *) echo "unexpected call: $*" >&2; exit 1 ;;
esac
`

func TestApproverApprovesOnlyThePlanItWasMadeFor(t *testing.T) {
	const wanted, other = "amqstreams.v1.8.3", "serverless.v1.20.0"
	cases := []struct {
		name    string
		plans   string
		mark    string
		cli     string
		ok      bool
		patched []string
		says    []string
	}{
		{
			name: "the exact plan is approved", plans: "install-a|false|" + wanted + "\n", cli: "oc",
			ok: true, patched: []string{"install-a"}, says: []string{"install-a installs " + wanted + " alone: approved", "is installed"},
		},
		{
			name: "kubectl does as well", plans: "install-a|false|" + wanted + "\n", cli: "kubectl",
			ok: true, patched: []string{"install-a"}, says: []string{"is installed"},
		},
		{
			name: "a plan that bundles another operator is refused", plans: "install-a|false|" + wanted + " " + other + "\n", cli: "oc",
			says: []string{"bundles other operators and is left alone: " + wanted + " " + other, "gave up after 1s", "approve it by hand"},
		},
		{
			name:  "other plans are ignored beside the exact one",
			plans: "install-x|false|" + other + "\ninstall-a|false|" + wanted + "\ninstall-y|false|amqstreams.v1.8.4\n", cli: "oc",
			ok: true, patched: []string{"install-a"}, says: []string{"install-x is for something else", "install-y is for something else"},
		},
		{
			name: "a name that only begins alike is another version", plans: "install-a|false|" + wanted + "0\n", cli: "oc",
			says: []string{"is for something else", "no InstallPlan for " + wanted + " alone has appeared"},
		},
		{
			name: "an approved plan is left as it is", plans: "install-a|true|" + wanted + "\n", cli: "oc",
			ok: true, says: []string{"already approved", "is installed"},
		},
		{
			name: "no plan at all ends in a timeout that says so", plans: "", cli: "oc",
			says: []string{"gave up after 1s: no InstallPlan for " + wanted + " alone has appeared", "UpgradePending no operators found"},
		},
		{
			name: "an approved plan that does not get on ends in a timeout", plans: "install-a|false|" + wanted + "\n", mark: "stuck", cli: "oc",
			patched: []string{"install-a"}, says: []string{"gave up after 1s: InstallPlan install-a is approved, but " + wanted + " has not succeeded"},
		},
		{
			name: "plans that cannot be listed end in a timeout", plans: "", mark: "broken", cli: "oc",
			says: []string{"gave up after 1s: the InstallPlans of freight could not be listed"},
		},
		{
			name: "an image without a client says what to change", cli: "none",
			says: []string{"set approver.image"},
		},
	}
	for _, test := range cases {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			fake := t.TempDir()
			write(t, filepath.Join(fake, "plans"), test.plans, 0o644)
			write(t, filepath.Join(fake, "calls"), "", 0o644)
			if test.mark != "" {
				write(t, filepath.Join(fake, test.mark), "", 0o644)
			}
			output, err := runApprover(t, fake, test.cli, wanted)
			if (err == nil) != test.ok {
				t.Errorf("ended with %v", err)
			}
			for _, line := range test.says {
				if !strings.Contains(output, line) {
					t.Errorf("does not say %q:\n%s", line, output)
				}
			}
			calls, err := os.ReadFile(filepath.Join(fake, "calls"))
			if err != nil {
				t.Fatal(err)
			}
			var patched []string
			for _, call := range strings.Split(string(calls), "\n") {
				if fields := strings.Fields(call); len(fields) > 4 && fields[2] == "patch" {
					patched = append(patched, fields[4])
				}
			}
			if strings.Join(patched, " ") != strings.Join(test.patched, " ") {
				t.Errorf("patched %v, want %v", patched, test.patched)
			}
		})
	}
}

// runApprover runs the script as the Job does, with the fake client and nothing but the
// few tools it needs on its path.
func runApprover(t *testing.T, fake, cli, csv string) (string, error) {
	t.Helper()
	shell := tools(t, fake, "sh", "cat", "sed", "mv", "grep", "date", "sleep")
	if cli != "none" {
		write(t, filepath.Join(fake, "bin", cli), fakeOC, 0o755)
	}
	script, err := os.ReadFile("operator/files/approver.sh")
	if err != nil {
		t.Fatal(err)
	}
	command := exec.CommandContext(t.Context(), shell, "-c", string(script))
	command.Env = []string{
		"PATH=" + filepath.Join(fake, "bin"), "FAKE=" + fake, "NAMESPACE=freight", "SUBSCRIPTION=amq-streams",
		"STARTING_CSV=" + csv, "TIMEOUT_SECONDS=1", "POLL_SECONDS=1",
	}
	output, err := command.CombinedOutput()
	return string(output), err
}

// tools links the named programs into folder/bin and returns the path of the first.
func tools(t *testing.T, folder string, names ...string) string {
	t.Helper()
	bin := filepath.Join(folder, "bin")
	if err := os.MkdirAll(bin, 0o755); err != nil {
		t.Fatal(err)
	}
	for _, name := range names {
		path, err := exec.LookPath(name)
		if err != nil {
			t.Skipf("this machine has no %s", name)
		}
		if err := os.Symlink(path, filepath.Join(bin, name)); err != nil {
			t.Fatal(err)
		}
	}
	return filepath.Join(bin, names[0])
}

// write writes one file.
func write(t *testing.T, path, text string, mode os.FileMode) {
	t.Helper()
	if err := os.WriteFile(path, []byte(text), mode); err != nil {
		t.Fatal(err)
	}
}
