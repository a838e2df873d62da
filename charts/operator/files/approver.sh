#!/bin/sh
# Approves the one InstallPlan that installs exactly STARTING_CSV, then waits until
# that ClusterServiceVersion has succeeded. A plan that bundles other operators, or
# that installs another version, is never touched. Running it again does no harm.
set -eu

: "${NAMESPACE:?}" "${SUBSCRIPTION:?}" "${STARTING_CSV:?}" "${TIMEOUT_SECONDS:?}" "${POLL_SECONDS:?}"

plans=installplans.operators.coreos.com
csvs=clusterserviceversions.operators.coreos.com
subscriptions=subscriptions.operators.coreos.com
columns='{range .items[*]}{.metadata.name}{"|"}{.spec.approved}{"|"}{.spec.clusterServiceVersionNames[*]}{"\n"}{end}'
said='|'
outcome="no InstallPlan for $STARTING_CSV alone has appeared"

say() { printf 'approver: %s\n' "$*"; }

# Says a line once, however often the loop comes by.
note() {
  case "$said" in *"|$*|"*) return 0 ;; esac
  said="$said$*|"
  say "$*"
}

# Looks at one InstallPlan: its name, whether it is approved, the CSVs it installs.
consider() {
  if [ "$3" = "$STARTING_CSV" ]; then
    outcome="InstallPlan $1 is approved, but $STARTING_CSV has not succeeded"
    if [ "$2" = true ]; then
      note "InstallPlan $1 installs $STARTING_CSV alone and is already approved"
    elif "$cli" -n "$NAMESPACE" patch "$plans" "$1" --type merge -p '{"spec":{"approved":true}}'; then
      note "InstallPlan $1 installs $STARTING_CSV alone: approved"
    else
      outcome="InstallPlan $1 could not be approved"
      note "$outcome; trying again"
    fi
    return 0
  fi
  case " $3 " in
    *" $STARTING_CSV "*)
      note "InstallPlan $1 bundles other operators and is left alone: $3"
      outcome="InstallPlan $1 bundles $STARTING_CSV with other operators; approve it by hand, or give the operator a namespace of its own" ;;
    *) note "InstallPlan $1 is for something else and is left alone: $3" ;;
  esac
}

if command -v oc >/dev/null 2>&1; then
  cli=oc
elif command -v kubectl >/dev/null 2>&1; then
  cli=kubectl
else
  say "the image has neither oc nor kubectl; set approver.image to one that has"
  exit 1
fi

deadline=$(($(date +%s) + TIMEOUT_SECONDS))
while :; do
  if list=$("$cli" -n "$NAMESPACE" get "$plans" -o "jsonpath=$columns"); then
    while IFS='|' read -r name approved installs; do
      [ -z "$name" ] || consider "$name" "$approved" "$installs"
    done <<PLANS
$list
PLANS
  else
    outcome="the InstallPlans of $NAMESPACE could not be listed"
  fi

  phase=$("$cli" -n "$NAMESPACE" get "$csvs" "$STARTING_CSV" --ignore-not-found -o 'jsonpath={.status.phase}' || true)
  if [ "$phase" = Succeeded ]; then
    say "$STARTING_CSV is installed"
    exit 0
  fi

  if [ "$(date +%s)" -ge "$deadline" ]; then
    say "gave up after ${TIMEOUT_SECONDS}s: $outcome (phase of the CSV: ${phase:-none})"
    state=$("$cli" -n "$NAMESPACE" get "$subscriptions" "$SUBSCRIPTION" --ignore-not-found -o 'jsonpath={.status.state} {.status.conditions[*].message}' || true)
    say "Subscription $SUBSCRIPTION says: ${state:-nothing}"
    exit 1
  fi
  sleep "$POLL_SECONDS"
done
