list=false

usage() {
  cat <<EOF
Checks the running @noun@ of environment $environment: each documented state, with a verdict.

usage: bash verify-all.sh [options]

  --env NAME      the environment; must be $environment, which is also the default
  --context NAME  the kubectl context of the cluster; default: ${context:-the current one}
  --list          print every check with its command and what it expects; needs no cluster
  --help          this text

It asks through
$(needs)

A check that cannot be made says why. Exit code: 0 when nothing failed, 1 when something did, 2 when the call or
a program is not right, or there is no cluster to ask.
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
    --list) list=true ;;
    -h | --help)
      usage
      exit 0
      ;;
    *) refuse "unknown argument $1; see --help" ;;
  esac
  shift
done

passed=0
failed=0
skipped=0
# Why the cluster cannot be asked, and what to do; empty when it can.
no_cluster=''
# Why a result that is not there is no failure; set for one check at a time.
lenient=''
output=''
why=''

# Pods as `kubectl get pods --no-headers` prints them: at least, at most, containers that are ready.
match_pods() {
  local count=0 name ready state rest
  while read -r name ready state rest; do
    # kubectl says so where there is none.
    [ "$name $ready" != 'No resources' ] || continue
    case $state in '' | Completed) continue ;; esac
    count=$((count + 1))
    if [ "$state" != Running ]; then
      why="$name is $state $rest"
    elif [ "$ready" != "${3:-$ready}" ] || [ "${ready%/*}" != "${ready#*/}" ]; then
      why="$name has $ready containers ready"
    fi
  done <<<"$output"
  in_range "$count" "$1" "$2" || why="$count pods"
}

# Lines that are not empty: at least, at most.
match_lines() {
  local count
  count=$(grep -c . <<<"$output") || true
  in_range "$count" "$1" "$2" || why="$count lines"
}

# Each pattern must be found.
match_patterns() {
  local pattern
  for pattern in "$@"; do
    grep -E -- "$pattern" <<<"$output" >/dev/null || why="nothing is like $pattern"
  done
}

# Each name must be a line of its own.
match_names() {
  local name
  for name in "$@"; do
    grep -xF -- "$name" <<<"$output" >/dev/null || why="$name is not there"
  done
}

match_nothing() {
  [ -z "$output" ] || why='there is something'
}

match_success() {
  :
}

in_range() {
  [ "$1" -ge "$2" ] && { [ "$3" = - ] || [ "$1" -le "$3" ]; }
}

# The next heading, printed before the first verdict below it.
heading=''

print_heading() {
  [ -z "$heading" ] || printf '\n%s\n' "$heading"
  heading=''
}

verdict() {
  print_heading
  printf '%-5s %-21s %s\n' "$1" "$2" "$3"
}

skip() {
  skipped=$((skipped + 1))
  verdict skip "$1" "$2 ($3)"
}

# ID WHAT EXPECTED NEEDS MATCHER... -- COMMAND...
check() {
  local id=$1 what=$2 expected=$3 needs=$4 absent status=0
  local -a matcher=() programs=()
  shift 4
  while [ "$1" != -- ]; do
    matcher+=("$1")
    shift
  done
  shift
  if "$list"; then
    print_heading
    printf '%s  %s\n    ' "$id" "$what"
    show "$@"
    printf '    expects %s\n' "$expected"
    return
  fi
  case $needs in
    *cluster*)
      # Said once, at the beginning.
      if [ -n "$no_cluster" ]; then
        skipped=$((skipped + 1))
        return
      fi
      ;;
  esac
  read -r -a programs <<<"${needs/cluster/kubectl}"
  absent=$(missing "${programs[@]}")
  if [ -n "$absent" ]; then
    skip "$id" "$what" "not installed:$absent"
    return
  fi
  why=''
  pin "$@"
  set -- "${pinned[@]}"
  output=$(command "$@" 2>&1) || status=$?
  if [ "$status" -ne 0 ]; then
    why="exit code $status"
  else
    "match_${matcher[0]}" "${matcher[@]:1}"
  fi
  if [ -z "$why" ]; then
    passed=$((passed + 1))
    verdict ok "$id" "$what"
  elif [ -n "$lenient" ]; then
    skip "$id" "$what" "$lenient"
  else
    failed=$((failed + 1))
    verdict FAIL "$id" "$what"
    printf '        expected  %s\n        found     %s\n        command   ' "$expected" "$why"
    show "$@"
    head -n 5 <<<"$output" | while IFS= read -r line; do printf '        | %s\n' "$line"; done
  fi
}

# The cluster that is asked, and nothing else whatever the current context is meanwhile.
find_cluster() {
  local other
  if [ -n "$(missing kubectl)" ]; then
    no_cluster='kubectl is not installed; bash setup.sh --help says where to get it'
    return
  fi
  [ -n "$context" ] || context=$(command kubectl config current-context 2>/dev/null) || context=''
  if [ -z "$context" ]; then
    no_cluster='there is no current context: choose one with --context NAME; kubectl config get-contexts lists them'
  elif ! kubectl --request-timeout=10s version >/dev/null 2>&1; then
    no_cluster="the cluster of context $context does not answer"
    if [ -n "$cluster" ]; then
      no_cluster+="; where kind has it, this makes the context: kind export kubeconfig --name $cluster"
    else
      no_cluster+='; another one is chosen with --context NAME'
    fi
  else
    # A cluster that nobody has marked is asked all the same.
    other=$(held 2>/dev/null) || other=''
    if [ -n "$other" ] && [ "$other" != "$environment" ]; then
      no_cluster="the cluster of context $context holds the @noun@ of environment $other, not $environment"
    else
      printf 'Cluster: context %s\n' "$context"
    fi
  fi
}

if ! "$list"; then
  check_versions
  find_cluster
  pin_programs
  if [ -n "$no_cluster" ]; then
    printf 'error: %s\nWhat must be asked of a cluster is left out.\n' "$no_cluster" >&2
  fi
fi

