dry_run=false
yes=false

usage() {
  cat <<EOF
Removes the @noun@ of environment $environment.

usage: bash teardown.sh [options]

  --env NAME   the environment; must be $environment, which is also the default
  --yes        remove the cluster even if it runs the @noun@ of another environment
  --dry-run    print every command in order, and change nothing; needs none of the programs
  --help       this text

Exit code: 0 when nothing of it is left, 1 when a command failed, 2 when the call or the machine is not right.
EOF
}

while [ $# -gt 0 ]; do
  case $1 in
    --env)
      [ $# -ge 2 ] || refuse '--env needs a name'
      is_environment "$2"
      shift
      ;;
    --env=*) is_environment "${1#--env=}" ;;
    --yes) yes=true ;;
    --dry-run) dry_run=true ;;
    -h | --help)
      usage
      exit 0
      ;;
    *) refuse "unknown argument $1; see --help" ;;
  esac
  shift
done

run() {
  show "$@"
  if "$dry_run"; then
    return
  fi
  "$@" || {
    printf 'error: this command failed: ' >&2
    show "$@" >&2
    exit 1
  }
}

# The environment whose @noun@ runs in the cluster; nothing where it cannot be asked.
running() {
  kubectl --context "kind-$cluster" --request-timeout=10s get namespace "$namespace" \
    -o 'jsonpath={.metadata.labels.env}' 2>/dev/null || true
}

remove_cluster() {
  local other
  if "$dry_run"; then
    run kind delete cluster --name "$cluster"
    return
  fi
  if ! has_cluster "$cluster"; then
    printf 'There is no cluster %s.\n' "$cluster"
    return
  fi
  other=$(running)
  if [ -n "$other" ] && [ "$other" != "$environment" ] && ! "$yes"; then
    refuse "the cluster $cluster runs the @noun@ of environment $other: call its own teardown.sh, or add --yes"
  fi
  run kind delete cluster --name "$cluster"
}

if ! "$dry_run"; then
  absent=$(missing "${programs[@]}")
  [ -z "$absent" ] || refuse "not installed:$absent"
fi

