dry_run=false
exercises=true

usage() {
  cat <<EOF
Brings everything that the @noun@ of environment $environment takes from the Internet into one registry: images, Helm
charts, and files. Run it where the Internet and the registry can both be reached, signed in to the registry.

usage: bash mirror.sh [options] [REGISTRY]

  REGISTRY            HOST[:PORT][/PATH]; ${registry:+$registry if not given}${registry:-must be given}
  --skip-exercises    leave out the images that only exercises run
  --dry-run           print every command in order, and change nothing; needs none of the programs
  --help              this text

Exit code: 0 when everything is there, 1 when a command failed, 2 when the call or the machine is not right.
EOF
}

while [ $# -gt 0 ]; do
  case $1 in
    --skip-exercises) exercises=false ;;
    --dry-run) dry_run=true ;;
    -h | --help)
      usage
      exit 0
      ;;
    -*) refuse "unknown option $1; see --help" ;;
    *) registry=$1 ;;
  esac
  shift
done
registry=${registry%/}
case $registry in
  '') refuse 'give the registry: HOST[:PORT][/PATH]' ;;
  *://*) refuse "a registry has no scheme: ${registry#*://}" ;;
  *[!A-Za-z0-9.:/_-]*) refuse "$registry is no registry: HOST[:PORT][/PATH]" ;;
esac

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

# SOURCE NAME: the name has the component in front, and the tag behind.
image() {
  run docker pull "$1"
  run docker tag "$1" "$registry/$2"
  run docker push "$registry/$2"
}

exercise_image() {
  if "$exercises"; then
    image "$@"
  fi
}

# NAME REPOSITORY VERSION; a registry is no repository that Helm's --repo takes.
chart() {
  case $2 in
    oci://*) run helm pull "${2%/}/$1" --version "$3" --destination "$downloads" ;;
    *) run helm pull "$1" --repo "$2" --version "$3" --destination "$downloads" ;;
  esac
  run helm push "$downloads/$1-$3.tgz" "oci://$registry/$charts"
}

# URL FILE
download() {
  run curl --fail --silent --show-error --location --output "$downloads/$2" "$1"
}

if ! "$dry_run"; then
  absent=$(missing "${programs[@]}")
  [ -z "$absent" ] || refuse "not installed:$absent"
fi
run mkdir -p "$downloads"
