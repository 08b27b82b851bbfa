list=false

usage() {
  cat <<EOF
Checks the running @noun@ of environment $environment: each documented state, with a verdict.

usage: bash verify-all.sh [options]

  --env NAME   the environment; must be $environment, which is also the default
  --list       print every check with its command and what it expects; needs no cluster
  --help       this text

A check that cannot be made says why. Exit code: 0 when nothing failed, 1 when something did, 2 when the call is not
right or there is no cluster to ask.
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
  output=$("$@" 2>&1) || status=$?
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

if ! "$list"; then
  if [ -n "$(missing kubectl)" ]; then
    no_cluster='kubectl is not installed; bash setup.sh --help says where to get it'
  else
    current=$(kubectl config current-context 2>/dev/null) || current=''
    if [ -n "$cluster" ] && [ "$current" != "kind-$cluster" ]; then
      no_cluster="the current context is ${current:-not set}, not kind-$cluster: kubectl config use-context kind-$cluster"
    elif ! kubectl --request-timeout=10s version >/dev/null 2>&1; then
      no_cluster="the cluster of context ${current:-(none)} does not answer; another one is chosen with: kubectl config use-context NAME"
    fi
  fi
  if [ -n "$no_cluster" ]; then
    printf 'error: %s\nWhat must be asked of a cluster is left out.\n' "$no_cluster" >&2
  fi
fi

