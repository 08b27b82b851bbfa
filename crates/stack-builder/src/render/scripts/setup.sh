dry_run=false
@flags@
usage() {
  cat <<EOF
Installs the @noun@ of environment $environment, step by step. A second run changes only what differs.

usage: bash setup.sh [options]

  --env NAME     the environment; must be $environment, which is also the default
@options@  --dry-run      print every command in order, and change nothing; needs none of the programs
  --help         this text

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
@cases@    --dry-run) dry_run=true ;;
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
  printf '  '
  show "$@"
  if "$dry_run"; then
    return
  fi
  "$@" || status=$?
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

# A cluster that is there is used as it is.
create_cluster() {
  if "$dry_run"; then
    run "unless the cluster $1 is there already" kind create cluster --config "$2"
  elif has_cluster "$1"; then
    run "the cluster $1 is there already" kind export kubeconfig --name "$1"
  else
    wait_for 'the nodes have started' kind create cluster --config "$2"
  fi
}

@guards@if "$dry_run"; then
  printf 'Nothing is changed. Paths are below the folder of setup.sh.\n'
else
  absent=$(missing "${programs[@]}")
  [ -z "$absent" ] || refuse "not installed:$absent"
  if [ -n "$cluster" ] && [ "$(missing docker podman nerdctl)" = ' docker podman nerdctl' ]; then
    refuse 'kind needs docker, podman or nerdctl'
  fi
fi
