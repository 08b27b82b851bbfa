
dry_run=false
yes=false
# The context that every command is pinned to; the kind cluster's own where there is one.
context=${cluster:+kind-$cluster}
# Where setup.sh writes down which environment a cluster holds.
home=kube-system

# What the help says of the programs.
needs() {
  local tool name least place
  for tool in "${tools[@]}"; do
    read -r name least place <<<"$tool"
    printf '  %-10s %s or later: %s\n' "$name" "$least" "$place"
  done
}

# MAJOR.MINOR of a program as installed; nothing where it does not say.
version_of() {
  local said=''
  case $1 in
    kubectl) said=$(command kubectl version --client 2>/dev/null) || true ;;
    helm) said=$(command helm version --short 2>/dev/null) || true ;;
    *) said=$(command "$1" version 2>/dev/null) || true ;;
  esac
  if [[ $said =~ v([0-9]+)\.([0-9]+) ]]; then
    printf '%s.%s' "${BASH_REMATCH[1]}" "${BASH_REMATCH[2]}"
  fi
}

# No program that is there is known to be too old.
check_versions() {
  local tool name least place version
  for tool in "${tools[@]}"; do
    read -r name least place <<<"$tool"
    [ -z "$(missing "$name")" ] || continue
    version=$(version_of "$name")
    if [ -z "$version" ]; then
      printf 'The version of %s is not known; it must be %s or later.\n' "$name" "$least"
    elif [ "${version%.*}" -lt "${least%.*}" ] ||
      { [ "${version%.*}" -eq "${least%.*}" ] && [ "${version#*.}" -lt "${least#*.}" ]; }; then
      refuse "$name is of version $version, and must be $least or later: $place"
    fi
  done
}

# Every program is there, and none is known to be too old.
check_programs() {
  local absent
  absent=$(missing "${programs[@]}")
  if [ -n "$absent" ]; then
    needs >&2
    refuse "not installed:$absent"
  fi
  check_versions
}

# A command that goes to the one cluster, whatever the current context is then; in `pinned`.
pin() {
  case $1 in
    kubectl) pinned=(kubectl ${context:+--context "$context"} "${@:2}") ;;
    helm) pinned=(helm ${context:+--kube-context "$context"} "${@:2}") ;;
    *) pinned=("$@") ;;
  esac
}

# The same for the programs of the tree, which `bash` runs.
kubectl() { command kubectl --context "$context" "$@"; }
helm() { command helm --kube-context "$context" "$@"; }

# Says which cluster it is, before anything is done to it.
choose_cluster() {
  local server
  if [ -n "$cluster" ]; then
    printf 'Cluster: kind cluster %s, context %s\n' "$cluster" "$context"
  elif "$dry_run"; then
    context=${context:-CURRENT-CONTEXT}
    printf 'Cluster: context %s\n' "$context"
  else
    [ -n "$context" ] || context=$(command kubectl config current-context 2>/dev/null) ||
      refuse 'there is no current context: choose one with --context NAME; kubectl config get-contexts lists them'
    server=$(kubectl config view --minify -o 'jsonpath={.clusters[0].cluster.server}' 2>/dev/null) ||
      refuse "there is no context $context: kubectl config get-contexts lists them"
    printf 'Cluster: context %s, API server %s\n' "$context" "$server"
  fi
  pin_programs
}

# Programs that are called from now on go to the one cluster too.
pin_programs() {
  export context
  export -f kubectl helm
}

use_context() {
  [ -z "$cluster" ] || [ "$1" = "$context" ] || refuse "this @noun@ runs in the kind cluster $cluster: leave --context out"
  context=$1
}

# A question to the person at the keyboard, unless --yes has answered it.
confirm() {
  local answer=''
  if "$yes"; then
    return
  fi
  printf '%s [y/N] ' "$1"
  read -r answer || printf '\n'
  case $answer in
    y | Y | yes) ;;
    *) refuse 'nothing was done: answer y, or call it with --yes' ;;
  esac
}

# Whether kind has a cluster of this name. That kind cannot be asked is not an answer.
has_cluster() {
  local clusters
  clusters=$(kind get clusters) || refuse 'kind cannot say which clusters there are: see its message above'
  grep -xF -- "$1" <<<"$clusters" >/dev/null
}

# The environment that the cluster holds; nothing where nobody has written it down. Fails where the cluster does not answer.
held() {
  kubectl --request-timeout=10s get configmap "$mark" --namespace "$home" --ignore-not-found \
    -o 'jsonpath={.data.environment}'
}
