@flags@
usage() {
  cat <<EOF
Installs the @noun@ of environment $environment, step by step. A second run changes only what differs.

usage: bash setup.sh [options]

  --env NAME     the environment; must be $environment, which is also the default
@options@  --context NAME the kubectl context of the cluster; default: ${context:-the current one}
  --yes          do not ask before a cluster is used that setup.sh has not made
  --dry-run      print every command in order, and change nothing; needs none of the programs
  --help         this text

It needs
$(needs)

Exit code: 0 when everything is installed, 1 when a command failed, 2 when the call or the machine is not right.
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
@cases@    --context)
      [ $# -ge 2 ] || refuse '--context needs a name'
      use_context "$2"
      shift
      ;;
    --context=*) use_context "${1#--context=}" ;;
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

number=0
component=''
started=$SECONDS

begin() {
  number=$1
  component=$2
  started=$SECONDS
  printf '\n[%s/%s] %s\n' "$number" "$steps" "$component"
}

finish() {
  "$dry_run" || printf '[%s/%s] %s: done in %s s\n' "$number" "$steps" "$component" "$((SECONDS - started))"
}

note() {
  printf '  # %s\n' "$1"
}

# What it is for, and the command.
run() {
  local status=0
  [ -z "$1" ] || note "$1"
  shift
  pin "$@"
  set -- "${pinned[@]}"
  printf '  '
  show "$@"
  if "$dry_run"; then
    return
  fi
  command "$@" || status=$?
  if [ "$status" -ne 0 ]; then
    {
      printf 'error: step %s (%s) stopped after %s s, exit code %s: ' \
        "$number" "$component" "$((SECONDS - started))" "$status"
      show "$@"
      printf 'Nothing was undone. Repair the cause and run setup.sh again: it goes on where something is missing.\n'
    } >&2
    exit 1
  fi
}

wait_for() {
  local before=$SECONDS what=$1
  shift
  run "waiting until $what" "$@"
  "$dry_run" || note "after $((SECONDS - before)) s"
}

# Writes down what the cluster holds, for teardown.sh and for the trees of other environments.
write_mark() {
  run 'so that everybody knows what the cluster holds' \
    kubectl create configmap "$mark" --namespace "$home" "--from-literal=environment=$environment"
}

# Takes a cluster that is there: never one of another environment, and not without a question one that nobody has marked.
take_cluster() {
  local other
  if "$dry_run"; then
    write_mark
    return
  fi
  other=$(held) || refuse "the cluster of context $context does not answer: see the message above"
  case $other in
    "$environment") ;;
    '')
      confirm "The cluster of context $context was not set up by this @noun@. Install environment $environment into it?"
      write_mark
      ;;
    *) refuse "the cluster of context $context holds the @noun@ of environment $other: remove that first, with its own teardown.sh" ;;
  esac
}

# A cluster that is there is used as it is.
create_cluster() {
  if "$dry_run"; then
    run "unless the cluster $1 is there already" kind create cluster --config "$2"
    write_mark
  elif has_cluster "$1"; then
    run "the cluster $1 is there already" kind export kubeconfig --name "$1"
    take_cluster
  else
    wait_for 'the nodes have started' kind create cluster --config "$2"
    write_mark
  fi
}

@guards@if "$dry_run"; then
  printf 'Nothing is changed. Paths are below the folder of setup.sh.\n'
else
  check_programs
  if [ -n "$cluster" ] && [ "$(missing docker podman nerdctl)" = ' docker podman nerdctl' ]; then
    refuse 'kind needs docker, podman or nerdctl'
  fi
fi
choose_cluster
if [ -z "$cluster" ]; then
  take_cluster
fi
