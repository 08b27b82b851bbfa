usage() {
  cat <<EOF
Removes the @noun@ of environment $environment.

usage: bash teardown.sh [options]

  --env NAME      the environment; must be $environment, which is also the default
  --context NAME  the kubectl context of the cluster; default: ${context:-the current one}
  --yes           do not ask
  --dry-run       print every command in order, and change nothing; needs none of the programs
  --help          this text

It needs
$(needs)

A cluster is left alone that setup.sh of this environment has not set up.
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
    --context)
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

run() {
  pin "$@"
  set -- "${pinned[@]}"
  show "$@"
  if "$dry_run"; then
    return
  fi
  command "$@" || {
    printf 'error: this command failed: ' >&2
    show "$@" >&2
    exit 1
  }
}

# Refuses a cluster that setup.sh of this environment has not set up.
check_mark() {
  local other
  other=$(held) || refuse "the cluster of context $context does not answer, so that what it holds is not known: $1"
  case $other in
    "$environment") ;;
    '') refuse "the cluster of context $context was not set up by setup.sh: $1" ;;
    *) refuse "the cluster of context $context holds the @noun@ of environment $other: call its own teardown.sh" ;;
  esac
}

remove_cluster() {
  if "$dry_run"; then
    run kind delete cluster --name "$cluster"
    return
  fi
  if ! has_cluster "$cluster"; then
    printf 'There is no cluster %s.\n' "$cluster"
    return
  fi
  check_mark "remove it by hand if it is yours to remove: kind delete cluster --name $cluster"
  run kind delete cluster --name "$cluster"
}

if ! "$dry_run"; then
  check_programs
fi
choose_cluster
if [ -z "$cluster" ] && ! "$dry_run"; then
  check_mark 'nothing is removed'
  confirm "Remove the @noun@ of environment $environment from it?"
fi

